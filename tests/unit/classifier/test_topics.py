"""Tests of topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from classifier.topics import find_topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _topics(reading: Reading) -> tuple[str, ...]:
    return find_topics(reading, tuple(find_deed(reading, clause) for clause in reading.clauses))


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("关于印发《区块链行动方案》的通知", ("blockchain",)),
        ("元宇宙与Web3行动方案发布", ("web3", "metaverse")),
        ("數碼港元試驗計劃", ("cbdc",)),
        ("关于防范NFT风险的倡议", ("nft",)),
        ("Hong Kong passes stablecoin bill", ("stablecoin",)),
        ("脑机接口实施意见", ("brain-computer",)),
        ("天气预报", ()),
    ],
)
def test_topics_of_titles(title: str, topics: tuple[str, ...], read: Callable[..., Reading]) -> None:
    """A title's technologies are its topics."""
    assert _topics(read(title)) == topics


def test_passing_mentions_are_no_topics(read: Callable[..., Reading]) -> None:
    """What a text lists at its end is not what its act is about."""
    text = "国家网信办公布办法。" + "办法规定服务提供者的义务。" * 30 + "涉及芯片、机器人、量子等领域的，从其规定。"
    assert _topics(read("生成式人工智能服务管理办法公布", text)) == ("ai",)


def test_plans_under_an_umbrella_count_their_text(read: Callable[..., Reading]) -> None:
    """Under a title of future industries the text's technologies are topics."""
    text = "方案自印发之日起实施。" * 20 + "重点发展脑机接口和量子科技。推进量子科技攻关，支持脑机接口临床。"
    found = _topics(read("未来产业集群行动方案", text))
    assert {"advanced-manufacturing", "brain-computer", "quantum"} <= set(found)


def test_umbrella_plans_keep_the_technologies_they_name(read: Callable[..., Reading]) -> None:
    """A manufacturing plan that names blockchain, Web3 and the metaverse in its lead is about them too."""
    text = "上海市政府办公厅印发制造业行动计划，提出加快区块链底层技术布局，支持Web3.0技术研究，推动元宇宙落地。"
    found = _topics(read("上海：制造业高质量发展三年行动计划公布", text))
    assert {"blockchain", "web3", "metaverse"} <= set(found)
    assert "advanced-manufacturing" in found


def test_a_single_push_in_the_body_of_an_umbrella_plan_is_a_topic(read: Callable[..., Reading]) -> None:
    """What a manufacturing plan says to speed up once, far down, is a task of it; what it lists is none."""
    text = (
        "计划自印发之日起施行，各区抓好落实。" * 20
        + "重点任务：加快区块链底层技术布局。其他领域包括量子、机器人、6G等。"
    )
    found = _topics(read("制造业高质量发展三年行动计划公布", text))
    assert "blockchain" in found
    assert "6g" not in found


def test_a_headline_has_room_for_two(read: Callable[..., Reading]) -> None:
    """What the lead names in one breath with the headline's two topics is a topic too."""
    lead = "The plan is to lay out blockchain, study Web3 and bring the metaverse to factories."
    assert "blockchain" in _topics(read("Shanghai unveils plan backing metaverse, Web3", lead))
    apart = "The plan is to study Web3. It also speaks of the metaverse. Elsewhere chips are made."
    assert "chips" not in _topics(read("Shanghai unveils plan backing metaverse, Web3", apart))
