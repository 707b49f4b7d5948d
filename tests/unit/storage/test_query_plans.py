"""The queries of the daily round find their rows through indexes, so that they stay fast as the archive grows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from core.alert import AlertId, ChannelId, RouteId
from core.backtest import Span
from core.item import ItemId
from core.labels import Wanted
from core.source import SourceId
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from core.item import Entry
    from storage.unit_of_work import SqlUnitOfWork

MINUTE = timedelta(minutes=1)
ROUTE, DESK = RouteId("daily"), ChannelId("desk")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqlDatabase]:
    """An empty SQLite database."""
    with SqlDatabase(f"sqlite:///{tmp_path}/hongtou.db") as opened:
        opened.migrate()
        yield opened


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
    "members": lambda unit, _now, _entry: unit.outbox.members(AlertId(1)),
}


@pytest.mark.parametrize("query", ROUND)
def test_no_query_of_the_round_reads_a_whole_table(
    database: SqlDatabase, now: datetime, make_entry: Callable[..., Entry], query: str
) -> None:
    """SQLite searches, and nowhere scans, the tables that grow."""
    asked: list[tuple[str, object]] = []
    event.listen(
        database._engine, "before_cursor_execute", lambda _connection, _cursor, *call: asked.append((call[0], call[1]))
    )
    with database.unit_of_work() as unit:
        unit.sources.register([SourceId("a")], now=now)
        asked.clear()
        ROUND[query](unit, now, make_entry(guid="g"))
    with database._engine.connect() as connection:
        plans = [
            row[3]
            for statement, values in tuple(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert plans
    # A virtual table is a list that was given, no table of ours.
    assert [step for step in plans if step.startswith("SCAN") and "VIRTUAL TABLE" not in step] == []
