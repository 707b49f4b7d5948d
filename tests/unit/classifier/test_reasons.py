"""Tests of the one sentence that says why."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from classifier.actors import find_deed
from classifier.reasons import explain_flag, explain_pass, topic_name
from core.classification import ACTS, TOPICS, Classification, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _answer(**fields: Any) -> Classification:
    defaults: dict[str, Any] = {
        "relevant": True, "score": 0.9, "topics": ("web3", "metaverse"), "jurisdiction": "cn-sh", "act": "plan",
        "evidence": (), "documents": (), "document_numbers": (), "reason": "", "classifier": "",
    }  # fmt: skip
    return Classification(**{**defaults, **fields})


def _reason(reading: Reading, *, place: str = "", issuer: str = "", **fields: Any) -> str:
    deeds = tuple(find_deed(reading, clause) for clause in reading.clauses)
    return explain_flag(reading, deeds, _answer(**fields), place=place, issuer=issuer)


def test_names_who_what_and_about(read: Callable[..., Reading]) -> None:
    """Authority and paper in English, and what the title names."""
    assert _reason(read("上海市科委印发行动方案")) == (
        "Shanghai Science and Technology Commission issues an action plan naming Web3, metaverse."
    )
    assert _reason(read("上海市科委印发元宇宙行动方案")) == (
        "Shanghai Science and Technology Commission issues an action plan on metaverse."
    )


def test_falls_back_to_place_issuer_and_nobody(read: Callable[..., Reading]) -> None:
    """Somebody acts where somebody is known in English; else it is told of nobody."""
    plan = _reason(read("上海：行动方案"), place="Shanghai")
    assert plan == "Shanghai issues an action plan naming Web3, metaverse."
    notice: dict[str, Any] = {"act": "notice", "jurisdiction": None}
    assert _reason(read("通知"), issuer="Data Bureau", **notice) == "Data Bureau issues a notice on Web3, metaverse."
    assert _reason(read("通知"), issuer="某局", **notice) == "A notice on Web3, metaverse is issued."


def test_local_bodies_are_named_with_their_place(read: Callable[..., Reading]) -> None:
    """A sort of local body of a province is that province's; one of a country is nobody's."""
    told = _reason(read("市人民政府印发元宇宙行动方案"), place="Shanghai")
    assert told == "Shanghai government issues an action plan on metaverse."
    assert _reason(read("市人民政府印发元宇宙行动方案"), place="Japan", jurisdiction="jp").startswith("Japan issues")
    assert _reason(read("市科委印发元宇宙行动方案"), place="Ningbo").startswith("Ningbo ")


def test_countries_and_counted_things(read: Callable[..., Reading]) -> None:
    """Abbreviated countries lose their stops and get an article; things that are counted stand in the plural."""
    told = _reason(read("关于人形机器人的通知"), act="notice", jurisdiction="us", place="U.S.", topics=("robotics",))
    assert told == "The US issues a notice on humanoid robots."


def test_tells_stage_and_days(read: Callable[..., Reading]) -> None:
    """A draft asks for comments until a day; what applies does so from a day; papers are amended and repealed."""
    draft: dict[str, Any] = {"act": "draft", "stage": Stage.DRAFT, "comments_until": date(2025, 8, 10)}
    assert _reason(read("上海市科委就区块链管理办法征求意见"), **draft).endswith(
        "seeks comments on draft administrative measures naming Web3, metaverse until 10 August 2025."
    )
    rule: dict[str, Any] = {"act": "rule", "stage": Stage.IN_FORCE, "effective_on": date(2026, 1, 1)}
    assert _reason(read("上海市科委发布新规"), **rule).endswith(
        "sets rules naming Web3, metaverse, in force from 1 January 2026."
    )
    assert "amends an action plan" in _reason(read("上海市科委修改行动方案"), stage=Stage.AMENDED)
    assert "repeals a notice" in _reason(read("上海市科委废止通知"), act="notice", stage=Stage.REPEALED)
    assert _reason(read("行动方案"), jurisdiction=None, stage=Stage.DRAFT) == (
        "Comments are sought on a draft action plan naming Web3, metaverse."
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", [None, *Stage])
@pytest.mark.parametrize("title", ["上海市科委：通知", "某某公司动态", "SEC. What now?\nNothing", "印发《办法》"])
def test_every_act_makes_a_sentence(act: str, stage: Stage | None, title: str, read: Callable[..., Reading]) -> None:
    """Whatever the act, the stage and the title: one sentence of English that ends in a full stop."""
    for jurisdiction, topics in (("cn-sh", ("web3",)), (None, ())):
        told = _reason(read(title), act=act, stage=stage, jurisdiction=jurisdiction, topics=topics, issuer="某\n局")
        assert re.fullmatch(r"[A-Z][ -~]+[^.]\.", told)
        assert ". " not in told


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
