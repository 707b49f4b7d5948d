"""Tests of counter-vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from classifier.signals import find_signals
from classifier.weights import Weights
from core.classification import Zone
from core.lexicon import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading
    from core.classification import Evidence

W = Weights()


def _signals(reading: Reading) -> list[Evidence]:
    return list(find_signals(reading, [find_deed(reading, clause) for clause in reading.clauses], W))


@pytest.mark.parametrize(
    "title",
    [
        "区块链概念股涨停",
        "某公司完成A轮融资",
        "服务器采购项目招标公告",
        "机器人编程大赛",
        "技能培训班开班",
        "诚聘工程师",
        "领导赴企业调研",
        "观点｜谁来监管",
        "博览会开幕",
        "男子盗窃被抓获",
        "赞助内容",
        "Bitcoin rallies",
        "Series B funding round",
    ],
)
def test_counter_vocabulary_in_titles_counts_against(title: str, read: Callable[..., Reading]) -> None:
    """Each sort of other news is seen in a title."""
    assert sum(part.contribution for part in _signals(read(title))) <= -1.0


def test_every_signal_has_weights() -> None:
    """A concept of the lexicon can carry any signal."""
    assert set(W.signal_in_title) == set(W.signal_in_lead) == set(SIGNALS)


def test_a_signal_counts_once_a_zone(read: Callable[..., Reading]) -> None:
    """Three words for one thing are one signal."""
    found = _signals(read("股价大涨收盘涨停"))
    assert len(found) == 1


def test_lead_signals_grow_with_mentions(read: Callable[..., Reading]) -> None:
    """One word in passing says little; three set the tone."""
    once = _signals(read("标题", "股价平稳。"))[0].contribution
    often = _signals(read("标题", "股价大涨，行情火热，涨停潮起。"))[0].contribution
    assert often == W.signal_in_lead["price"]
    assert once == pytest.approx(often / 3)


def test_what_authorities_do_to_companies_is_spared(read: Callable[..., Reading]) -> None:
    """`SEC sues founder` speaks of a company because it must."""
    assert _signals(read("SEC起诉交易所创始人"))[0].contribution > _signals(read("交易所创始人谈未来"))[0].contribution


def test_body_signals_are_bounded(read: Callable[..., Reading]) -> None:
    """A body full of prices adds no more than its weight."""
    reading = read("标题", "开头一句。" * 60 + "股价大涨，行情火热，涨停。" * 50)
    body = [part for part in _signals(reading) if part.zone is Zone.BODY]
    assert [part.contribution for part in body] == [W.signal_in_body]
