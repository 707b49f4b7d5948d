"""The queries of the daily round find their rows through indexes, so that they stay fast as the archive grows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from core.alert import AlertId, ChannelId, RouteId
from core.backtest import Span
from core.item import ItemId, StoryId
from core.labels import Wanted
from core.source import SourceId
from core.stories import Kinship, Relation, Story, WantedStories
from core.story_traits import StoryMarks, StoryTraits
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from core.item import Entry, Item
    from storage.unit_of_work import SqlUnitOfWork

MINUTE = timedelta(minutes=1)
ROUTE, DESK = RouteId("daily"), ChannelId("desk")


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty SQLite database."""
    with SqlDatabase(f"sqlite:///{empty_file}") as opened:
        yield opened


KINSHIP = Kinship(later=StoryId(2), earlier=StoryId(1), relation=Relation.FOLLOWS)


def marks(now: datetime) -> StoryMarks:
    """Return the marks of an item with two keys."""
    return StoryMarks(traits=StoryTraits(published_at=now), keys=(1, 2))


def _span(now: datetime) -> Span:
    return Span(first=ItemId(1), last=ItemId(9), since=now, items=9)


ROUND: dict[str, Callable[[SqlUnitOfWork, datetime, Entry], object]] = {
    "known": lambda unit, _now, entry: unit.items.known([entry]),
    "get_many": lambda unit, _now, _entry: unit.items.get_many([ItemId(1), ItemId(2)]),
    "recent": lambda unit, now, _entry: unit.items.recent(since=now, limit=9),
    "recent_relevant": lambda unit, now, _entry: unit.items.recent_relevant(since=now, limit=9),
    "unclassified": lambda unit, _now, _entry: unit.items.unclassified(limit=9),
    "revisions": lambda unit, _now, _entry: unit.items.revisions(ItemId(1)),
    "claim": lambda unit, now, _entry: unit.outbox.claim(now=now, limit=9, lease=MINUTE),
    "release_claims": lambda unit, _now, _entry: unit.outbox.release_claims(),
    "held_routes": lambda unit, _now, _entry: unit.outbox.held_routes(),
    "bundle": lambda unit, now, _entry: unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9),
    "news_hours": lambda unit, now, _entry: unit.health.news_hours(SourceId("a"), since=now),
    "open_incidents": lambda unit, _now, _entry: unit.health.open_incidents(SourceId("a")),
    "unsettled": lambda unit, _now, _entry: unit.health.unsettled(),
    "channels_told": lambda unit, _now, _entry: unit.outbox.channels_told(ItemId(1)),
    "enrol": lambda unit, now, _entry: unit.rechecks.enrol(since=now, after=MINUTE, limit=9),
    "due": lambda unit, now, _entry: unit.rechecks.due(now=now, limit=9, among=[SourceId("a")]),
    "of_items": lambda unit, _now, _entry: unit.rechecks.of_items([ItemId(1)]),
    "of_items of labels": lambda unit, _now, _entry: unit.labels.of_items([ItemId(1)]),
    "candidates": lambda unit, now, _entry: unit.labels.candidates(Wanted(since=now), limit=9),
    "spans": lambda unit, now, _entry: unit.items.spans(since=now, size=9),
    "archived": lambda unit, now, _entry: unit.items.archived(_span(now)),
    "item_keys": lambda unit, now, _entry: unit.outbox.item_keys(_span(now)),
    "stored_keys": lambda unit, _now, _entry: unit.outbox.stored_keys(["a/b/story-1"]),
    "copies": lambda unit, now, _entry: unit.near_duplicates.candidates((1, 2), since=now, limit=9),
    "keys": lambda unit, now, _entry: unit.near_duplicates.put(ItemId(1), (1, 2), seen_at=now, version="1"),
    "recurring": lambda unit, _now, _entry: unit.near_duplicates.recurring((1, 2), least=3),
    "unindexed": lambda unit, now, _entry: unit.near_duplicates.unindexed(since=now, version="1", limit=9),
    "prune": lambda unit, now, _entry: unit.near_duplicates.prune(before=now, limit=9),
    "prune_lines": lambda unit, now, _entry: unit.near_duplicates.prune_lines(before=now, rare_before=now, least=3),
    "stories": lambda unit, _now, _entry: unit.stories.get_many([StoryId(1), StoryId(2)]),
    "list": lambda unit, now, _entry: unit.stories.list(WantedStories(since=now), limit=9),
    "last": lambda unit, _now, _entry: unit.stories.list(WantedStories(), limit=9),
    "items of a story": lambda unit, _now, _entry: unit.stories.items(StoryId(1)),
    "count_items": lambda unit, _now, _entry: unit.stories.count_items(StoryId(1)),
    "unlinked": lambda unit, _now, _entry: unit.stories.unlinked(limit=9),
    "move": lambda unit, _now, _entry: unit.stories.move([ItemId(1)], StoryId(1)),
    "merge": lambda unit, _now, _entry: unit.stories.merge(StoryId(1), StoryId(2)),
    "names": lambda unit, _now, _entry: unit.stories.names(StoryId(1)),
    "apart_from": lambda unit, _now, _entry: unit.stories.apart_from([StoryId(1), StoryId(2)]),
    "keep_apart": lambda unit, _now, _entry: unit.stories.keep_apart(StoryId(1), StoryId(2)),
    "let_together": lambda unit, _now, _entry: unit.stories.let_together(StoryId(1), StoryId(2)),
    "relate": lambda unit, _now, _entry: unit.stories.relate(KINSHIP),
    "kin": lambda unit, _now, _entry: unit.stories.kin(StoryId(1)),
    "events": lambda unit, _now, _entry: unit.stories.events(StoryId(1)),
    "alerts": lambda unit, _now, _entry: unit.stories.alerts(StoryId(1)),
    "tellings": lambda unit, now, _entry: unit.stories.index.candidates((1, 2), since=now, limit=9),
    "marks": lambda unit, now, _entry: unit.stories.index.put(ItemId(1), marks(now), seen_at=now, version="1"),
    "traits": lambda unit, _now, _entry: unit.stories.index.of_items([ItemId(1), ItemId(2)]),
    "firsts": lambda unit, _now, _entry: unit.stories.index.of_stories([StoryId(1), StoryId(2)], each=2),
    "unread": lambda unit, now, _entry: unit.stories.index.unread(since=now, version="1", limit=9),
    "prune of marks": lambda unit, now, _entry: unit.stories.prune(before=now, relevant_before=now, limit=9),
    "members": lambda unit, _now, _entry: unit.outbox.members(AlertId(1)),
}


@pytest.mark.parametrize("query", ROUND)
def test_no_query_of_the_round_reads_a_whole_table(
    database: SqlDatabase, now: datetime, make_entry: Callable[..., Entry], make_item: Callable[..., Item], query: str
) -> None:
    """SQLite searches, and nowhere scans, the tables that grow."""
    asked: list[tuple[str, object]] = []
    event.listen(
        database._engine, "before_cursor_execute", lambda _connection, _cursor, *call: asked.append((call[0], call[1]))
    )
    with database.unit_of_work() as unit:
        unit.sources.register([SourceId("a")], now=now)
        for _ in range(2):
            unit.stories.begin(Story(id=StoryId(0), title="", began_at=now, first_seen_at=now, last_seen_at=now))
        item_id = unit.items.add(make_item())
        unit.stories.move([item_id], StoryId(1))
        unit.stories.index.put(item_id, marks(now), seen_at=now, version="0")
        unit.stories.relate(KINSHIP)
        asked.clear()
        ROUND[query](unit, now, make_entry(guid="g"))
    with database._engine.connect() as connection:
        plans = [
            row[3]
            for statement, values in tuple(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert plans
    # A virtual table is a list that was given, and a constant row a number: no tables of ours.
    scans = [step for step in plans if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"]
    assert [step for step in scans if "VIRTUAL TABLE" not in step] == []
