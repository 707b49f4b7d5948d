"""Tests of acts, and of where they meet technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.act_features import official_title
from classifier.measuring import measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _strengths(reading: Reading) -> dict[str, float]:
    return measure(reading).strengths()


def test_the_span_of_an_official_title(read: Callable[..., Reading]) -> None:
    """Evidence points at the form itself."""
    reading = read("上海市政府关于印发元宇宙行动方案的通知")
    span = official_title(reading)
    assert span is not None
    assert reading.title[slice(*span)] == "关于印发元宇宙行动方案的通知"


@pytest.mark.parametrize(
    ("title", "text", "feature"),
    [
        ("SEC sues a token exchange", "", "act.title"),
        ("What a day", "The SEC sued a token exchange on Monday.", "act.opening"),
        ("What a day", "It rained. The SEC sued a token exchange on Monday.", "act.lead"),
        ("What a day", f"{'It rained. ' * 70}The SEC sued a token exchange on Monday.", "act.body"),
        ("What a day", "It rained.", "no-act"),
    ],
)
def test_the_best_placed_act_counts(title: str, text: str, feature: str, read: Callable[..., Reading]) -> None:
    """One act counts, at its best place."""
    found = _strengths(read(title, text))
    assert [name for name in found if name.startswith("act.") or name == "no-act"] == [feature]


def test_a_second_act_counts_apart(read: Callable[..., Reading]) -> None:
    """An act that the text tells again is a little more."""
    assert "act.another" in _strengths(read("SEC sues a token exchange", "The SEC sued it on Monday."))


def test_authority_and_subject_together_count_without_a_verb(read: Callable[..., Reading]) -> None:
    """`SEC on tokens` has no act that the lexicon knows, and yet both names."""
    found = _strengths(read("The SEC and stablecoins"))
    assert found["named.authority-title"] > 0
    assert "named.authority-title" not in _strengths(read("The SEC and pensions"))


def test_listed_technologies_meet_the_act_less_closely(read: Callable[..., Reading]) -> None:
    """One name of a long list is hardly what the act is about."""
    subject = _strengths(read("早间", "国务院印发区块链规划。"))["joined.opening"]
    listed = _strengths(read("早间", "国务院印发规划，涉及旅游、农业、区块链、深海、医疗、物流。"))["joined.opening"]
    assert listed < subject


def test_acts_on_technology_throughout_are_counted(read: Callable[..., Reading]) -> None:
    """A text in which one clause after the other acts on it is full of it."""
    assert _strengths(read("早间", "工信部印发区块链规划。网信办发布区块链办法。"))["joined.often"] > 0
    assert "joined.often" not in _strengths(read("早间", "工信部印发区块链规划。天气晴。"))
