"""Keys of copies, and lines that recur, are remembered and found again on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import StorageError
from core.item import ItemId, StoryId
from core.near_duplicates import Candidate, Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any

    from core.item import Item
    from core.near_duplicate_repository import NearDuplicateRepository
    from storage.database import SqlDatabase

DAY = timedelta(days=1)
LOW, HIGH = -(1 << 63), (1 << 63) - 1
"""The least and the greatest key."""


@pytest.fixture
def store(database: SqlDatabase, make_item: Callable[..., Item]) -> Callable[..., ItemId]:
    """Storer of an item with keys."""

    def put(n: int, *keys: int, version: str = "1", **fields: Any) -> ItemId:
        item = make_item(n, **fields)
        with database.unit_of_work() as unit:
            item_id = unit.items.add(item)
            unit.near_duplicates.put(item_id, keys, seen_at=item.first_seen_at, version=version)
            unit.commit()
        return item_id

    return put


def found(
    database: SqlDatabase, *keys: int, since: datetime, limit: int = 9, besides: ItemId | None = None
) -> list[int]:
    """Return the ids of candidates."""
    with database.unit_of_work() as unit:
        return [one.item_id for one in unit.near_duplicates.candidates(keys, since=since, limit=limit, besides=besides)]


def test_candidates_come_with_their_words_those_with_most_keys_first(
    database: SqlDatabase, store: Callable[..., ItemId], now: datetime
) -> None:
    """Items with a key in common are found, whatever its sign; equally near ones in order of their ids."""
    one = store(1, LOW, 5, text="甲")
    two = store(2, LOW, 5, HIGH, text="", summary="乙", story_id=StoryId(7))
    three = store(3, HIGH, 7)
    store(4, 8)
    with database.unit_of_work() as unit:
        candidates = unit.near_duplicates.candidates((HIGH, 5, LOW), since=now, limit=9)
        items = unit.items.get_many([two, one, three])
    assert candidates == tuple(
        Candidate(
            item_id=item.id,
            story_id=StoryId(7) if item.id == two else None,
            source_id=item.source_id,
            words=Words(title=item.title, text=item.text or item.summary),
        )
        for item in items
    )


def test_no_key_finds_nothing(database: SqlDatabase, store: Callable[..., ItemId], now: datetime) -> None:
    """A text that tells nothing has no candidates, and is nobody's."""
    store(1)
    store(2, 5)
    assert found(database, since=now) == []


def test_candidates_are_of_the_window_and_never_the_item_itself(
    database: SqlDatabase, store: Callable[..., ItemId], now: datetime
) -> None:
    """Items first seen before the window are not found, nor the one to be left out."""
    store(1, 5, first_seen_at=now - DAY)
    own = store(2, 5)
    other = store(3, 5)
    assert found(database, 5, since=now, besides=own) == [other]


def test_a_key_of_many_items_leads_to_its_newest_holders(
    database: SqlDatabase, store: Callable[..., ItemId], now: datetime
) -> None:
    """However common a key is, no more holders than the limit are looked at, and rarer keys still count."""
    rare = store(1, 5, 6)
    common = [store(n, 5) for n in range(2, 7)]
    assert found(database, 5, since=now, limit=2) == common[-2:]
    assert found(database, 5, 6, since=now, limit=2) == [rare, common[-2]]


def test_keys_are_replaced(database: SqlDatabase, store: Callable[..., ItemId], now: datetime) -> None:
    """After an item was fingerprinted again it is found under its new keys only."""
    item_id = store(1, 5, 6)
    with database.unit_of_work() as unit:
        unit.near_duplicates.put(item_id, (6, 7), seen_at=now, version="2")
        unit.commit()
    assert [found(database, key, since=now) for key in (5, 6, 7)] == [[], [item_id], [item_id]]


def test_what_was_not_committed_is_not_indexed(
    database: SqlDatabase, make_item: Callable[..., Item], now: datetime
) -> None:
    """An item and its keys are stored together or not at all."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item())
        unit.near_duplicates.put(item_id, (5,), seen_at=now, version="1")
    assert found(database, 5, since=now) == []


def test_items_without_keys_of_the_version_are_told(
    database: SqlDatabase, store: Callable[..., ItemId], make_item: Callable[..., Item], now: datetime
) -> None:
    """Items that were never fingerprinted, or by another version, are found, the oldest first, within the window."""
    store(1, 5, version="2")
    old_version = store(2, 5, first_seen_at=now + DAY)
    with database.unit_of_work() as unit:
        never = unit.items.add(make_item(3))
        unit.items.add(make_item(4, first_seen_at=now - DAY))
        unit.commit()
    with database.unit_of_work() as unit:
        assert [one.id for one in unit.near_duplicates.unindexed(since=now, version="2", limit=9)] == [
            never,
            old_version,
        ]
        assert [one.id for one in unit.near_duplicates.unindexed(since=now, version="2", limit=1)] == [never]


def test_pruning_forgets_the_oldest(database: SqlDatabase, store: Callable[..., ItemId], now: datetime) -> None:
    """Keys of items first seen before a moment go, so many at a time, and leave nothing behind."""
    for n in range(3):
        store(n + 1, 5, n + 10, first_seen_at=now + n * DAY)
    with database.unit_of_work() as unit:
        assert unit.near_duplicates.prune(before=now + 2 * DAY, limit=1) == 1
        unit.commit()
    assert found(database, 5, since=now) == [2, 3]
    with database.unit_of_work() as unit:
        assert [unit.near_duplicates.prune(before=now + 2 * DAY, limit=9) for _ in range(2)] == [1, 0]
        unit.commit()
    assert found(database, 5, 10, 11, 12, since=now) == [3]


def test_keys_outlive_their_item_until_they_are_pruned(database: SqlDatabase, now: datetime) -> None:
    """Keys of an item that is gone lead nowhere, and can still be pruned."""
    with database.unit_of_work() as unit:
        unit.near_duplicates.put(ItemId(99), (5,), seen_at=now, version="1")
        assert unit.near_duplicates.candidates((5,), since=now, limit=9) == ()
        assert unit.near_duplicates.prune(before=now + DAY, limit=9) == 1


def test_lines_recur_from_so_many_items(database: SqlDatabase, now: datetime) -> None:
    """A line recurs when it was noted for enough items."""
    with database.unit_of_work() as unit:
        for lines in ([LOW, HIGH, 3], [HIGH, 3], [HIGH], []):
            unit.near_duplicates.note_lines(lines, seen_at=now)
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.near_duplicates.recurring((LOW, HIGH, 3, 4), least=2) == {HIGH, 3}
        assert unit.near_duplicates.recurring((LOW, HIGH, 3, 4), least=3) == {HIGH}


def test_lines_are_forgotten_rare_ones_sooner(database: SqlDatabase, now: datetime) -> None:
    """Lines not met for long go, and rare ones before; one that is met again stays."""
    with database.unit_of_work() as unit:
        lines = unit.near_duplicates
        for line, times, age in ((1, 1, 9), (2, 1, 3), (3, 2, 9), (4, 2, 3), (5, 1, 1)):
            for _ in range(times):
                lines.note_lines([line], seen_at=now - age * DAY)
        assert lines.prune_lines(before=now - 5 * DAY, rare_before=now - 2 * DAY, least=2) == 3
        assert lines.recurring(range(6), least=1) == {4, 5}


METHODS: dict[str, Callable[[NearDuplicateRepository, datetime], object]] = {
    "put": lambda keys, now: keys.put(ItemId(1), (5,), seen_at=now, version="1"),
    "candidates": lambda keys, now: keys.candidates((5,), since=now, limit=9),
    "recurring": lambda keys, _now: keys.recurring((5,), least=1),
    "note_lines": lambda keys, now: keys.note_lines((5,), seen_at=now),
    "unindexed": lambda keys, now: keys.unindexed(since=now, version="1", limit=9),
    "prune": lambda keys, now: keys.prune(before=now, limit=9),
    "prune_lines": lambda keys, now: keys.prune_lines(before=now, rare_before=now, least=1),
}


@pytest.mark.parametrize("method", METHODS)
def test_a_locked_database_is_a_storage_error(
    open_database: Callable[..., SqlDatabase],
    address: str,
    locked: Callable[[], AbstractContextManager[None]],
    now: datetime,
    method: str,
) -> None:
    """Every method raises StorageError while another program holds the database."""
    database = open_database(address, lock_timeout=timedelta(milliseconds=50))
    with locked(), database.unit_of_work() as unit, pytest.raises(StorageError):
        METHODS[method](unit.near_duplicates, now)


def test_a_candidate_may_be_in_no_story(database: SqlDatabase, store: Callable[..., ItemId], now: datetime) -> None:
    """An item that was not linked yet is found as well."""
    item_id = store(1, 5)
    with database.unit_of_work() as unit:
        (candidate,) = unit.near_duplicates.candidates((5,), since=now, limit=1)
    assert candidate == replace(candidate, item_id=item_id, story_id=None)
