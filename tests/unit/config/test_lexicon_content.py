"""Tests of what the shipped lexicon holds: breadth by topic, sign and act, and names that find what they mean."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from core.classification import ACTS, TOPICS
from core.lexicon import SIGNALS, ConceptKind, Lexicon

if TYPE_CHECKING:
    from classifier.matching import LexiconMatcher

LEAST_A_TOPIC = 8
"""Concepts whose nearest topic it is: the narrowest, NFTs and brain-computer interfaces, have as many."""
SUBJECTS = (ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME)


def test_there_are_over_twelve_hundred_concepts(lexicon: Lexicon) -> None:
    """Bodies and places apart there are as many as the whole must have."""
    kinds = Counter(concept.kind for concept in lexicon.concepts)
    assert kinds[ConceptKind.TECHNOLOGY] >= 600
    assert kinds[ConceptKind.PROGRAMME] >= 170
    assert kinds[ConceptKind.ACT] >= 100
    assert kinds[ConceptKind.INSTRUMENT] >= 100
    assert kinds[ConceptKind.MARKET] >= 120


def test_every_topic_has_sub_terms(lexicon: Lexicon) -> None:
    """No topic hangs on a single word."""
    nearest = Counter(concept.topics[0] for concept in lexicon.of(*SUBJECTS))
    assert {topic: nearest[topic] for topic in TOPICS if nearest[topic] < LEAST_A_TOPIC} == {}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_concept_at_its_centre(lexicon: Lexicon, topic: str) -> None:
    """Each topic has a technology of full weight that is of no other topic."""
    assert any(concept.weight == 1 and concept.topics == (topic,) for concept in lexicon.of(ConceptKind.TECHNOLOGY))


def test_every_signal_has_several_concepts(lexicon: Lexicon) -> None:
    """Counter-vocabulary knows every sign by more than one group of words."""
    signals = Counter(concept.signal for concept in lexicon.of(ConceptKind.MARKET))
    assert all(signals[signal] > 1 for signal in SIGNALS)


def test_every_kind_of_act_has_a_verb_or_paper(lexicon: Lexicon) -> None:
    """Nothing an item can be classed as is without words, the act that is none apart."""
    named = {concept.act for concept in lexicon.of(ConceptKind.ACT, ConceptKind.INSTRUMENT)}
    assert set(ACTS) - {"none"} <= named


@pytest.mark.parametrize("kind", [ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME, ConceptKind.INSTRUMENT])
def test_the_first_english_name_is_a_gloss(lexicon: Lexicon, kind: ConceptKind) -> None:
    """It is put into running English for a Chinese name, so it holds no Chinese."""
    assert [concept.id for concept in lexicon.of(kind) if not concept.english.replace("²", "").isprintable()] == []
    assert [c.id for c in lexicon.of(kind) if any("一" <= char <= "鿿" for char in c.english)] == []


@pytest.mark.parametrize(
    "concept_id",
    ["tech.binance", "tech.okx", "tech.xrp", "tech.usdt", "tech.openai", "tech.nvidia", "tech.starlink", "tech.waymo"],
)
def test_makers_and_coins_weigh_less_than_their_field(lexicon: Lexicon, concept_id: str) -> None:
    """News on a company is not news on the law of its trade; a stablecoin that a regime regulates is its subject."""
    concept = lexicon.get(concept_id)
    assert concept is not None
    assert concept.weight < 1 or concept.topics == ("stablecoin",)


@pytest.mark.parametrize(
    ("text", "concept_id"),
    [
        ("關於智慧合約與聯盟鏈的指引", "tech.consortium-chain"),
        ("星火·链网骨干建设", "tech.xinghuo"),
        ("零知識證明", "tech.zero-knowledge"),
        ("港元稳定币发行人牌照", "tech.stablecoin-issuer"),
        ("revised rules for asset-referenced tokens", "tech.asset-referenced-token"),
        ("wholesale CBDCs in cross-border settlement", "tech.wholesale-cbdc"),
        ("生成式人工智慧服務", "tech.generative-ai"),
        ("a duty to label synthetic content", "tech.ai-content"),
        ("large language models", "tech.language-model"),
        ("拟人化互动服务管理", "tech.ai-companion"),
        ("可信数据空间试点", "tech.data-space"),
        ("公共数据授权运营价格", "tech.public-data-operation"),
        ("個資外洩通報", "tech.cyber-incident"),
        ("高頻寬記憶體出口", "tech.hbm"),
        ("wide-bandgap semiconductors", "tech.third-gen-semi"),
        ("抗量子密码迁移", "tech.post-quantum"),
        ("手机直连卫星业务", "tech.direct-to-cell"),
        ("beyond visual line of sight operations", "tech.bvlos"),
        ("算电协同项目", "tech.computing-power-grid"),
        ("全釩液流電池", "tech.flow-battery"),
        ("谐波减速器攻关", "tech.robot-parts"),
        ("L3级自动驾驶准入", "tech.level-three"),
        ("植入式脑机接口医疗器械", "tech.invasive-bci"),
        ("cell and gene therapies", "tech.gene-therapy"),
        ("元宇宙产业创新发展三年行动计划", "prog.metaverse-plan"),
        ("“924”通知", "prog.notice-924"),
        ("the Genius Act", "prog.genius-act"),
        ("Cyber Resilience Act", "prog.cra"),
        ("Huobi, now HTX", "tech.huobi"),
        ("加密新規上路", "tech.crypto-compounds"),
        ("日本暗號資產", "tech.cryptocurrency"),
        ("face scans in shops", "tech.face-recognition"),
        ("a cyber bill", "tech.cyber-word"),
        ("金管會研擬子法", "act.taiwan-drafting"),
        ("the bourse wins licence", "act.win-licence"),
        ("試點白名單", "doc.whitelist"),
        ("黄埔开出首张通行许可", "act.first-permits"),
        ("公告預告修正條文", "act.draft"),
        ("a flat tax, to be taxed from May", "act.to-be-taxed"),
        ("電話通知和窗口指導", "doc.window-guidance"),
        ("UN resolution", "doc.resolution"),
        ("決標公告", "mkt.award"),
        ("a tax on coin firms and token firms", "tech.coin-words"),
        ("數幣錢包升級", "tech.e-cny"),
        ("无人集卡夜间通行", "tech.unmanned-vehicle"),
        ("RSA-2048 to be retired", "tech.public-key"),
        ("海底数据中心用海", "tech.liquid-cooling"),
        ("五轴机床优先", "tech.machine-tool"),
        ("B5G低軌衛星", "tech.6g"),
        ("無人載具產業", "tech.unmanned-systems"),
        ("road trials at Level 3 and 4", "tech.level-three"),
    ],
)
def test_names_find_their_concept(matcher: LexiconMatcher, text: str, concept_id: str) -> None:
    """Sub-terms are found in both scripts and in English, as concepts of their own."""
    assert concept_id in {hit.concept.id for hit in matcher.find(text)}


@pytest.mark.parametrize(
    ("text", "concept_id"),
    [
        ("建设智能体育场馆和智能体系", "tech.ai-agent"),
        ("维护人民币安全", "tech.binance"),
        ("流通证券和普通证件", "tech.token"),
        ("加大预算力度", "tech.computing"),
        ("提升质量子课题水平", "tech.quantum"),
        ("降低空气污染", "tech.low-altitude"),
        ("无人车间投产", "tech.unmanned-vehicle"),
        ("卫星链路测试", "tech.starlink"),
        ("诚信创建活动", "tech.it-innovation"),
        ("数据集中存放、数据集成", "tech.dataset"),
        ("记忆体验馆", "tech.memory-chip"),
        ("跨链条协同", "tech.cross-chain"),
        ("司法链接", "tech.judicial-chain"),
        ("生物基因组", "tech.bio-based"),
        ("股权质押率", "tech.staking"),
        ("人民币价值稳定", "mkt.price"),
        ("信用评级业管理", "mkt.forecast"),
        ("多头管理", "mkt.liquidation"),
        ("经济运行情况", "mkt.sector"),
        ("施工单位", "mkt.service-window"),
        ("建立创新机制，抓住新机遇", "mkt.product"),
        ("投资方向和投资方式", "mkt.lead-investor"),
        ("创新高地", "mkt.breakout"),
        ("调研报告", "mkt.forecast"),
        ("前瞻布局未来产业", "mkt.outlook"),
        ("科技工作者", "mkt.opinion"),
        ("市场准入门槛", "mkt.beginner"),
        ("发文字号", "act.send-down"),
        ("精细化管理", "act.refine"),
        ("依法实施行政处罚", "act.take-effect"),
        ("统筹建设", "act.form"),
        ("重新规划产业规模", "doc.new-rules"),
        ("查办违法案件", "doc.bill"),
        ("reach a consensus on rules", "mkt.ledger-show"),
        ("accepted as legal tender", "mkt.tender"),
        ("a press release", "act.release"),
        ("eid holiday", "tech.digital-identity"),
        ("tethered balloon, a tether", "tech.usdt"),
        ("堵塞管理漏洞", "tech.flaws"),
        ("智能车间", "tech.connected-vehicle"),
        ("多数商户", "tech.data-market"),
        ("全年投入使用", "act.fund"),
        ("挂牌上市首日", "act.establish"),
        ("业绩预告", "act.draft"),
        ("执行董事", "act.in-force"),
        ("谈判和座谈", "act.speak-up"),
        ("抵达北京", "act.give"),
        ("a high resolution picture", "doc.resolution"),
        ("人民币商业贷款", "tech.coin-words"),
        ("电脑机箱", "tech.mind-control"),
        ("大片卫星图", "tech.satellites"),
        ("火箭队主场", "tech.rockets"),
        ("广播电视卫星的请示", "tech.satellites"),
        ("一家光电子管厂", "tech.photonics"),
        ("组建电子信息产业集团公司", "tech.electronics"),
        ("核两用品及相关技术出口管制", "tech.technology-export"),
        ("限飞航线", "tech.low-airspace"),
        ("测绘地理信息局", "tech.geodata"),
        ("the Securities and Exchange Commission", "tech.platforms"),
    ],
)
def test_false_friends_are_not_found(matcher: LexiconMatcher, text: str, concept_id: str) -> None:
    """Words that only hold a name's characters, or share its spelling, are left alone."""
    assert concept_id not in {hit.concept.id for hit in matcher.find(text)}


def test_everyday_words_of_a_field_need_company(lexicon: Lexicon) -> None:
    """Coins, venues, miners, rockets and batteries' storage are no field of technology by themselves."""
    words = (
        "tech.security-review",
        "tech.coins",
        "tech.platforms",
        "tech.miners",
        "tech.rockets",
        "tech.driving-levels",
        "tech.storage-word",
    )
    concepts = [lexicon.get(concept_id) for concept_id in words]
    assert all(concept and concept.only_with and concept.weight < 1 for concept in concepts)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("关于公开征求意见的公告", "draft"), ("不行动函", "guideline"), ("警告名单", "warning"), ("刊宪生效", "rule"),
        ("no-action letter", "guideline"), ("notice of proposed rulemaking", "draft"), ("tax credit", "tax"),
        ("executive order", "plan"), ("memorandum of understanding", "agreement"), ("entered into force", "rule"),
        ("struck down", "ruling"), ("指导性案例", "ruling"), ("负面清单", ""), ("揭榜挂帅", "notice"),
    ],
)  # fmt: skip
def test_verbs_and_papers_tell_the_act(matcher: LexiconMatcher, text: str, act: str) -> None:
    """Names of papers and deeds in both languages speak for their kind of act."""
    hits = [hit.concept for hit in matcher.find(text)]
    assert act in {concept.act for concept in hits if concept.kind in {ConceptKind.ACT, ConceptKind.INSTRUMENT}}
