"""Runs a handful of coroutine jobs at fixed gaps on one event loop; knows nothing of what they do.

Due times of sources and alerts are columns in the database: these jobs only look for what is due, so nothing is lost
when a tick is skipped, and no job is ever stored or pickled.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TickCounts:
    """How the runs of one job have ended since the ticker was made."""

    finished: int
    crashed: int
    """Raised an error, or passed its deadline."""
    skipped: int
    """Ticks left out because the run before was still going on."""


class _AtOnceThenEvery(IntervalTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """An interval whose first time is now, not one interval from now: a daemon starts working when it starts."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next time, aware; see APScheduler's BaseTrigger."""
        if previous_fire_time is None:
            return now
        following: datetime | None = super().get_next_fire_time(previous_fire_time, now)
        return following


class Ticker:
    """Fixed-gap jobs over APScheduler's AsyncIOScheduler.

    One run of a job at a time: a tick that comes while the last run is still going on is skipped. After a pause (a
    suspended machine, a blocked loop) a job runs once, not once for every missed tick. A job that raises or runs out of
    time is logged and counted, and ticks on; while it goes on failing, the log has the first time whole, and then
    the second, fourth, eighth and so on in a line: a full disk is not to be filled with its own story.
    """

    def __init__(self, *, tell_after: timedelta = timedelta(minutes=1)) -> None:
        """Set up.

        Args:
            tell_after: How long a run must have gone on for its skipped ticks to be told: a tick that delivers, say,
                takes longer than its gap whenever there is much to deliver.
        """
        self._tell_after_s = tell_after.total_seconds()
        # The library reports skipped and missed runs as warnings in its own words; ours, below, come once.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_listener(self._note_skip, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        self._gaps: dict[str, timedelta] = {}
        self._running: dict[str, asyncio.Task[object] | None] = {}
        self._since: dict[str, float] = {}
        self._in_a_row: Counter[str] = Counter()
        self._overrun: set[str] = set()
        self._finished: Counter[str] = Counter()
        self._crashed: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def add(
        self, name: str, every: timedelta, job: Callable[[], Awaitable[None]], *, deadline: timedelta | None = None
    ) -> None:
        """Add a job; it first runs when the ticker starts, or at once when it runs already.

        Args:
            name: Unique name, for logs and counts.
            every: Gap between two starts, > 0.
            job: Coroutine function without arguments.
            deadline: Longest time one run may take before it is cancelled; None lets it take what it needs.

        Raises:
            ValueError: The gap is not positive, or the name is taken.
        """
        if every <= timedelta(0):
            raise ValueError(f"job {name!r}: the gap between two runs must be more than zero")
        if self._scheduler.get_job(name) is not None:
            raise ValueError(f"job {name!r} was added already")
        self._scheduler.add_job(
            self._run,
            _AtOnceThenEvery(seconds=every.total_seconds(), timezone=UTC),
            args=(name, job, deadline),
            id=name,
            name=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=_grace_s(every),
        )
        self._gaps[name] = every

    def pace(self, name: str, every: timedelta) -> None:
        """Run a job at another gap from now on, beginning at once; does nothing where the gap stays as it is.

        A run under way goes on, and is not doubled.

        Args:
            name: Of a job that was added.
            every: Gap between two starts, > 0.

        Raises:
            KeyError: There is no such job.
        """
        if self._gaps[name] == every:
            return
        self._gaps[name] = every
        self._scheduler.modify_job(name, misfire_grace_time=_grace_s(every))
        self._scheduler.reschedule_job(name, trigger=_AtOnceThenEvery(seconds=every.total_seconds(), timezone=UTC))

    def start(self) -> None:
        """Begin ticking, on the running event loop."""
        self._scheduler.start()

    async def stop(self, grace: timedelta = timedelta(0)) -> None:
        """Stop ticking; give runs under way `grace` to end, then cancel them. Safe to call twice."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if running := [task for task in self._running.values() if task]:
            await asyncio.wait(running, timeout=grace.total_seconds())
        self._scheduler.shutdown(wait=False)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.sleep(0)  # the shutdown itself is a callback on this loop

    def going_on(self) -> list[tuple[str, float]]:
        """Return the name of each run under way and when it began, in seconds of the monotonic clock.

        May be called from any thread.
        """
        return list(self._since.items())

    def counts(self, name: str) -> TickCounts:
        """Return how the runs of a job have ended."""
        return TickCounts(finished=self._finished[name], crashed=self._crashed[name], skipped=self._skipped[name])

    async def _run(self, name: str, job: Callable[[], Awaitable[None]], deadline: timedelta | None) -> None:
        self._running[name] = asyncio.current_task()
        self._since[name] = time.monotonic()
        limit = asyncio.timeout(None if deadline is None else deadline.total_seconds())
        try:
            async with limit:
                await job()
        except Exception:  # noqa: BLE001  # the border of a job: its bug must not stop the others, nor itself
            self._crashed[name] += 1
            self._tell(name, "job_timed_out" if limit.expired() else "job_crashed")
        else:
            self._finished[name] += 1
            if failures := self._in_a_row.pop(name, 0):
                _LOG.info("job_well_again", job=name, failures=failures)
        finally:
            self._running.pop(name, None)
            self._since.pop(name, None)
            self._overrun.discard(name)

    def _tell(self, name: str, event: str) -> None:
        self._in_a_row[name] = failures = self._in_a_row[name] + 1
        if failures == 1:
            _LOG.exception(event, job=name)
        elif failures & (failures - 1) == 0:
            _LOG.error(event, job=name, failures=failures, reason=repr(sys.exception()))

    def _note_skip(self, event: JobEvent) -> None:
        name: str = event.job_id
        self._skipped[name] += 1
        lasted_s = time.monotonic() - self._since.get(name, math.inf)
        if name not in self._overrun and lasted_s >= self._tell_after_s:
            self._overrun.add(name)
            _LOG.warning("job_skipped", job=name, reason="the run before is still going on", for_s=round(lasted_s))


def _grace_s(every: timedelta) -> int:
    """Return how late a run may begin; APScheduler's own grace is one second.

    A tick that is later than its whole period has a successor.
    """
    return max(1, round(every.total_seconds()))
