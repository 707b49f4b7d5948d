"""Tests of the English gloss of Chinese titles."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.gloss import LEAST_KNOWN, Glosser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.lexicon import Lexicon

HAN = re.compile(r"[\u3400-\u9fff]")
CORPORA = Path(__file__).resolve().parents[4] / "shared" / "captures" / "corpora"


@pytest.fixture(scope="module")
def glosser(lexicon: Lexicon) -> Glosser:
    """Glosser by the shipped lexicon."""
    return Glosser(lexicon)


@pytest.mark.parametrize(
    ("title", "gloss"),
    [
        (
            "国务院办公厅关于加快电子商务发展的若干意见",
            "General Office of the State Council: several opinions on speeding up e-commerce development",
        ),
        (
            "关于印发《促进机器人产业高质量发展若干措施》的通知",
            "Notice on issuing “Several measures to promote robot industry high-quality development”",
        ),
        (
            "深圳市推动区块链产业发展三年行动计划（2023—2025年）",
            "Shenzhen three-year action plan to promote blockchain industrial development (2023–2025)",
        ),
        ("自动驾驶运输服务指引（试行）", "Guidance on autonomous driving transport services (trial)"),
        ("两部门关于公布试点城市名单的通知", "Two departments: notice on publishing list of pilot cities"),
        ("关于废止暂行办法的公告", "Announcement on repealing interim measures"),
        (
            "关于公开征求《算力标准（征求意见稿）》意见的公告",
            "Announcement on seeking comments on “Standard for computing power (draft for comment)”",
        ),
        ("国务院关于同意将高新区升级的批复", "State Council: reply on agreeing to high-tech zone upgrading"),
        (
            "关于印发上海市促进大数据发展实施方案的通知",
            "Notice on issuing Shanghai implementation plan to promote big data development",
        ),
        ("《办法》", "“Measures”"),
    ],
)
def test_papers(glosser: Glosser, title: str, gloss: str) -> None:
    """The usual forms of papers come out in English order."""
    assert glosser.gloss(title) == gloss


@pytest.mark.parametrize(
    ("title", "gloss"),
    [
        ("深圳发布低空经济行动方案", "Shenzhen issues action plan for low-altitude economy"),
        (
            "香港金管局就穩定幣監管制度展開諮詢",
            "Hong Kong Monetary Authority seeks comments on stablecoin regulatory regime",
        ),
        ("北京出台30条措施支持机器人产业", "Beijing issues 30 measures to support robot industry"),
        ("推进30亿元算力基金", "Advance 3 billion yuan computing power funds"),
        ("国家标准发布", "National standards are issued"),
        ("总统签署", "President signs"),
        ("第三批试点城市名单公布", "3rd batch pilot city list is published"),
        ("十五部门：推进5G", "Fifteen departments: advance 5G"),
        ("上海将推动人工智能产业发展", "Shanghai will promote AI industrial development"),
        ("11月1日起施行", "From 1 November takes effect"),
    ],
)
def test_headlines(glosser: Glosser, title: str, gloss: str) -> None:
    """Verbs agree with who acts, numbers and days are English."""
    assert glosser.gloss(title) == gloss


def test_the_unknown_stays(glosser: Glosser) -> None:
    """What is not known is left in Chinese, and too much of it leaves no gloss; the share is told."""
    made = glosser.measure("关于发布甪鱻麤的通知")
    assert made.text == "Notice on issuing 甪鱻麤"
    assert made.known == pytest.approx(0.7)
    assert glosser.gloss("关于甪鱻麤龘靐齉齾的通知") == ""
    assert glosser.gloss("关于發佈甪鱻麤的通知") == "Notice on issuing 甪鱻麤"


@pytest.mark.parametrize("title", ["", "Regulator publishes rules", "ビットコイン規制を強化", "12345", "《》"])
def test_other_languages_need_none(glosser: Glosser, title: str) -> None:
    """Only Chinese titles are glossed; Japanese ones mean other things by the same characters."""
    assert glosser.gloss(title) == ""


def test_a_single_character_beside_the_unknown_is_no_word(glosser: Glosser) -> None:
    """`中` is `in` by itself, and part of a name beside characters that are not known."""
    assert "中鱻麤" in glosser.measure("发布中鱻麤通知").text


@given(
    title=st.text(
        st.sampled_from("关于印发《促进人工智能产业》的通知（试行）办法就公开征求意见将2023年第三批：、，鱻 AI5G"),
        max_size=60,
    )
)
def test_any_title_is_glossed(glosser: Glosser, title: str) -> None:
    """No order of words fails, the same title gives the same line, and a wholly known one holds no Chinese."""
    made = glosser.measure(title)
    assert made == glosser.measure(title)
    assert 0 <= made.known <= 1
    assert "\n" not in made.text
    if made.known == 1:
        assert not HAN.search(made.text)
    assert bool(glosser.gloss(title)) <= (made.known >= LEAST_KNOWN)


@given(title=st.text(max_size=300))
@example(title="擟")
def test_any_text_is_glossed(glosser: Glosser, title: str) -> None:
    """No text makes the glosser fail."""
    assert isinstance(glosser.gloss(title), str)


def _covered(glosser: Glosser, titles: Sequence[str]) -> float:
    known = sum(glosser.measure(title).known * len(HAN.findall(title)) for title in titles)
    return known / sum(len(HAN.findall(title)) for title in titles)


@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "least"), [("statecouncil_titles.csv", 0.85), ("emerging_tech_titles_labelled.csv", 0.9)]
)
def test_most_of_real_titles_is_known(glosser: Glosser, name: str, least: float) -> None:
    """Of the characters of official titles of all fields nine in ten are glossed."""
    if not (CORPORA / name).exists():
        pytest.skip("the captures are not beside the checkout")
    with (CORPORA / name).open(encoding="utf-8") as lines:
        titles = [row["title"] for row in csv.DictReader(lines)]
    assert _covered(glosser, titles[::20] if len(titles) > 1000 else titles) >= least
