"""What the items of a story say together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from core.classification import Stage
from core.item import BodyOrigin, DateOrigin, DatePrecision, ItemId, StoryId
from core.source import Voice
from core.stories import StoryChange
from core.story_facts import (
    Report,
    are_two_papers,
    base_language,
    changes_by,
    find_primary,
    list_outlets,
    said_at,
    tell_story,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Maker = Callable[..., Report]

PLAN = "上海市推动制造业高质量发展三年行动计划（2023-2025年）"
CITY = "上海市人民政府"
HOUR = timedelta(hours=1)
STORY = StoryId(7)


@pytest.fixture
def report(make_item: Any, make_source: Any, make_classification: Any, make_published: Any, now: datetime) -> Maker:
    """Maker of the press's reports: `n` is the item's number, `hours` when it was published after `now`."""

    def make(
        n: int = 1, *, hours: float = 0, source: dict[str, Any] | None = None, said: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Report:  # fmt: skip
        outlet = make_source(**{"id": f"outlet{n}", **(source or {})})
        published = make_published(at=now + hours * HOUR)
        item = make_item(
            n,
            **{
                "source_id": outlet.id,
                "published": published,
                "classification": make_classification(**{"documents": (PLAN,), **(said or {})}),
                **fields,
            },
        )
        return Report(item=item, source=outlet)

    return make


@pytest.fixture
def official(report: Maker) -> Maker:
    """Maker of pages of the city's own site, with the document on them."""

    def make(n: int = 9, *, place: str = "cn-sh", issuer: str = CITY, **fields: Any) -> Report:
        source = {"id": f"gov{n}", "voice": Voice.AUTHORITY, "jurisdiction": place, "issuer": issuer}
        return report(n, **{"source": source, "title": PLAN, "issuer": issuer, **fields})

    return make


def test_the_authoritys_own_page_is_the_document(report: Maker, official: Maker) -> None:
    """However late it comes, and however many reports there are."""
    own = official(hours=30)
    assert find_primary([report(1), own, report(2, hours=1)]) is own


def test_reports_of_the_press_are_never_the_document(report: Maker) -> None:
    """Not even those that carry its number."""
    assert find_primary([report(1, document_numbers=("沪府办发〔2023〕10号",))]) is None


def test_an_item_whose_source_is_gone_is_not_the_document(report: Maker) -> None:
    """Nobody can say any more whose site it was on."""
    assert find_primary([Report(item=report(1).item, source=None)]) is None


def test_a_reprint_by_another_authority_is_a_report(official: Maker) -> None:
    """A province that carries the city's paper speaks of another's act."""
    assert find_primary([official(place="cn-gd")]) is None


def test_an_explanation_is_not_the_document(official: Maker) -> None:
    """What the authority says about its own paper is a report of it."""
    assert find_primary([official(title=f"《{PLAN}》政策解读")]) is None


def test_a_press_conference_is_the_document_of_a_statement(official: Maker) -> None:
    """Where nothing is issued, what is said is all there is."""
    said = official(title="新闻发布会实录", said={"act": "statement"})
    assert find_primary([said]) is said


def test_an_unjudged_page_counts_by_what_others_say(report: Maker, official: Maker) -> None:
    """An authority's page that waits for its judgement is measured by the jurisdiction that the reports tell of."""
    waiting, foreign = official(8, classification=None), official(9, place="hk", classification=None)
    assert find_primary([report(1), waiting, foreign]) is waiting


@pytest.mark.parametrize(
    "worse",
    [
        {"issuer": "青岚市人民政府"},
        {"document_numbers": ()},
        {"title": "市政府常务会议召开"},
        {"body_origin": BodyOrigin.LIST},
        {"hours": 2},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_of_several_pages_the_better_one_is_taken(official: Maker, worse: dict[str, Any]) -> None:
    """Own organ, own number, the name of the document, a page that was read; else the earlier one."""
    numbers = {"document_numbers": ("沪府办发〔2023〕10号",)}
    other = {**numbers, "hours": -2, **worse}
    good, poor = official(8, **numbers), official(9, **{**other, "issuer": CITY})
    if "issuer" in worse:
        poor = Report(item=official(9, **other).item, source=poor.source)
    assert find_primary([poor, good]) is good
    assert find_primary([good, poor]) is good


def test_the_jurisdiction_of_most_reports_goes_before_the_number(report: Maker, official: Maker) -> None:
    """A page of another jurisdiction that tells its own act is second to the one that the reports tell of."""
    stray = official(8, place="hk", said={"jurisdiction": "hk"}, document_numbers=("1号",))
    own = official(9)
    assert find_primary([report(1), report(2), stray, own]) is own


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ({"title": PLAN}, {"title": "上海市元宇宙关键技术攻关行动方案"}, True),
        ({"title": PLAN}, {"title": f"上海市人民政府办公厅关于印发《{PLAN}》的通知"}, False),
        ({"title": PLAN}, {"title": "市政府常务会议召开"}, False),
        ({"title": PLAN}, {"title": "市政府常务会议召开", "document_numbers": ("2号",)}, True),
        ({"title": PLAN}, {"title": "Action plan", "language": "en", "document_numbers": ("2",)}, False),
        ({"document_numbers": ("1号",)}, {"title": "另一题名", "document_numbers": ("1号", "2号")}, False),
        ({"title": f"关于印发{PLAN}的通知"}, {"title": f"江苏省转发上海市关于印发{PLAN}的通知"}, True),
        ({"title": f"关于转发{PLAN}的通知"}, {"title": f"转发关于转发{PLAN}的通知"}, True),
        ({"title": f"关于转发{PLAN}的通知"}, {"title": f"江苏省关于转发{PLAN}的通知"}, False),
    ],
)  # fmt: skip
def test_two_papers_are_told_from_one(official: Maker, one: dict[str, Any], other: dict[str, Any], two: bool) -> None:
    """By number and title; what is no document, or in another language, is not told by its title."""
    first, second = official(8, **one).item, official(9, **other).item
    assert are_two_papers(first, second) is are_two_papers(second, first) is two


def test_a_day_without_a_time_is_its_noon(make_item: Any, make_published: Any) -> None:
    """Or earlier, when the item was seen by then; a minute counts as it stands."""
    midnight = datetime(2023, 6, 12, 16, tzinfo=UTC)
    day = make_published(at=midnight, precision=DatePrecision.DAY)
    assert said_at(make_item(published=day)) == midnight + 12 * HOUR
    assert said_at(make_item(published=day, first_seen_at=midnight + HOUR)) == midnight + HOUR
    assert said_at(make_item(published=day, first_seen_at=midnight - HOUR)) == midnight
    assert said_at(make_item(published=make_published(at=midnight))) == midnight
    seen = make_published(at=midnight, precision=DatePrecision.DAY, origin=DateOrigin.FIRST_SEEN)
    assert said_at(make_item(published=seen)) == midnight


def test_outlets_have_their_lead_behind_the_authority(report: Maker, official: Maker) -> None:
    """Earlier outlets have a negative one, the authority none, and each outlet is told by its first report."""
    own = official(hours=0)
    early, late = report(1, hours=-3), report(2, hours=5, language="en")
    again = report(3, hours=8, source={"id": "outlet2"})
    outlets = list_outlets([again, late, own, early], own.item)
    assert [(one.source_id, one.lead, one.reports) for one in outlets] == [
        ("outlet1", -3 * HOUR, 1),
        ("gov9", timedelta(), 1),
        ("outlet2", 5 * HOUR, 2),
    ]
    assert [one.is_authority for one in outlets] == [False, True, False]
    assert [one.language for one in outlets] == ["zh", "zh", "en"]


def test_without_a_document_there_is_no_lead(report: Maker) -> None:
    """An outlet whose source is gone is still one."""
    [outlet] = list_outlets([Report(item=report(1).item, source=None)], None)
    assert (outlet.lead, outlet.is_authority) == (None, False)


def test_a_story_is_named_by_its_document(report: Maker, official: Maker, now: datetime) -> None:
    """Title, language, act, stage and jurisdiction are the document's, the score the highest of all."""
    first = report(1, hours=-1, language="en", title="Shanghai names blockchain", said={"act": "notice", "score": 0.97})
    own = official(said={"stage": Stage.IN_FORCE, "gloss": "Action plan", "score": 0.8})
    story = tell_story(STORY, [own, first])
    assert (story.id, story.title, story.gloss, story.language) == (STORY, PLAN, "Action plan", "zh")
    assert (story.act, story.stage, story.jurisdiction, story.score) == ("plan", Stage.IN_FORCE, "cn-sh", 0.97)
    assert (story.items, story.sources, story.languages) == (2, 2, ("en", "zh"))
    assert (story.primary_item_id, story.began_at) == (own.item.id, now - HOUR)


def test_without_a_document_the_first_relevant_report_names_it(report: Maker) -> None:
    """Else the first report; topics come by the number of items."""
    plain = report(1, hours=-2, title="plain", said={"relevant": False, "topics": ()}, language="")
    flagged = report(2, title="flagged", said={"topics": ("ai", "chips")})
    more = report(3, hours=1, title="more", said={"topics": ("chips",)}, language="zh-Hant")
    story = tell_story(STORY, [plain, flagged, more])
    assert (story.title, story.relevant, story.topics, story.languages) == ("flagged", True, ("chips", "ai"), ("zh",))
    assert tell_story(STORY, [plain]).title == "plain"
    assert not tell_story(STORY, [plain]).relevant


def test_an_unjudged_item_is_a_story_too(report: Maker) -> None:
    """Of which little is known."""
    story = tell_story(STORY, [report(1, classification=None)])
    assert (story.score, story.act, story.jurisdiction, story.stage, story.gloss) == (0.0, "none", "", None, "")


def test_the_act_of_most_reports_counts(report: Maker, official: Maker) -> None:
    """Where the document itself names none."""
    acts = [report(n, said={"act": act}) for n, act in enumerate(("none", "plan", "rule", "rule"), start=1)]
    assert tell_story(STORY, acts).act == "rule"
    assert tell_story(STORY, [*acts, official(said={"act": "none", "jurisdiction": None})]).act == "rule"


def test_the_document_stays_when_its_source_leaves_the_configuration(report: Maker, official: Maker) -> None:
    """Until a better known one comes; and never when the item has left the story."""
    own = official()
    before = tell_story(STORY, [report(1), own])
    orphan = Report(item=own.item, source=None)
    assert tell_story(STORY, [report(1), orphan], before=before).primary_item_id == own.item.id
    assert tell_story(STORY, [report(1), orphan, official(8)], before=before).primary_item_id == ItemId(8)
    assert tell_story(STORY, [report(1)], before=before).primary_item_id is None


def test_more_items_than_were_read_are_counted(report: Maker) -> None:
    """A story of very many reports is told from some of them."""
    assert tell_story(STORY, [report(1)], items=500).items == 500


def test_what_an_item_changes(report: Maker, official: Maker) -> None:
    """Any item is a report; another language and the first document are more than that; another script is not."""
    first = report(1)
    before = tell_story(STORY, [first])
    english, own, traditional = report(2, language="en"), official(), report(3, language="zh-Hant")

    def changes(added: Report) -> frozenset[StoryChange]:
        return changes_by(added.item, before=before, after=tell_story(STORY, [first, added]))

    assert changes(english) == {StoryChange.REPORT, StoryChange.NEW_LANGUAGE}
    assert changes(own) == {StoryChange.REPORT, StoryChange.PRIMARY_FOUND}
    assert changes(traditional) == {StoryChange.REPORT}
    assert changes(report(4, language="")) == {StoryChange.REPORT}


def test_a_better_document_is_no_first_one(official: Maker) -> None:
    """Only the first document of a story is news."""
    worse, better = official(8), official(9, document_numbers=("沪府办发〔2023〕10号",))
    before, after = tell_story(STORY, [worse]), tell_story(STORY, [worse, better])
    assert after.primary_item_id == better.item.id
    assert changes_by(better.item, before=before, after=after) == {StoryChange.REPORT}


def test_languages_without_their_script() -> None:
    """All Chinese is one language."""
    assert [base_language(code) for code in ("zh-Hant", "en", "")] == ["zh", "en", ""]


def test_the_order_of_items_does_not_count(report: Maker, official: Maker) -> None:
    """A story, its outlets and its document are told alike in whatever order items are given."""
    reports = [report(1), report(2, language="en", said={"act": "rule"}), report(3, hours=-1, said={"topics": ("ai",)})]
    reports += [official(8), official(9, document_numbers=("1号",))]
    told = {
        (tell_story(STORY, order), list_outlets(order, reports[0].item)) for order in map(list, permutations(reports))
    }
    assert len(told) == 1
