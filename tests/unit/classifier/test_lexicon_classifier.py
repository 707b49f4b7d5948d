"""Tests of the whole judgement."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.lexicon_classifier import LexiconClassifier
from classifier.model import hand_model
from classifier.model_file import load_model
from core.classification import ACTS, TOPICS, Document, Zone
from core.source import Voice

if TYPE_CHECKING:
    from core.lexicon import Lexicon


SEED_ZH = Document(
    title="上海市人民政府办公厅关于印发《上海市推动制造业高质量发展三年行动计划（2023-2025年）》的通知",
    text="各区人民政府，市政府各委、办、局：\n\n现将三年行动计划印发给你们。计划提出加快区块链底层技术布局，"
    "支持Web3.0关键技术研究，推动元宇宙在工业场景落地。",
    url="https://www.shanghai.gov.cn/nw12344/example.html",
)
SEED_EN = Document(
    title="Shanghai writes blockchain, Web3.0 and the metaverse into its manufacturing plan",
    text="The Shanghai Municipal Government Office has issued a Three-Year Action Plan for Promoting High-Quality "
    "Development of Manufacturing (2023-2025) that names blockchain, Web3.0 and the metaverse.\n\nTwo days before, the "
    "city's science commission had issued a Metaverse Key Technology R&D Plan (2023-2025), with Zhangjiang and Lingang "
    "as sites.",
    url="https://coin-news.example/shanghai",
)


@pytest.mark.parametrize("document", [SEED_ZH, SEED_EN], ids=["zh", "en"])
def test_seed_case_in_both_languages(judge: LexiconClassifier, document: Document) -> None:
    """Shanghai's plan that names blockchain, Web3 and the metaverse is flagged with its topics, place and act."""
    judged = judge.classify(document)
    assert judged.relevant
    assert {"blockchain", "web3", "metaverse"} <= set(judged.topics)
    assert (judged.jurisdiction, judged.act) == ("cn-sh", "plan")
    assert judged.documents
    assert judged.reason.startswith("Shanghai")


@pytest.mark.parametrize(
    "document",
    [
        Document(title="区块链概念股掀涨停潮 多股封板", text="早盘区块链板块爆发，多只个股涨停。"),
        Document(title="某人工智能公司完成B轮融资", text="本轮由某基金领投，公司估值翻倍。"),
        Document(title="某学院智算服务器采购项目公开招标公告", url="https://www.chengdu.gov.cn/x"),
        Document(title="市领导调研量子企业", text="市领导走访两家量子企业并座谈。", url="https://www.sh.gov.cn/x"),
        Document(title="Bitcoin jumps as traders return", text="The coin gained 5%. Analysts see more."),
        Document(title="Opinion: what stablecoin rules should say", text="The writer argues for audits."),
        Document(title="国务院关于深化农村改革的若干意见", text="意见部署粮食、土地、集体经济等工作。"),
    ],
    ids=lambda document: document.title[:12],
)
def test_other_news_is_not_flagged(judge: LexiconClassifier, document: Document) -> None:
    """Market, product, tender, visit, opinion and other policy stay out, and say why."""
    judged = judge.classify(document)
    assert not judged.relevant
    assert judged.topics == ()
    assert judged.act == "none"
    assert judged.reason


def test_titles_alone_can_be_judged(judge: LexiconClassifier) -> None:
    """A flash or list row without text, source or address is enough."""
    assert judge.classify(Document(title="工信部发布人形机器人指导意见")).relevant


def test_score_is_the_logistic_of_prior_and_evidence(judge: LexiconClassifier) -> None:
    """Nothing counts that the evidence does not show."""
    judged = judge.classify(SEED_EN)
    total = load_model().prior + sum(part.contribution for part in judged.evidence)
    assert judged.score == pytest.approx(1 / (1 + math.exp(-total)))


def test_evidence_is_ranked_and_points_at_its_words(judge: LexiconClassifier) -> None:
    """Strongest first, and the offsets are those of the document."""
    judged = judge.classify(SEED_ZH)
    strengths = [abs(part.contribution) for part in judged.evidence]
    assert strengths == sorted(strengths, reverse=True)
    for part in judged.evidence:
        text = SEED_ZH.title if part.zone is Zone.TITLE else SEED_ZH.text
        assert text[part.start : part.end] == part.text


def test_host_of_an_authority_speaks_with_its_voice(judge: LexiconClassifier) -> None:
    """A page on an authority's host counts as its own; a lookalike does not."""
    title = "关于印发区块链行动方案的通知"
    own = judge.classify(Document(title=title, url="https://kw.beijing.gov.cn/a"))
    other = judge.classify(Document(title=title, url="https://beijing.gov.cn.example.com/a"))
    assert own.jurisdiction == "cn-bj"
    assert own.score > other.score


def test_known_source_outweighs_the_host(judge: LexiconClassifier) -> None:
    """The press on a government host stays the press."""
    document = Document(title="关于印发区块链行动方案的通知", url="https://www.gov.cn/a", voice=Voice.PRESS)
    concepts = {part.concept for part in judge.classify(document).evidence}
    assert "pattern.authority-voice" not in concepts


def test_threshold_decides(judge: LexiconClassifier, lexicon: Lexicon) -> None:
    """The same score is relevant at one threshold and not at another."""
    document = Document(title="上海发布区块链行动方案")
    score = judge.classify(document).score
    assert LexiconClassifier(lexicon, threshold=score).classify(document).relevant
    assert not LexiconClassifier(lexicon, threshold=score + 0.01).classify(document).relevant


def test_version_follows_lexicon_and_model(judge: LexiconClassifier, lexicon: Lexicon) -> None:
    """Another lexicon or model makes another version, and every judgement carries it."""
    other = LexiconClassifier(replace(lexicon, version="other"), threshold=0.5)
    other_model = LexiconClassifier(lexicon, threshold=0.5, model=replace(hand_model(), intercept=-3.5))
    assert len({other.version, other_model.version, judge.version}) == 3
    assert judge.classify(SEED_EN).classifier == judge.version


def test_version_follows_the_model_of_acts(
    judge: LexiconClassifier, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What chooses the act changes judgements, so that it changes the version too."""
    monkeypatch.setattr("classifier.lexicon_classifier.shipped_act_model", lambda: "{}")
    assert LexiconClassifier(lexicon, threshold=0.5).version != judge.version


@given(title=st.text(max_size=60), text=st.text(max_size=300), url=st.text(max_size=30))
def test_any_text_is_judged(judge: LexiconClassifier, title: str, text: str, url: str) -> None:
    """Whatever comes, there is an answer within bounds, and the same one again."""
    document = Document(title=title, text=text, url=url)
    judged = judge.classify(document)
    assert 0 < judged.score < 1
    assert judged.relevant is (judged.score >= 0.5)
    assert set(judged.topics) <= set(TOPICS)
    assert judged.act in ACTS
    assert judge.classify(document) == judged


@pytest.mark.parametrize("url", ["http://[bad", "not an address", "https://", "//x", "http://a..b"])
def test_malformed_addresses_do_no_harm(judge: LexiconClassifier, url: str) -> None:
    """An address that is none tells nothing."""
    assert judge.classify(Document(title="工信部发布区块链指导意见", url=url)).relevant


@pytest.mark.parametrize(
    ("url", "jurisdiction"),
    [
        ("https://www.gov.cn/zhengce/x.htm", "cn"),
        ("https://www.pudong.gov.cn/x.html", "cn-sh"),
        ("https://www.xiongan.gov.cn/x.html", "cn-he"),
        ("https://www.somecounty.gov.cn/x.html", "cn"),
    ],
)
def test_an_official_host_speaks_for_itself(judge: LexiconClassifier, url: str, jurisdiction: str) -> None:
    """A host that only an authority can have counts as one; where it is not known whose, the country stands."""
    title = "区块链应用示范专项申报指南"
    found = judge.classify(Document(title=title, url=url))
    assert found.jurisdiction == jurisdiction
    assert found.score > judge.classify(Document(title=title, url="https://somecounty.example/x.html")).score


def test_another_threshold_changes_nothing_else(judge: LexiconClassifier) -> None:
    """The same words get the same score; only what counts as relevant moves, in the copy alone."""
    document = Document(title="某市印发区块链产业三年行动计划", text="支持建设公共服务平台。")
    first = judge.classify(document)
    stricter = judge.at(min(0.999, first.score + 1e-6)).classify(document)
    assert (stricter.score, stricter.relevant) == (first.score, False)
    assert judge.at(0.01).classify(document).relevant
    assert judge.classify(document) == first


def test_nothing_is_flagged_without_a_technology(judge: LexiconClassifier) -> None:
    """An authority's act in all its forms scores low, and the same, where no technology is named."""
    notice = judge.classify(
        Document(
            title="国务院办公厅关于印发春耕工作方案的通知",
            text="现印发给你们，请认真贯彻执行。",
            url="https://www.gov.cn/a",
        )
    )
    weather = judge.classify(Document(title="明天有雨", text="出门带伞。"))
    assert notice.score == weather.score < 0.1
    assert [part.concept for part in notice.evidence if part.contribution] == ["pattern.no-technology"]
