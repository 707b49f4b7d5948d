"""One transaction: all or nothing, typed faults, and nothing left behind, on every database."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest

from core.alert import AlertState, RouteId
from core.errors import StorageError
from core.item import ItemId
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.alert import NewAlert
    from core.item import Item
    from storage.database import SqlDatabase

T = TypeVar("T")
SHORT, MINUTE = timedelta(milliseconds=50), timedelta(minutes=1)


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.integration)], indirect=True)
def test_a_lost_server_is_a_storage_error_and_a_returned_one_is_used_again(
    database: SqlDatabase,
    now: datetime,
    query: Callable[[str], list[tuple[object, ...]]],
    make_new_alert: Callable[..., NewAlert],
) -> None:
    """When PostgreSQL drops the connection, the unit of work fails with a typed error and the next connects anew."""
    end = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'hongtou' AND datname = current_database()"
    )
    with database.unit_of_work() as unit:
        unit.outbox.add(make_new_alert(item_id=None))
        assert query(end) == [(1,)]
        with pytest.raises(StorageError, match=r"went away|cannot be reached"):
            unit.outbox.set_digest_closed_at(RouteId("r"), now)
    query(end)
    with database.unit_of_work() as unit:
        assert unit.outbox.counts() == {}


def test_leaving_without_commit_stores_nothing(
    database: SqlDatabase, now: datetime, make_item: Callable[..., Item], make_new_alert: Callable[..., NewAlert]
) -> None:
    """An item without its alert, or an alert without its item, is never left behind by a crash between the two."""

    def store_and_fail() -> None:
        with database.unit_of_work() as unit:
            item_id = unit.items.add(make_item())
            unit.outbox.add(make_new_alert(item_id=item_id))
            unit.sources.register([SourceId("a")], now=now)
            raise KeyError("the classifier has a bug")

    with pytest.raises(KeyError):
        store_and_fail()
    with database.unit_of_work() as unit:
        assert (unit.items.count(), unit.outbox.counts(), unit.sources.all()) == (0, {}, ())


def test_a_unit_can_commit_more_than_once(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """What came before the last commit stays; what came after it goes."""
    with database.unit_of_work() as unit:
        unit.items.add(make_item(1))
        unit.commit()
        unit.items.add(make_item(2))
        unit.commit()
        unit.items.add(make_item(3))
    with database.unit_of_work() as unit:
        assert unit.items.count() == 2


def test_nothing_is_seen_before_it_is_committed(
    database: SqlDatabase, query: Callable[[str], list[tuple[object, ...]]], make_item: Callable[..., Item]
) -> None:
    """Another program sees a unit of work whole or not at all."""
    with database.unit_of_work() as unit:
        unit.items.add(make_item())
        assert query("SELECT count(*) FROM items") == [(0,)]
        unit.commit()
        assert query("SELECT count(*) FROM items") == [(1,)]


def test_an_unused_unit_takes_no_lock(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """A unit of work that has done nothing yet does not hold up another."""
    with database.unit_of_work(), database.unit_of_work() as other:
        other.items.add(make_item())
        other.commit()


def test_a_reader_and_a_writer_do_not_wait_for_each_other(
    address: str, open_database: Callable[..., SqlDatabase], make_item: Callable[..., Item]
) -> None:
    """Reading sees the state before an open writer, a writer commits beside an open reader, who still sees it."""
    database = open_database(address, lock_timeout=SHORT)
    with database.unit_of_work() as writer:
        writer.items.add(make_item(1))
        with database.reading() as reader:
            assert reader.items.count() == 0
        with database.reading() as reader:
            assert reader.items.get(ItemId(1)) is None
            writer.commit()
    with database.reading() as reader:
        assert reader.items.count() == 1


def test_a_reader_cannot_write(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """What writes is refused in words, and a unit of work for writing goes on as ever."""
    with database.reading() as reader, pytest.raises(StorageError):
        reader.items.add(make_item(1))
    with database.unit_of_work() as unit:
        assert unit.items.add(make_item(1))
        unit.commit()
    with database.reading() as reader:
        assert reader.items.count() == 1


def test_two_workers_claim_disjoint_alerts(
    database: SqlDatabase, now: datetime, make_new_alert: Callable[..., NewAlert]
) -> None:
    """Four threads that claim in small portions get every alert exactly once."""
    with database.unit_of_work() as unit:
        ids = {unit.outbox.add(make_new_alert(n, item_id=None)) for n in range(60)}
        unit.commit()
    claimed = _race(database, lambda unit: [alert.id for alert in unit.outbox.claim(now=now, limit=4, lease=MINUTE)])
    assert len(claimed) == len(set(claimed)) == 60
    assert set(claimed) == ids


def test_two_workers_claim_disjoint_sources(database: SqlDatabase, now: datetime) -> None:
    """Four threads that claim due sources get every one exactly once."""
    ids = [SourceId(f"s{n:02}") for n in range(60)]
    with database.unit_of_work() as unit:
        unit.sources.register(ids, now=now)
        unit.commit()
    claimed = _race(
        database,
        lambda unit: [state.source_id for state in unit.sources.claim_due(now=now, limit=4, lease=MINUTE, among=ids)],
    )
    assert sorted(claimed) == ids


def test_one_of_two_units_that_add_one_dedup_key_wins(
    database: SqlDatabase, make_new_alert: Callable[..., NewAlert]
) -> None:
    """When the same alert is added in two units at once, one gets an id and the other None, whoever is first."""
    results: list[object] = []
    barrier = threading.Barrier(4)

    def add() -> None:
        barrier.wait()
        for n in range(15):
            with database.unit_of_work() as unit:
                results.append(unit.outbox.add(make_new_alert(n, item_id=None)))
                unit.commit()

    _run_threads(add)
    assert len([one for one in results if one is not None]) == 15
    assert len(results) == 60
    with database.unit_of_work() as unit:
        assert unit.outbox.counts() == {AlertState.PENDING: 15}


def test_one_of_two_units_that_add_one_item_wins(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """When two sources bring one new address at once, one stores it and the other is told that it is there."""
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def add() -> None:
        barrier.wait()
        for n in range(15):
            with database.unit_of_work() as unit:
                try:
                    unit.items.add(make_item(n))
                except StorageError:
                    outcomes.append("refused")
                else:
                    unit.commit()
                    outcomes.append("stored")

    _run_threads(add)
    assert (outcomes.count("stored"), outcomes.count("refused")) == (15, 45)
    with database.unit_of_work() as unit:
        assert unit.items.count() == 15


def _race(database: SqlDatabase, claim: Callable[..., list[T]]) -> list[T]:
    claimed: list[T] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        while True:
            with database.unit_of_work() as unit:
                mine = claim(unit)
                unit.commit()
            if not mine:
                return
            claimed.extend(mine)

    _run_threads(work)
    return claimed


def _run_threads(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
