"""What the housekeeper forgets, and when it tidies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hongtou.item_retention import Housekeeper, ItemRetention, prune_items
from hongtou.offload import ThreadOffload
from scheduler.cron import ApsCron
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.classification import Classification
    from core.item import Item

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_DAY = timedelta(days=1)


@pytest.fixture
def database(
    empty_file: Path, make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> Iterator[SqlDatabase]:
    """Give a database with three irrelevant items of 10, 100 and 1000 days."""
    with SqlDatabase(f"sqlite:///{empty_file}") as database:
        with database.unit_of_work() as uow:
            for age in (10, 100, 1000):
                judged = make_classification(relevant=False)
                uow.items.add(make_item(age, classification=judged, first_seen_at=_NOW - age * _DAY))
            uow.commit()
        yield database


class _Clock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment that it was set to."""
        return self.moment


class _Tidy:
    def __init__(self) -> None:
        self.times = 0

    def tidy(self, *, whole: bool) -> None:
        """Count."""
        assert not whole
        self.times += 1


@pytest.mark.parametrize(("days", "left"), [(0, 3), (50, 1), (500, 2), (5000, 3)])
def test_what_is_old_enough_goes(database: SqlDatabase, days: int, left: int) -> None:
    """Items older than the bound go; with none, all are kept."""
    retention = ItemRetention(irrelevant=days * _DAY, remember=_DAY)
    prune_items(database, retention, now=_NOW)
    with database.unit_of_work() as uow:
        assert uow.items.count() == left


def test_that_they_were_there_is_forgotten_later(database: SqlDatabase) -> None:
    """Keys of what was pruned stay until they are old themselves."""
    retention = ItemRetention(irrelevant=50 * _DAY, remember=10 * _DAY)
    assert prune_items(database, retention, now=_NOW) == (2, 0)
    items, keys = prune_items(database, retention, now=_NOW + 11 * _DAY)
    assert items == 0
    assert keys >= 2


async def test_tidying_comes_once_a_night_in_its_zone(database: SqlDatabase) -> None:
    """Half past four in Shanghai is 20:30 UTC; it comes once, also with a clock that goes back."""
    tidy, clock, offload = _Tidy(), _Clock(datetime(2026, 11, 26, 20, 0, tzinfo=UTC)), ThreadOffload()
    when = ["30 4 * * *"]
    keeper = Housekeeper(
        database=database,
        tidyable=tidy,
        retention=lambda: (ItemRetention(irrelevant=timedelta(), remember=_DAY), when[0], "Asia/Shanghai"),
        cron=ApsCron(),
        offload=offload,
        clock=clock,
    )
    counts = []
    for hour, minute in ((20, 15), (20, 29), (20, 30), (20, 45), (20, 10), (23, 0)):
        clock.moment = datetime(2026, 11, 26, hour, minute, tzinfo=UTC)
        await keeper.keep()
        counts.append(tidy.times)
    assert counts == [0, 0, 1, 1, 1, 1]
    when[0] = ""
    clock.moment += 3 * _DAY
    await keeper.keep()
    assert tidy.times == 1
    offload.close()
