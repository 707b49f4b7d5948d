"""Tests of what adds to the log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.features import find_features, is_enumerated
from classifier.weights import Weights
from core.classification import Zone
from core.lexicon import ConceptKind
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading

W = Weights()


def _contributions(reading: Reading) -> dict[str, float]:
    return {part.concept: part.contribution for part in find_features(reading, W).evidence}


def test_official_title_with_a_technology(read: Callable[..., Reading]) -> None:
    """A paper named after a technology has act, technology, and both in one."""
    found = _contributions(read("上海市人民政府办公厅关于印发《上海市元宇宙行动方案》的通知"))
    assert found["tech.metaverse"] == W.technology_in_title
    assert found["pattern.official-title"] == W.official_title
    assert found["pattern.act-on-technology"] == W.act_on_technology_in_title


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
    assert find_features(read(title), W).is_official


@pytest.mark.parametrize("title", ["Web3入门指南", "比特币大涨", "Guidelines on AI", "某公司发布新品"])
def test_other_titles_are_not_official(title: str, read: Callable[..., Reading]) -> None:
    """A bare ending needs an authority or place; English has no such form."""
    assert not find_features(read(title), W).is_official


def test_official_title_on_something_else(read: Callable[..., Reading]) -> None:
    """A paper whose title names no technology is on something else."""
    found = _contributions(read("关于推进茶产业发展的若干意见", "鼓励茶企使用区块链溯源。"))
    assert found["pattern.title-on-other"] == W.title_on_other


def test_headline_on_something_else(read: Callable[..., Reading]) -> None:
    """A headline that tells who issues what is on that, unless the lead's first clause brings a technology in."""
    text = "The plan was released Monday. Rinks may use artificial intelligence."
    other = _contributions(read("China issues action plan to boost winter sports", text))
    assert W.title_on_other < other["pattern.title-on-other"] < 0
    tease = _contributions(read("China issues action plan for its factories", "Artificial intelligence is its core."))
    assert "pattern.title-on-other" not in tease
    vague = _contributions(read("Winter sports boom", text))
    assert "pattern.title-on-other" not in vague


def test_nothing_found(read: Callable[..., Reading]) -> None:
    """Neither technology nor act: both absences are told."""
    found = _contributions(read("今日天气晴"))
    assert found == {"pattern.no-technology": W.no_technology, "pattern.no-act": W.no_act}


def test_enumeration(read: Callable[..., Reading]) -> None:
    """One item of a longer list is enumerated; a subject is not."""
    reading = read("T标题", "发展旅游、农业、区块链、深海等产业。区块链平台开通。")
    listed, subject = reading.zone(Zone.LEAD)
    assert is_enumerated(reading, listed, listed.of(ConceptKind.TECHNOLOGY)[0])
    assert not is_enumerated(reading, subject, subject.of(ConceptKind.TECHNOLOGY)[0])


def test_enumerated_only_counts_against(read: Callable[..., Reading]) -> None:
    """A technology that is only ever listed is not the subject."""
    found = _contributions(read("海南发布总体方案", "扶持旅游、热带农业、深海科研、物联网、区块链、数字贸易等。"))
    assert found["pattern.enumerated-only"] == W.technology_enumerated


def test_in_passing_counts_against(read: Callable[..., Reading]) -> None:
    """One clause of many makes no subject."""
    text = "国务院印发旅游规划。景区要限流。" + "门票要预约。" * 6 + "鼓励景区使用区块链。"
    assert _contributions(read("国务院印发旅游规划", text))["pattern.in-passing"] < 0


def test_act_in_title_on_technology_in_lead(read: Callable[..., Reading]) -> None:
    """Headline and lead count together when one has the act and the other the technology."""
    found = _contributions(read("十部门联合下发通知", "虚拟货币交易被全面叫停。虚拟货币广告下架。"))
    assert found["pattern.act-on-technology"] > W.act_on_technology_in_body


def test_act_in_the_lead_on_technology_in_title(read: Callable[..., Reading]) -> None:
    """The other way round as well."""
    found = _contributions(read("Avatars as an industry", "Beijing's municipal government has issued an action plan."))
    assert found["pattern.act-on-technology"] > 0.5


def test_document_context(read: Callable[..., Reading]) -> None:
    """Voice, number and a named paper each add their weight."""
    reading = read("通知", "《某某办法》已印发。", voice=Voice.AUTHORITY, document_numbers=("沪府办发〔2023〕1号",))
    found = _contributions(reading)
    assert found["pattern.authority-voice"] == W.authority_voice
    assert found["pattern.document-number"] == W.document_number
    assert found["pattern.document-title"] == W.document_named
