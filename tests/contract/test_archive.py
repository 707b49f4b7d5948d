"""The archive is read in portions, whole and once, on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertKind
from core.backtest import Span, Verdict
from core.item import StoryId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Item, ItemId
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)


def store(database: SqlDatabase, *items: Item) -> list[ItemId]:
    """Store items and return their ids."""
    with database.unit_of_work() as unit:
        ids = [unit.items.add(item) for item in items]
        unit.commit()
    return ids


def test_spans_cover_what_is_young_enough_once(
    database: SqlDatabase, make_item: Callable[..., Item], now: datetime
) -> None:
    """Every young item is in one span, whatever order the items were seen in; old ones between them are left out."""
    ages = (0, 5, 1, 1, 9, 2, 0, 3)
    ids = store(database, *(make_item(n, first_seen_at=now - age * HOUR) for n, age in enumerate(ages, start=1)))
    with database.reading() as unit:
        spans = unit.items.spans(since=now - 3 * HOUR, size=2)
        found = [[item.id for item in unit.items.archived(span)] for span in spans]
    young = [item_id for item_id, age in zip(ids, ages, strict=True) if age <= 3]
    assert [item for portion in found for item in portion] == young
    assert [span.items for span in spans] == [len(portion) for portion in found] == [2, 2, 2]


def test_a_limit_takes_the_last_seen(database: SqlDatabase, make_item: Callable[..., Item], now: datetime) -> None:
    """So many of the youngest, and those seen at the same moment as the last of them."""
    ids = store(
        database, *(make_item(n, first_seen_at=now - age * HOUR) for n, age in enumerate((4, 0, 1, 1), start=1))
    )

    def found(limit: int) -> list[ItemId]:
        with database.reading() as unit:
            spans = unit.items.spans(since=now - 9 * HOUR, size=9, limit=limit)
            return [item.id for span in spans for item in unit.items.archived(span)]

    assert found(1) == [ids[1]]
    assert found(2) == ids[1:]
    assert found(4) == found(99) == ids


def test_what_is_needed_to_judge_again_comes_back(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Any], now: datetime
) -> None:
    """Words, context, the stored verdict, and None where there is none."""
    judged = make_item(
        1,
        classification=make_classification(),
        document_numbers=("沪府〔2023〕1号",),
        issuer="某市政府",
        story_id=StoryId(3),
    )
    store(database, judged, make_item(2, classification=None, baseline=True))
    with database.reading() as unit:
        (span,) = unit.items.spans(since=now, size=9)
        first, second = unit.items.archived(span)
    for name in ("source_id", "url", "title", "text", "summary", "language", "published", "issuer", "document_numbers"):
        assert getattr(first, name) == getattr(judged, name)
    assert first.stored == Verdict(relevant=True, score=0.9, topics=("blockchain",), act="plan")
    assert (first.story_id, first.baseline, first.first_seen_at) == (StoryId(3), False, now)
    assert (second.stored, second.baseline, second.classification) == (None, True, None)


def test_keys_of_alerts_are_found_by_item_and_by_name(
    database: SqlDatabase, make_item: Callable[..., Item], make_new_alert: Callable[..., Any], now: datetime
) -> None:
    """Of a span only alerts about single items that are young enough; by name whatever is in the outbox."""
    young, old = store(database, make_item(1), make_item(2, first_seen_at=now - HOUR))
    with database.unit_of_work() as unit:
        unit.outbox.add(make_new_alert(1, item_id=young, dedup_key="a/b/story-1"))
        unit.outbox.add(make_new_alert(2, item_id=old, dedup_key="a/b/story-2"))
        unit.outbox.add(make_new_alert(3, item_id=young, dedup_key="n", kind=AlertKind.NOTICE))
        unit.commit()
    with database.reading() as unit:
        assert unit.outbox.item_keys(Span(first=young, last=old, since=now, items=2)) == {"a/b/story-1"}
        assert unit.outbox.item_keys(Span(first=old, last=old, since=now - HOUR, items=1)) == {"a/b/story-2"}
        assert unit.outbox.stored_keys(["a/b/story-2", "n", "unknown"]) == {"a/b/story-2", "n"}
        assert unit.outbox.stored_keys([]) == frozenset()
