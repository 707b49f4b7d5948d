"""Looks at flagged items are remembered, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertKind, AlertState, ChannelId
from core.item import ItemId
from core.recheck import Recheck
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Item
    from storage.database import SqlDatabase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OURS = [SourceId("lianwen")]


def store(database: SqlDatabase, *items: Item) -> list[ItemId]:
    """Store items and return their ids."""
    with database.unit_of_work() as unit:
        ids = [unit.items.add(item) for item in items]
        unit.commit()
    return ids


def test_flagged_items_are_enrolled_once(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Any], now: datetime
) -> None:
    """Relevant news with an address is; what is irrelevant, unjudged, baseline, old or without a page is not."""
    flagged = make_classification()
    ids = store(
        database,
        make_item(1, classification=flagged),
        make_item(2, classification=make_classification(relevant=False)),
        make_item(3, classification=None),
        make_item(4, classification=flagged, baseline=True),
        make_item(5, classification=flagged, first_seen_at=now - 31 * DAY),
        make_item(6, classification=flagged, url="", canonical_url="", guid="g6"),
    )
    with database.unit_of_work() as unit:
        assert unit.rechecks.enrol(since=now - 30 * DAY, after=HOUR, limit=9) == 1
        assert unit.rechecks.enrol(since=now - 30 * DAY, after=HOUR, limit=9) == 0
        assert unit.rechecks.of_items(ids) == {ids[0]: Recheck(item_id=ids[0], due_at=now + HOUR)}
        unit.commit()


def test_due_looks_come_in_order_within_bounds(
    database: SqlDatabase, make_item: Callable[..., Item], now: datetime
) -> None:
    """The longest due comes first; what is due later, never, or of a source not asked for stays."""
    ids = store(database, *(make_item(n) for n in range(1, 6)), make_item(6, source_id=SourceId("other")))
    dues = [now, now - HOUR, now + HOUR, None, now - DAY, now]
    with database.unit_of_work() as unit:
        for item_id, due_at in zip(ids, dues, strict=True):
            unit.rechecks.put(Recheck(item_id=item_id, due_at=due_at))
        due = unit.rechecks.due(now=now, limit=9, among=OURS)
        assert [recheck.item_id for recheck in due] == [ids[4], ids[1], ids[0]]
        assert unit.rechecks.due(now=now, limit=1, among=OURS) == due[:1]
        assert unit.rechecks.due(now=now, limit=9, among=[]) == ()


def test_what_is_put_comes_back(database: SqlDatabase, make_item: Callable[..., Item], now: datetime) -> None:
    """Every field survives, and a later state replaces an earlier one."""
    (item_id,) = store(database, make_item(1))
    removed = Recheck(
        item_id=item_id, due_at=now, looks=3, failures=1, missing=2, last_look_at=now - HOUR, last_reason="gone",
        removed_at=now - HOUR, removal="gone", removals=1, returned_at=now - DAY,
    )  # fmt: skip
    with database.unit_of_work() as unit:
        unit.rechecks.put(removed)
        assert unit.rechecks.of_items([item_id]) == {item_id: removed}
        later = replace(removed, due_at=None, removed_at=None, removal="", returned_at=now)
        unit.rechecks.put(later)
        assert unit.rechecks.of_items([item_id, ItemId(99)]) == {item_id: later}


def test_who_was_told_of_an_item(
    database: SqlDatabase, make_item: Callable[..., Item], make_new_alert: Callable[..., Any]
) -> None:
    """Every channel once that was or will be told, by whatever route; not those whose alert died or told of others."""
    one, other = store(database, make_item(1), make_item(2))
    rows = [
        ("now/desk", "desk", one, AlertState.PENDING, AlertKind.ITEM),
        ("daily/desk", "desk", one, AlertState.HELD, AlertKind.ITEM),
        ("now/team", "team", one, AlertState.HELD, AlertKind.ITEM),
        ("now/dead", "dead", one, AlertState.DEAD, AlertKind.ITEM),
        ("notice", "operator", one, AlertState.PENDING, AlertKind.NOTICE),
        ("now/else", "else", other, AlertState.PENDING, AlertKind.ITEM),
    ]
    with database.unit_of_work() as unit:
        for key, channel, item_id, state, kind in rows:
            unit.outbox.add(
                make_new_alert(dedup_key=key, channel=ChannelId(channel), item_id=item_id, state=state, kind=kind)
            )
        assert unit.outbox.channels_told(one) == (ChannelId("desk"), ChannelId("team"))
        assert unit.outbox.channels_told(ItemId(99)) == ()
