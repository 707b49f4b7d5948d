"""What a message says of one item and its story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alerts.matcher import OrderedRouteMatcher
from alerts.moments import Moments
from alerts.outlet_facts import MAX_KIN, MAX_OUTLETS
from alerts.reasons import made_because, reason_in, route_reason_in
from alerts.story_facts import THINNEST, StoryFacts, story_facts, thinned
from alerts.words import words_for
from core.alert import Route, RouteId, RouteMatch
from core.classification import Stage
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.outcome import Answer
from core.source import SourceId
from core.stories import Relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Told

    Make = Callable[..., Any]

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
EN, ZH = words_for("en"), words_for("zh")


def facts_of(
    told: Told, *, zone: str = "Asia/Shanghai", of_story: bool = False, language: str = "en", base_url: str = ""
) -> StoryFacts:
    """Gather the facts of one told item."""
    return story_facts(told, words_for(language), now=NOW, zone=zone, of_story=of_story, base_url=base_url)


def at(hour: int, minute: int = 0, *, day: int = 15) -> datetime:
    """Return a moment of June 2023 in UTC."""
    return datetime(2023, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "when", "told"),
    [
        ("Asia/Shanghai", at(1, 30), "2023-06-15 09:30 Shanghai (01:30 UTC)"),
        ("Asia/Shanghai", at(20, 0), "2023-06-16 04:00 Shanghai (2023-06-15 20:00 UTC)"),
        ("America/New_York", at(1, 30), "2023-06-14 21:30 New York (2023-06-15 01:30 UTC)"),
        ("UTC", at(1, 30), "2023-06-15 01:30 UTC"),
    ],
)
def test_moments_are_told_in_the_routes_zone_and_utc(zone: str, when: datetime, told: str) -> None:
    """The day of UTC is left out where it is the same."""
    assert Moments(EN, now=NOW, zone=zone).both_zones(when) == told


@pytest.mark.parametrize(
    ("lead", "by_day", "english", "chinese"),
    [
        (timedelta(hours=3, minutes=20), False, "+3 h 20 min", "晚3小时20分钟"),
        (timedelta(minutes=-40), False, "−40 min", "早40分钟"),
        (timedelta(days=2, hours=1, minutes=5), False, "+2 d 1 h", "晚2天1小时"),
        (timedelta(seconds=20), False, "at the same time", "同时"),
        (timedelta(hours=9), True, "same day", "同日"),
        (timedelta(hours=33), True, "+1 d", "晚1天"),
        (timedelta(hours=-9), True, "−1 d", "早1天"),
    ],
)
def test_leads_are_as_exact_as_the_document(lead: timedelta, by_day: bool, english: str, chinese: str) -> None:
    """Against a document of which only the day is known, days are counted, not hours."""
    assert Moments(EN, now=NOW, zone="UTC").lead(lead, by_day=by_day) == english
    assert Moments(ZH, now=NOW, zone="UTC").lead(lead, by_day=by_day) == chinese


def test_leads_are_counted_in_days_where_the_documents_hour_is_unknown(make_full: Make) -> None:
    """Neither a day nor the moment of its finding makes hours."""
    told = make_full()
    for published in (
        replace(told.story.primary.published, precision=DatePrecision.DAY),
        replace(told.story.primary.published, origin=DateOrigin.FIRST_SEEN),
    ):
        dated = replace(told, story=replace(told.story, primary=replace(told.story.primary, published=published)))
        assert {one.lead for one in facts_of(dated).outlets} == {"same day"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stage": Stage.DRAFT, "comments_until": date(2023, 6, 16)}, "draft, comments until 2023-06-16 (1 day left)"),
        ({"stage": Stage.DRAFT, "comments_until": date(2023, 6, 15)}, "draft, comments until 2023-06-15 (today)"),
        ({"stage": Stage.DRAFT, "comments_until": date(2023, 6, 14)}, "draft, comments until 2023-06-14 (over)"),
        ({"stage": Stage.IN_FORCE, "effective_on": date(2023, 7, 1)}, "issued, in force from 2023-07-01 (in 16 days)"),
        ({"stage": Stage.IN_FORCE, "effective_on": date(2023, 6, 1)}, "issued, in force from 2023-06-01 (14 days ago)"),
        ({"stage": Stage.REPEALED}, "repealed"),
        ({"effective_on": date(2023, 7, 1)}, "in force from 2023-07-01 (in 16 days)"),
        ({}, ""),
    ],
)
def test_stages_are_told_with_their_days(
    fields: dict[str, Any], said: str, make_told: Make, make_classification: Make
) -> None:
    """Days are counted in the route's zone from the moment of telling."""
    assert facts_of(make_told(classification=make_classification(**fields))).stage == said


def test_act_and_stage_are_not_said_twice() -> None:
    """A draft at the stage of a draft is a draft."""
    for act, stage, said in (
        ("draft", "draft, comments until x", "draft, comments until x"),
        ("征求意见稿", "征求意见，意见截至x", "征求意见，意见截至x"),
        ("plan", "issued", "plan · issued"),
        ("plan", "", "plan"),
        ("", "issued", "issued"),
        ("", "", ""),
    ):
        assert StoryFacts(id=1, title="x", act=act, stage=stage).progress == said


def test_a_time_is_told_as_exactly_as_it_is_known(make_told: Make, make_published: Make) -> None:
    """A day is no moment, and one that nobody gave is that of the finding."""
    day = make_published(at=at(16, day=14), precision=DatePrecision.DAY)
    assert facts_of(make_told(published=day)).when == "2023-06-15 (only the day is known)"
    found = make_published(origin=DateOrigin.FIRST_SEEN)
    assert facts_of(make_told(published=found)).when.startswith("first seen 2023-06-15 09:30 Shanghai")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"body_origin": BodyOrigin.LIST}, "Judged by what the list says."),
        ({"body_origin": BodyOrigin.NONE}, "Judged by the title alone."),
        (
            {"body_origin": BodyOrigin.LIST, "page_problem": Answer.BLOCKED},
            "The page itself could not be read (blocked",
        ),
    ],
)
def test_how_it_was_read_is_told_where_that_is_out_of_the_ordinary(
    fields: dict[str, Any], said: str, make_told: Make
) -> None:
    """A reader learns that a judgement is by less than the page."""
    note = facts_of(make_told(**fields)).note
    assert note.startswith(said)
    assert bool(note) is bool(said)


def test_who_is_issuer_and_source(make_told: Make, make_source: Make) -> None:
    """A source that is the issuer is named once; one that has left goes by its id."""
    told = make_told(issuer="上海市经济和信息化委员会")
    assert facts_of(told).who == "上海市经济和信息化委员会, on 链闻 (Chain Gazette)"
    own = replace(told, source=make_source(name="上海市经济和信息化委员会", name_en=""))
    assert facts_of(own).who == "上海市经济和信息化委员会"
    assert facts_of(replace(make_told(), source=None)).who == "lianwen"
    assert facts_of(told, language="zh").who == "上海市经济和信息化委员会（载于链闻（Chain Gazette））"


def test_a_digest_tells_the_story_by_its_document(make_full: Make) -> None:
    """An alert tells the item; a digest the authority's own document, where there is one."""
    told = make_full()
    alert, digest = facts_of(told), facts_of(told, of_story=True)
    assert alert.title == told.item.title
    assert alert.primary is not None
    assert not alert.is_primary
    assert digest.title == told.story.primary.title
    assert digest.url == told.story.primary.url
    assert digest.primary is None
    assert digest.is_primary
    without = facts_of(make_full(primary=False), of_story=True)
    assert without.title == told.item.title


def test_the_storys_name_is_told_where_it_is_another(make_full: Make, make_story: Make) -> None:
    """A further report says of which story it is, unless the document says it."""
    told = make_full(primary=False)
    renamed = replace(told, story=replace(told.story, story=make_story(title="元宇宙行动计划发布")))
    assert facts_of(renamed).story_title == "元宇宙行动计划发布"
    assert facts_of(renamed).rows[0].key == "story"
    assert facts_of(told).story_title == ""


def test_outlets_leave_out_what_is_told_already(make_full: Make, make_outlet: Make) -> None:
    """The told item's own source and the document's are not among other reports; the rest is bounded, and counted."""
    told = make_full(outlets=20)
    own = (make_outlet(30, source_id=told.item.source_id), make_outlet(31, source_id=SourceId("shgov"), lead=None))
    facts = facts_of(replace(told, story=replace(told.story, outlets=(*own, *told.story.outlets))))
    assert facts.others == 20
    assert len(facts.outlets) == MAX_OUTLETS
    assert facts.outlets[0].name == "Outlet 1"
    assert facts.lead == "first report +1 h 20 min"


def test_kin_is_told_from_either_side(make_full: Make, make_story: Make) -> None:
    """A relation reads the other way round where this story is the earlier one; few are told."""
    told = make_full()
    other = make_story(9, title="草案")
    for relation in Relation:
        for is_later in (True, False):
            kin = facts_of(replace(told, story=replace(told.story, kin=((relation, is_later, other),)))).kin
            assert "草案" in kin[0].text
            assert kin[0].relation.endswith("-back") is not is_later
    many = replace(told.story, kin=told.story.kin * 9)
    assert len(facts_of(replace(told, story=many)).kin) == MAX_KIN


def test_what_the_story_knows_goes_before_what_the_item_says(make_full: Make, make_story: Make) -> None:
    """Place, topics, act and score are the story's; the item's where the story has none."""
    told = make_full(primary=False)
    story = make_story(jurisdiction="hk", topics=("ai", "web3"), act="ban", score=0.5, stage=Stage.REPEALED)
    facts = facts_of(replace(told, story=replace(told.story, story=story)))
    assert (facts.place, facts.topics, facts.act, facts.score) == ("Hong Kong", ("AI", "Web3"), "ban", "0.50")
    bare = make_story(jurisdiction="", topics=(), act="none")
    facts = facts_of(replace(told, story=replace(told.story, story=bare)))
    assert (facts.place, facts.topic, facts.act) == ("Shanghai", "blockchain", "plan")


def test_an_item_that_was_not_judged_is_told_all_the_same(make_told: Make) -> None:
    """Only what a classification would say is missing."""
    told = make_told()
    facts = facts_of(replace(told, item=replace(told.item, classification=None, title=" ")))
    assert facts.title == "(no title)"
    assert (facts.topic, facts.label, facts.why, facts.score) == ("other", "", "", "")


def test_readers_of_chinese_get_no_english_title(make_full: Make) -> None:
    """Gloss and translation are left out, the summary stays, and our words are Chinese."""
    facts = facts_of(make_full(), language="zh")
    assert facts.gloss == ""
    assert facts.by_machine == ("It was issued.",)
    assert facts.place == "上海市"
    assert facts.why == "上海市规划方案，涉及区块链"
    assert facts_of(make_full()).gloss == "City issues blockchain plan 1"


def test_a_page_is_linked_where_there_is_one(make_full: Make, make_told: Make) -> None:
    """Only stories have pages, and only where the address of the dashboard is configured."""
    assert facts_of(make_full(), base_url="https://h.example").page == "https://h.example/stories/1"
    assert facts_of(make_told(), base_url="https://h.example").page == ""
    assert facts_of(make_full()).page == ""


def test_thinner_facts_say_less(make_full: Make) -> None:
    """Every step leaves something out, and the last keeps a short title."""
    facts = facts_of(make_full())
    steps = [thinned(replace(facts, title="长" * 200), step) for step in range(THINNEST + 1)]
    assert steps[0].words
    assert steps[0].outlets
    assert not steps[1].words
    assert not steps[1].outlets
    assert steps[1].others == 3
    assert {row.key for row in steps[0].rows} - {row.key for row in steps[1].rows} == {
        "words", "documents", "numbers", "score",
    }  # fmt: skip
    assert (steps[2].rows, steps[2].gloss, steps[2].url) == ((), "", facts.url)
    assert [len(one.title) for one in steps] == [200, 200, 200, 120, 40]
    assert steps[4].url == ""


def test_reasons_are_told_in_the_readers_language(make_classification: Make) -> None:
    """The classifier's sentence is English; in Chinese the same facts are put into words."""
    judged = make_classification(topics=("ai", "chips"), jurisdiction=None, act="none")
    assert reason_in(EN, judged) == "A plan of an authority about blockchain."
    assert reason_in(ZH, judged) == "涉及人工智能、芯片"
    assert reason_in(ZH, make_classification(topics=())) == "上海市规划方案"
    assert route_reason_in(EN, "topic ai; act plan") == "topic ai; act plan"
    assert route_reason_in(ZH, "every relevant item") == "全部相关条目"
    assert (
        route_reason_in(ZH, "topic ai, chips; jurisdiction cn-sh; score 0.90 of at least 0.80; what else")
        == "主题 人工智能、芯片；管辖地 上海市；得分 0.90（不低于0.80）；what else"
    )


def test_why_a_digest_was_made_is_told_in_the_readers_language() -> None:
    """Reasons that the pacing gives are translated, others stay as they are."""
    why = "11 came during quiet hours; 2 came together"
    assert made_because(EN, why) == why
    assert made_because(ZH, why) == "11条在免打扰时段到达；2条同时到达"
    assert made_because(ZH, "the route old has no digest any more") == "the route old has no digest any more"
    assert made_because(ZH, "") == ""


def test_every_condition_of_a_route_has_a_name(make_item: Make, make_source: Make, make_classification: Make) -> None:
    """Whatever the matcher says that an item met can be said in Chinese."""
    wanted = RouteMatch(
        topics=frozenset({"blockchain"}), jurisdictions=frozenset({"cn"}), acts=frozenset({"plan"}),
        stages=frozenset({"draft"}), sources=frozenset({"lianwen"}), groups=frozenset({"crypto-zh"}),
        languages=frozenset({"zh"}), min_score=0.5, query="区块链 AND 平台",
    )  # fmt: skip
    item = make_item(classification=make_classification(stage=Stage.DRAFT))
    (match,) = OrderedRouteMatcher([Route(id=RouteId("r"), match=wanted)]).match(item, make_source())
    told = route_reason_in(ZH, match.reason)
    assert told.count("；") == match.reason.count("; ")
    names = [part.split(" ")[0] for part in told.split("；")]
    assert not any(name.isascii() for name in names)
