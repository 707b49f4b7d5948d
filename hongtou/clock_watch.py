"""Notices that the system's clock was put back, and pulls the turns of the sources back with it.

Due times are moments by the clock. Put back by an hour, it would let every source wait an hour more; put right after a
wrong date, for years. Put forward it only brings turns nearer, one poll for each source, which needs nothing done.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.ports import Clock, Offload
    from core.repositories import Database
    from core.source import SourceState

log = structlog.get_logger(__name__)

COMPARE_EVERY = timedelta(seconds=5)
_LEAST = timedelta(minutes=1)
"""A smaller step is left alone: time services make such steps, and no source is missed for a minute."""
_FURTHEST = timedelta(days=60)
"""No source is ever let wait so long (`core.due`); a turn beyond it was reckoned by a clock that was wrong."""


def steady_s() -> float:
    """Return seconds that nobody can set, and that go on while the machine sleeps where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockWatch:
    """Compares the clock with one that nobody can set, from time to time."""

    def __init__(
        self, *, database: Database, offload: Offload, clock: Clock, steady: Callable[[], float] = steady_s
    ) -> None:
        self._database = database
        self._offload = offload
        self._clock = clock
        self._steady = steady
        self._lead: datetime | None = None
        """The clock's time when the steady one showed zero."""

    async def look(self) -> None:
        """Look once.

        Raises:
            StorageError: The turns could not be pulled back; the next look tries again.
        """
        now = self._clock.now()
        lead = now - timedelta(seconds=self._steady())
        back = self._lead - lead if self._lead else timedelta()
        if self._lead is None or back >= _LEAST:
            moved = await self._offload.run(self._pull_back, back, now)
            if moved or back:
                log.warning("the clock was put back", by_s=round(back.total_seconds()), sources=moved)
        elif back <= -_LEAST:
            log.warning("the clock was put forward", by_s=round(-back.total_seconds()))
        self._lead = lead

    def _pull_back(self, by: timedelta, now: datetime) -> int:
        moved = 0
        with self._database.unit_of_work() as uow:
            for state in uow.sources.all():
                pulled = _pulled(state, by, now=now)
                if pulled != state:
                    uow.sources.put(pulled)
                    moved += 1
            uow.commit()
        return moved


def _pulled(state: SourceState, by: timedelta, *, now: datetime) -> SourceState:
    due, held = state.next_due_at, state.claimed_until
    if due - by > now + _FURTHEST:
        return replace(state, next_due_at=now)
    due = max(min(due, now), due - by)
    return replace(state, next_due_at=due, claimed_until=held - by if held else None)
