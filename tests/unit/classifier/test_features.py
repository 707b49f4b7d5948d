"""Tests of what is measured of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.features import is_enumerated
from classifier.measuring import measure
from classifier.weights import FEATURES
from core.classification import Zone
from core.lexicon import ConceptKind
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def _strengths(reading: Reading) -> dict[str, float]:
    return measure(reading).strengths()


def test_official_title_with_a_technology(read: Callable[..., Reading]) -> None:
    """A paper named after a technology has act, technology, and both in one."""
    found = _strengths(read("上海市人民政府办公厅关于印发《上海市元宇宙行动方案》的通知"))
    assert found["technology.title"] == 1.0
    assert found["official-title"] == 1.0
    assert found["joined.title"] == 1.0


@pytest.mark.parametrize(
    "title",
    [
        "关于印发《某某管理办法》的通知",
        "国务院关于加强数字政府建设的指导意见",
        "上海市低空经济行动方案（2024—2027年）",
        "北京市人工智能若干措施",
        "《工业和信息化部关于某事的通知》解读",
        "上海市人民政府办公厅关于印发《上海市数字化...",
    ],
)
def test_forms_of_official_titles(title: str, read: Callable[..., Reading]) -> None:
    """The forms that authorities give their papers are recognised, also where a list cut them off."""
    assert measure(read(title)).is_official


@pytest.mark.parametrize("title", ["Web3入门指南", "比特币大涨", "Guidelines on AI", "某公司发布新品"])
def test_other_titles_are_not_official(title: str, read: Callable[..., Reading]) -> None:
    """A bare ending needs an authority or place; English has no such form."""
    assert not measure(read(title)).is_official


def test_official_title_on_something_else(read: Callable[..., Reading]) -> None:
    """A paper whose title names no technology is on something else."""
    found = _strengths(read("关于推进茶产业发展的若干意见", "鼓励茶企使用区块链溯源。"))
    assert found["title-on-other"] == 1.0


def test_headline_on_something_else(read: Callable[..., Reading]) -> None:
    """A headline that tells who issues what is on that, unless the lead's first clause brings a technology in."""
    text = "The plan was released Monday. Rinks may use artificial intelligence."
    other = _strengths(read("China issues action plan to boost winter sports", text))
    assert 0 < other["title-on-other"] < 1
    tease = _strengths(read("China issues action plan for its factories", "Artificial intelligence is its core."))
    assert "title-on-other" not in tease
    vague = _strengths(read("Winter sports boom", text))
    assert "title-on-other" not in vague


def test_nothing_found(read: Callable[..., Reading]) -> None:
    """Neither technology nor act: both absences are told."""
    found = _strengths(read("今日天气晴"))
    assert found == {"no-technology": 1.0, "no-act": 1.0, "form.title-only": 1.0}


def test_enumeration(read: Callable[..., Reading]) -> None:
    """One item of a longer list is enumerated; a subject is not."""
    reading = read("T标题", "发展旅游、农业、区块链、深海等产业。区块链平台开通。")
    listed, subject = reading.zone(Zone.LEAD)
    assert is_enumerated(reading, listed, listed.of(ConceptKind.TECHNOLOGY)[0])
    assert not is_enumerated(reading, subject, subject.of(ConceptKind.TECHNOLOGY)[0])


def test_enumerated_only_counts_against(read: Callable[..., Reading]) -> None:
    """A technology that is only ever listed is not the subject."""
    found = _strengths(read("海南发布总体方案", "扶持旅游、热带农业、深海科研、物联网、区块链、数字贸易等。"))
    assert found["technology.enumerated"] == 1.0


def test_in_passing_counts_against(read: Callable[..., Reading]) -> None:
    """One clause of many makes no subject."""
    text = "国务院印发旅游规划。景区要限流。" + "门票要预约。" * 6 + "鼓励景区使用区块链。"
    assert _strengths(read("国务院印发旅游规划", text))["technology.passing"] > 0.5


def test_act_in_title_on_technology_in_lead(read: Callable[..., Reading]) -> None:
    """Headline and lead count together when one has the act and the other the technology."""
    found = _strengths(read("十部门联合下发通知", "虚拟货币交易被全面叫停。虚拟货币广告下架。"))
    assert found["joined.act-title"] > 0


def test_act_in_the_lead_on_technology_in_title(read: Callable[..., Reading]) -> None:
    """The other way round as well."""
    found = _strengths(read("Avatars as an industry", "Beijing's municipal government has issued an action plan."))
    assert found["joined.act-lead"] > 0.5


def test_document_context(read: Callable[..., Reading]) -> None:
    """Voice, number and a named paper each add their weight."""
    reading = read("通知", "《某某办法》已印发。", voice=Voice.AUTHORITY, document_numbers=("沪府办发〔2023〕1号",))
    found = _strengths(reading)
    assert found["authority-voice"] == found["document-number"] == found["document-title"] == 1.0


@pytest.mark.parametrize(
    ("title", "text", "context"),
    [
        ("市政府关于印发《上海市元宇宙行动方案》的通知", "各区：现印发给你们。" * 20, {"voice": Voice.AUTHORITY}),
        ("SEC sues founder of token exchange", "The regulator said in 2021 that tokens are securities. " * 9, {}),
        ("一周要闻：我们为何看好Web3？某公司融资5亿元", "股价大涨，行情火热。" * 40, {}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_every_measure_is_known_once_and_within_bounds(
    title: str, text: str, context: dict[str, object], read: Callable[..., Reading]
) -> None:
    """A model can weigh whatever is measured: each feature is known, comes once, and has a strength of 0 to 1."""
    measures = measure(read(title, text, **context)).measures
    names = [one.feature for one in measures]
    assert set(names) <= set(FEATURES)
    assert len(names) == len(set(names))
    assert all(0 < one.strength <= 1 and one.places for one in measures)
