"""Tests of how a document is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from classifier.measuring import measure
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _strengths(reading: Reading) -> dict[str, float]:
    return measure(reading).strengths()


@pytest.mark.parametrize(
    ("feature", "with_it", "without"),
    [
        ("form.question", "Why is Beijing betting on robots", "Beijing bets on robots"),
        ("form.question", "机器人如何养老？", "机器人养老"),
        ("form.figures", "融资5亿元", "完成融资"),
        ("form.digest", "早报：今日要点", "今日要点"),
        ("form.first-person", "Our view of rules", "A view of rules"),
        ("form.other-actor", "某科技公司谈监管", "工信部谈监管"),
        ("norm.title", "Brokers must register", "Brokers register"),
        ("form.latin", "A title", "一个标题"),
    ],
)
def test_forms_of_titles(feature: str, with_it: str, without: str, read: Callable[..., Reading]) -> None:
    """Each form is seen where it is, and only there."""
    assert feature in _strengths(read(with_it))
    assert feature not in _strengths(read(without))


def test_a_title_without_a_text(read: Callable[..., Reading]) -> None:
    """List rows have a title only, and say so."""
    assert "form.title-only" in _strengths(read("标题", "无"))
    assert "form.title-only" not in _strengths(read("标题", "一段话。" * 20))


def test_norms_of_the_lead_grow(read: Callable[..., Reading]) -> None:
    """One duty may be anybody's; two make a rule."""
    once = _strengths(read("T", "平台应当登记。天气晴。"))["norm.lead"]
    twice = _strengths(read("T", "平台应当登记。机构不得代办。"))["norm.lead"]
    assert 0 < once < twice == 1.0


def test_quoted_speech(read: Callable[..., Reading]) -> None:
    """A lead that somebody speaks is measured by its share."""
    assert _strengths(read("T", "他说：“监管应当更加明确一些。”"))["form.quoted"] > 0.5


@pytest.mark.parametrize(
    ("text", "is_past"),
    [
        ("China banned mining in 2021.", True),
        ("Last year China banned mining.", True),
        ("China banned mining on Monday.", False),
        ("China banned mining in 2025.", False),
    ],
)
def test_old_acts(text: str, is_past: bool, read: Callable[..., Reading]) -> None:
    """A year before the item's own, or words for the past, make the act an old one."""
    reading = read("A story", text, published_at=datetime(2025, 5, 1, tzinfo=UTC))
    assert ("form.past" in _strengths(reading)) is is_past


def test_compilations(read: Callable[..., Reading]) -> None:
    """Many papers, years and authorities make a survey, not a report of one act."""
    text = (
        "2021年上海市政府印发《元宇宙行动方案》。2022年北京市政府印发《数字人行动方案》。"
        "2023年广东省政府印发《低空行动方案》。2024年浙江省政府印发《算力行动方案》。"
    )
    found = _strengths(read("盘点", text))
    assert {"many.papers", "many.years", "many.actors"} <= found.keys()
    assert not {"many.papers", "many.years", "many.actors"} & _strengths(read("盘点", text[:24])).keys()


def test_an_authority_speaks_of_technology(read: Callable[..., Reading]) -> None:
    """What stands on its own page under such a title is its business; the press may write what it likes."""
    title = "Artificial intelligence and children"
    assert "authority-voice.on-technology" in _strengths(read(title, voice=Voice.AUTHORITY))
    assert "authority-voice.on-technology" not in _strengths(read(title, voice=Voice.PRESS))
    assert "authority-voice.on-technology" not in _strengths(read("Swimming pools", voice=Voice.AUTHORITY))
