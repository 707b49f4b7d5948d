"""Tests of the one sentence that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.actors import find_deed
from classifier.reasons import explain_flag, explain_pass, topic_name
from core.classification import ACTS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _reason(reading: Reading, *, act: str, jurisdiction: str | None, place: str = "") -> str:
    deeds = tuple(find_deed(reading, clause) for clause in reading.clauses)
    return explain_flag(reading, deeds, act=act, jurisdiction=jurisdiction, place=place, topics=("web3", "metaverse"))


def test_names_who_what_and_about(read: Callable[..., Reading]) -> None:
    """Authority in English, the act, the topics."""
    reading = read("上海市科委印发行动方案")
    assert _reason(reading, act="plan", jurisdiction="cn-sh") == (
        "Shanghai Science and Technology Commission issues an action plan on Web3, metaverse."
    )


def test_falls_back_to_place_issuer_and_anybody(read: Callable[..., Reading]) -> None:
    """Somebody always acts."""
    plan = _reason(read("上海：三年计划"), act="plan", jurisdiction="cn-sh", place="Shanghai")
    assert plan == "Shanghai issues a development plan on Web3, metaverse."
    assert _reason(read("通知", issuer="某局"), act="notice", jurisdiction=None).startswith("某局 issues a notice")
    assert _reason(read("通知"), act="notice", jurisdiction="cn").startswith("An authority issues")


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_a_phrase(act: str, read: Callable[..., Reading]) -> None:
    """No kind of act is left without words."""
    assert _reason(read("通知"), act=act, jurisdiction=None).endswith(" Web3, metaverse.")


def test_topic_names_are_words() -> None:
    """Ids become running text."""
    assert [topic_name(topic) for topic in ("ai", "low-altitude", "6g")] == ["AI", "low altitude", "6G"]
    assert all(topic_name(topic) for topic in TOPICS)


@pytest.mark.parametrize(
    ("has_technology", "has_act", "counter", "start"),
    [
        (False, True, "", "Names no emerging technology"),
        (True, False, "", "Names an emerging technology, but no act"),
        (True, True, "other news (涨停)", "Speaks of a technology, but reads like other news (涨停)"),
        (True, True, "", "Act and technology do not belong together"),
    ],
)
def test_why_not(has_technology: bool, has_act: bool, counter: str, start: str) -> None:
    """The first thing that is missing is told."""
    assert explain_pass(has_technology=has_technology, has_act=has_act, counter=counter).startswith(start)
