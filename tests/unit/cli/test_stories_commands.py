"""Stories on the command line: lists, one in full, and what a user says of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.item import StoryId
from core.source import SourceId
from core.stories import Kinship, Relation, StoryEvent, StoryEventKind
from core.story_facts import Report, tell_story
from hongtou.cli.stories_view import lead_words
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)


@pytest.fixture
def told(
    stored: SqlDatabase, make_item: Any, make_classification: Any, make_published: Any, clock_now: Any
) -> SqlDatabase:
    """Four stories: a draft, its final form with a report in English and the council's own page, a sibling, a plan."""
    at = make_published(at=clock_now - HOUR)
    judged = {"classification": make_classification(jurisdiction="cn", gloss="A blockchain plan")}
    shared = {"first_seen_at": clock_now, "published": at, **judged}
    council = SourceId("gov-cn-policy-latest")
    rows = [
        make_item(11, title="区块链管理办法（征求意见稿）", **shared),
        make_item(12, title="区块链管理办法公布", **shared),
        make_item(13, title="Blockchain rule issued", **{**shared, "published": make_published(at=clock_now)},
                  language="en", source_id=SourceId("ledger")),
        make_item(14, title="区块链管理办法", source_id=council, issuer="国务院", **shared),
        make_item(15, title="区块链另一项通知", **shared),
        make_item(16, title="某省区块链实施方案", **shared),
    ]  # fmt: skip
    with stored.unit_of_work() as uow:
        ids = [uow.items.add(row) for row in rows]
        for members in (ids[:1], ids[1:4], ids[4:5], ids[5:]):
            reports = [Report(item=item, source=None) for item in uow.items.get_many(members)]
            story = uow.stories.begin(tell_story(StoryId(0), reports))
            uow.stories.move(members, story)
            for item_id in members:
                event = StoryEvent(story_id=story, kind=StoryEventKind.REPORT, at=clock_now, item_id=item_id,
                                   reason="same document")  # fmt: skip
                uow.stories.note(event)
        for later, earlier, relation in (
            (2, 1, Relation.FINALISES),
            (3, 2, Relation.SIBLING),
            (4, 2, Relation.IMPLEMENTS),
        ):
            uow.stories.relate(
                Kinship(later=StoryId(later), earlier=StoryId(earlier), relation=relation, reason="it says so")
            )
        uow.commit()
    return stored


@pytest.fixture
def clock_now() -> Any:
    """The present: commands have a real clock."""
    return SystemClock().now()


def output(result: Any) -> str:
    """Return what a command that succeeded printed."""
    assert result.exit_code == 0, (result.output, result.exception)
    return str(result.output)


def test_stories_are_listed(commands: Any, told: SqlDatabase) -> None:
    """Those seen last first, with the number of reports; filters choose."""
    assert told.name
    shown = output(commands("stories", "list"))
    assert "区块链管理办法公布" in shown
    assert "A blockchain plan" in shown
    assert "3 of 3" in shown
    rows = json.loads(output(commands("stories", "list", "--json", "--limit", "2")))
    assert [row["id"] for row in rows] == [4, 3]
    assert rows[0]["topics"] == ["blockchain"]
    assert json.loads(output(commands("stories", "list", "--json", "--topic", "chips"))) == []
    assert json.loads(output(commands("stories", "list", "--json", "--jurisdiction", "us"))) == []
    assert json.loads(output(commands("stories", "list", "--json", "--act", "ban", "--all"))) == []
    [found] = json.loads(output(commands("stories", "list", "--json", "--text", "征求意见")))
    assert found["id"] == 1


def test_stories_are_found_by_their_titles(commands: Any, told: SqlDatabase) -> None:
    """Of any age."""
    assert told.name
    [found] = json.loads(output(commands("stories", "search", "某省", "--json")))
    assert found["id"] == 4
    assert "某省区块链实施方案" in output(commands("stories", "search", "某省"))


def test_a_story_is_shown_in_full(commands: Any, told: SqlDatabase) -> None:
    """Reports with reasons, the line of descent as a tree, siblings beside it, and the log."""
    assert told.name
    shown = output(commands("stories", "show", "2"))
    assert "same document" in shown
    assert "finalises: story 2" in shown
    assert "implements: story 4" in shown
    assert "Beside it: story 3" in shown
    assert "not seen yet" in shown
    alone = output(commands("stories", "show", "3"))
    assert "finalises" not in alone
    details = json.loads(output(commands("stories", "show", "2", "--json")))
    assert (details["primary"], details["names"], details["apart_from"]) == (None, [2], [])
    assert [outlet["source_id"] for outlet in details["outlets"]] == ["lianwen", "gov-cn-policy-latest", "ledger"]
    assert details["lineage"]["story"] == 1
    assert details["lineage"]["below"][0]["below"][0]["relation"] == "implements"
    assert details["siblings"][0]["story"] == 3
    assert details["reports"][0]["reason"] == "same document"


def test_the_document_and_the_leads_are_shown(commands: Any, told: SqlDatabase) -> None:
    """Once what is known of a story is refreshed by a user's word, its own page is found by the catalogue's sources."""
    output(commands("stories", "merge", "2", "3"))
    shown = output(commands("stories", "show", "2"))
    assert "Document: item" in shown
    assert "+1.0 h" in shown
    assert "Also known as story 3" in shown
    details = json.loads(output(commands("stories", "show", "3", "--json")))
    assert details["primary"]["title"] == "区块链管理办法"
    assert [outlet["lead_s"] for outlet in details["outlets"]] == [0.0, 0.0, 3600.0]
    assert told.name


def test_a_story_is_split_and_merged(commands: Any, told: SqlDatabase) -> None:
    """What was split is shown, and put together again by hand only."""
    with told.reading() as uow:
        first = uow.stories.items(StoryId(2))[-1]
    assert "Story 5 has now 1 of its items" in output(commands("stories", "split", "2", str(first.id)))
    shown = output(commands("stories", "show", "5"))
    assert "Split by a user from story 2" in shown
    merged = json.loads(output(commands("stories", "merge", "5", "2", "--json")))
    assert (merged["id"], merged["items"]) == (5, 3)
    assert "Split by" not in output(commands("stories", "show", "2"))


def test_a_split_story_can_be_told(commands: Any, told: SqlDatabase) -> None:
    """To the channels of the routes that want it, and to them once."""
    with told.reading() as uow:
        first = uow.stories.items(StoryId(2))[-1]
    new = json.loads(output(commands("stories", "split", "2", str(first.id), "--tell", "--json")))
    assert (new["id"], new["alerts"]) == (5, 2)
    details = json.loads(output(commands("stories", "show", "5", "--json")))
    assert {alert["route"] for alert in details["alerts"]} == {"now", "daily"}
    assert "Told" in output(commands("stories", "show", "5"))


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("show", "99"), "there is no story 99"),
        (("split", "99", "1"), "there is no story 99"),
        (("split", "1", "9999"), "not in story 1"),
        (("merge", "1", "1"), "name at least two"),
    ],
)
def test_what_cannot_be_done_is_told(commands: Any, told: SqlDatabase, arguments: tuple[str, ...], advice: str) -> None:
    """With what to do instead, and the exit code of wrong use."""
    assert told.name
    failed = commands("stories", *arguments)
    assert failed.exit_code == 2
    assert advice in " ".join(failed.output.replace("│", " ").split())


def test_items_name_their_story(commands: Any, told: SqlDatabase) -> None:
    """With the number of its reports in lists, and in full when one is shown."""
    assert told.name
    assert "2 (3)" in output(commands("items", "list"))
    shown = json.loads(output(commands("items", "show", "4")))
    assert shown["story"]["items"] == 3
    assert json.loads(output(commands("items", "show", "1")))["story"] is None


def test_leads_are_short() -> None:
    """In minutes, hours or days, with their sign."""
    spans = [None, timedelta(), timedelta(minutes=-40), 3.5 * HOUR, 47 * HOUR, -72 * HOUR]
    assert [lead_words(span) for span in spans] == ["", "+0 min", "-40 min", "+3.5 h", "+47.0 h", "-3 d"]
