"""By what an item's event is known again, in either language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.story_keys import MOST, find_keys
from classifier.story_reader import LexiconStoryReader
from core.source import Voice
from core.story_traits import StoryTraits, Telling

if TYPE_CHECKING:
    from classifier.lexicon_classifier import LexiconClassifier
    from classifier.matching import LexiconMatcher
    from core.lexicon import Lexicon

from core.classification import Document

AT = datetime(2024, 3, 12, 7, 20, tzinfo=UTC)
PAGE = (
    "工业和信息化部关于印发《人形机器人关节模组质量管理办法》的通知",
    "现将《人形机器人关节模组质量管理办法》印发给你们。整机企业应保存五千小时试验记录，罚款最高200万元，自2024年7月1日起施行。",
)
PRESS = (
    "China's industry ministry sets recall rules for humanoid robot joints",
    (
        "The Ministry of Industry and Information Technology wants makers to keep records of 5,000 hours of tests, or "
        "be fined up to 2 million yuan. The rules apply from July 1. Larkbay, a maker of humanoid robots, cheered."
    ),
)


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon, matcher: LexiconMatcher) -> LexiconStoryReader:
    """Return a reader on the shipped lexicon."""
    return LexiconStoryReader(lexicon, matcher=matcher)


def telling(words: tuple[str, str], language: str = "zh", **fields: Any) -> Telling:
    """Return an item as the reader is given it."""
    return Telling(title=words[0], text=words[1], language=language, published_at=AT, **fields)


def test_tellings_in_two_languages_share_keys_and_traits(reader: LexiconStoryReader) -> None:
    """A notice and an English report of it meet by authority, technology and figures."""
    page, press = reader.read(telling(PAGE)), reader.read(telling(PRESS, "en"))
    assert len(set(page.keys) & set(press.keys)) > 3
    ours, theirs = page.traits, press.traits
    assert "org.cn.miit" in ours.actors.keys() & theirs.actors.keys()
    assert "place.cn" in ours.places.keys() & theirs.places.keys()
    assert {"count 5000", "money 2e+06", "day 07-01"} <= ours.figures.keys() & theirs.figures.keys()
    assert set(ours.concepts) & set(theirs.concepts)
    assert set(ours.meanings) & set(theirs.meanings)


def test_scripts_and_widths_make_no_difference(reader: LexiconStoryReader) -> None:
    """Traditional and full-width characters read as Simplified and plain ones."""
    simplified = reader.read(telling(("香港证监会将Koinvale列入警示名单", "涉及5亿港元")))
    traditional = reader.read(telling(("香港證監會將Ｋｏｉｎｖａｌｅ列入警示名單", "涉及５億港元"), "zh-Hant"))
    assert traditional.traits.words == simplified.traits.words
    assert traditional.traits.figures == simplified.traits.figures
    assert traditional.traits.language == simplified.traits.language == "zh"


def test_papers_in_the_title_are_what_an_item_is_about(reader: LexiconStoryReader) -> None:
    """A paper in the title is the subject; one in the text is only named, unless the title names none."""
    of_page = reader.read(telling(PAGE)).traits
    assert "人形机器人关节模组质量管理办法" in of_page.subjects
    report = reader.read(
        telling(("网信办立规", "办法称依据《网络数据安全管理条例》，另见《个人信息出境标准合同办法》。"))
    ).traits
    assert "网络数据安全管理条例" in report.subjects
    assert "个人信息出境标准合同办法" in report.documents


def test_draft_and_final_form_have_one_key(reader: LexiconStoryReader) -> None:
    """The stage in brackets is no part of a paper's key: it is compared by itself."""
    draft = reader.read(telling(("公开征求对《人形机器人关节模组质量管理办法（征求意见稿）》的意见", "")))
    assert "人形机器人关节模组质量管理办法" in draft.traits.subjects


def test_a_number_is_an_authoritys_own_only_on_its_own_page(reader: LexiconStoryReader) -> None:
    """What the press cites is cited."""
    words = ("国务院办公厅印发意见", "国办发〔2023〕10号提出，推进算力网建设。")
    page = reader.read(telling(words, voice=Voice.AUTHORITY, document_numbers=("国办发〔2023〕10号",))).traits
    press = reader.read(telling(words, voice=Voice.PRESS, document_numbers=("国办发〔2023〕10号",))).traits
    assert page.own_numbers == press.numbers == {"国办发〔2023〕10号"}
    assert not page.numbers
    assert not press.own_numbers


def test_the_issuer_acts_and_its_place_is_known(reader: LexiconStoryReader) -> None:
    """An authority whose name stands only beside its page is an actor, and so is the place it governs."""
    traits = reader.read(telling(("关于开展试点的通知", "请认真组织。"), issuer="苏州市工业和信息化局")).traits
    assert any(name.startswith("org.cn-js.suzhou") for name in traits.actors)
    assert "place.cn-js.suzhou" in traits.places


def test_names_are_known_in_both_languages(reader: LexiconStoryReader) -> None:
    """A Chinese name of a company is its English one; a sentence's first word and a common word are none."""
    chinese = reader.read(telling(("币安暂停提现", "币安称Trurim不受影响"))).traits
    english = reader.read(
        telling(("Exchange halts withdrawals", "Customers of Binance wait. Trading goes on."), "en")
    ).traits
    assert {"binance", "trurim"} <= chinese.names.keys()
    assert set(english.names) == {"binance"}


def test_a_headline_in_title_case_names_nothing(reader: LexiconStoryReader) -> None:
    """Only what is written in capitals throughout is a name there."""
    traits = reader.read(telling(("Exchange Halts Withdrawals After OKZQ Breach", ""), "en")).traits
    assert set(traits.names) == {"okzq"}


@pytest.mark.parametrize(
    "title",
    ["链讯早报｜工信部定稿；某公链升级", "The week in five: funds, fines and flying taxis", "Crypto daily roundup"],
)
def test_round_ups_are_told(reader: LexiconStoryReader, title: str) -> None:
    """The news of a day or week tells several events."""
    assert reader.read(telling((title, ""))).traits.is_roundup


def test_one_event_is_no_round_up(reader: LexiconStoryReader) -> None:
    """A plan for a year is none."""
    assert not reader.read(telling(("成都市算力三年行动计划；明年起施行", ""))).traits.is_roundup


def test_forwarding_is_told(reader: LexiconStoryReader) -> None:
    """转发 in the title passes on another's paper."""
    assert reader.read(telling(("市经信局转发工业和信息化部关于算力的通知", ""))).traits.forwards


def test_what_the_classifier_says_is_taken_over(reader: LexiconStoryReader, judge: LexiconClassifier) -> None:
    """Act, stage and topics are the classifier's; of an irrelevant item the topics are its technologies'."""
    judged = judge.classify(Document(title=PAGE[0], text=PAGE[1], language="zh", voice=Voice.AUTHORITY))
    traits = reader.read(telling(PAGE, classification=judged, voice=Voice.AUTHORITY)).traits
    assert traits.relevant
    assert traits.is_official
    assert (traits.act, traits.stage, traits.topics) == (judged.act, judged.stage, judged.topics)
    assert traits.jurisdiction == "cn"
    assert "robotics" in reader.read(telling(("人形机器人公司融资", "人形机器人公司获5亿元融资"))).traits.topics


def test_a_jurisdiction_that_nothing_names_is_not_taken_for_granted(
    reader: LexiconStoryReader, judge: LexiconClassifier
) -> None:
    """A Simplified text without body and place is of the source's jurisdiction, else of none."""
    words = ("算力券来了", "每家企业最高可领五十万元。")
    judged = judge.classify(Document(title=words[0], text=words[1], language="zh"))
    assert reader.read(telling(words, classification=judged)).traits.jurisdiction == ""
    assert reader.read(telling(words, classification=judged, jurisdiction="cn-gz")).traits.jurisdiction == "cn-gz"


def test_rounds_are_those_of_title_and_first_sentences(reader: LexiconStoryReader) -> None:
    """A batch far down in the text is not what the item is about."""
    far = "。".join(["各单位应认真做好服务备案的相关工作"] * 12)
    traits = reader.read(telling(("第四批备案清单公布", f"共58款。{far}。第二批已于去年公布"))).traits
    assert traits.rounds == {"4"}


def test_keys_are_few_and_signed(reader: LexiconStoryReader) -> None:
    """An item has at most forty keys, each once, of 64 bits; the same text has the same."""
    keys = reader.read(telling(PAGE)).keys
    assert 5 < len(keys) <= MOST
    assert len(set(keys)) == len(keys)
    assert all(-(1 << 63) <= key < 1 << 63 for key in keys)
    assert reader.read(telling(PAGE)).keys == keys


def test_an_item_without_technology_is_found_by_who_and_where() -> None:
    """Authorities and places are keys by themselves only where nothing else is named."""
    bare = StoryTraits(published_at=AT, actors={"org.cn.miit": 0.5}, places={"place.cn": 0.3})
    assert len(find_keys(bare)) == 2


def test_the_version_changes_with_the_lexicon(reader: LexiconStoryReader, lexicon: Lexicon) -> None:
    """What was read by another lexicon can be told."""
    assert lexicon.version in reader.version


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    title=st.text(max_size=80),
    text=st.text(alphabet="《》（）〔〕第批号年月日一二十亿万元%.,$0123456789abAB \n发布通知人工智能", max_size=200),
    language=st.sampled_from(["zh", "zh-Hant", "en", "", "ja"]),
)
def test_no_text_raises(reader: LexiconStoryReader, title: str, text: str, language: str) -> None:
    """Any text has marks, and every weight is above 0 and at most 1."""
    traits = reader.read(telling((title, text), language)).traits
    for weights in (traits.concepts, traits.actors, traits.places, traits.deeds, traits.figures, traits.names):
        assert all(0 < weight <= 1 for weight in weights.values())
    assert all(0 < weight <= 1 for weight in [*traits.words.values(), *traits.meanings.values()])
