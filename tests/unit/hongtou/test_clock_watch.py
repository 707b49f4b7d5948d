"""A clock that is put back lets no source wait longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from hongtou.clock_watch import ClockWatch, steady_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)


@pytest.fixture
def seconds() -> list[float]:
    """The steady clock's reading."""
    return [1000.0]


@pytest.fixture
def watch(database: SqlDatabase, offload: Any, clock: Any, seconds: list[float]) -> ClockWatch:
    """A watch on both clocks."""
    return ClockWatch(database=database, offload=offload, clock=clock, steady=lambda: seconds[0])


@pytest.fixture
def due(database: SqlDatabase, make_source: Any, clock: Any) -> Callable[[], datetime]:
    """Register a source that is due in half an hour; return how its turn is asked."""
    source = make_source()
    with database.unit_of_work() as uow:
        uow.sources.register([source.id], now=clock.now())
        state = uow.sources.get(source.id)
        assert state is not None
        uow.sources.put(replace(state, next_due_at=clock.now() + HOUR / 2, claimed_until=clock.now() + HOUR))
        uow.commit()

    def ask() -> datetime:
        with database.reading() as uow:
            [state] = uow.sources.all()
        return state.next_due_at

    return ask


async def test_turns_go_back_with_the_clock(
    watch: ClockWatch, due: Callable[[], datetime], clock: Any, seconds: list[float]
) -> None:
    """An hour back, ten minutes later: the source is due in twenty minutes, not in eighty."""
    await watch.look()
    seconds[0] += 600
    clock.advance(timedelta(minutes=10) - HOUR)
    with capture_logs() as logs:
        await watch.look()
        await watch.look()
    assert due() - clock.now() == timedelta(minutes=20)
    assert [(entry["event"], entry["by_s"], entry["sources"]) for entry in logs] == [
        ("the clock was put back", 3600, 1)
    ]


async def test_a_clock_put_forward_is_only_told(
    watch: ClockWatch, due: Callable[[], datetime], clock: Any, seconds: list[float]
) -> None:
    """Turns that have come by the new time are taken once each; a sleep of the machine is no jump at all."""
    await watch.look()
    before = due()
    clock.advance(8 * HOUR)
    seconds[0] += 8 * 3600  # asleep
    with capture_logs() as logs:
        await watch.look()
        clock.advance(HOUR)
        await watch.look()
    assert due() == before
    assert [(entry["event"], entry["by_s"]) for entry in logs] == [("the clock was put forward", 3600)]


async def test_a_turn_of_another_age_is_now(watch: ClockWatch, due: Callable[[], datetime], clock: Any) -> None:
    """A date that was wrong before the start is put right at the first look."""
    clock.advance(-3650 * 24 * HOUR)
    await watch.look()
    assert due() == clock.now()


def test_the_steady_clock_goes_on() -> None:
    """It never goes back."""
    assert steady_s() <= steady_s()
