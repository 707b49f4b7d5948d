"""Tests of counter-vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from classifier.signals import find_signals
from classifier.weights import BELIEFS
from core.classification import Zone
from core.lexicon import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.evidence import Measure
    from classifier.reading import Reading


def _signals(reading: Reading) -> list[Measure]:
    return list(find_signals(reading, [find_deed(reading, clause) for clause in reading.clauses]))


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
    assert sum(BELIEFS[one.feature].weight * one.strength for one in _signals(read(title))) <= -1.0


def test_every_signal_is_a_feature() -> None:
    """A concept of the lexicon can carry any signal."""
    assert {f"signal.{signal}.{zone}" for signal in SIGNALS for zone in ("title", "lead")} <= BELIEFS.keys()


def test_a_signal_counts_once_a_zone(read: Callable[..., Reading]) -> None:
    """Three words for one thing are one signal."""
    found = _signals(read("股价大涨收盘涨停"))
    assert len(found) == 1


def test_lead_signals_grow_with_mentions(read: Callable[..., Reading]) -> None:
    """One word in passing says little; three set the tone."""
    once = _signals(read("标题", "股价平稳。"))[0].strength
    often = _signals(read("标题", "股价大涨，行情火热，涨停潮起。"))[0].strength
    assert often == 1.0
    assert once == pytest.approx(often / 3)


def test_what_authorities_do_to_companies_is_spared(read: Callable[..., Reading]) -> None:
    """`SEC sues founder` speaks of a company because it must."""
    assert _signals(read("SEC起诉交易所创始人"))[0].strength < _signals(read("交易所创始人谈未来"))[0].strength


def test_body_signals_are_bounded(read: Callable[..., Reading]) -> None:
    """A body full of prices is no more than full."""
    reading = read("标题", "开头一句。" * 60 + "股价大涨，行情火热，涨停。" * 50)
    body = [one for one in _signals(reading) if one.places[0].zone is Zone.BODY]
    assert [(one.feature, one.strength) for one in body] == [("signal.body", 1.0)]
