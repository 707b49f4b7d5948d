"""The daemon: one asyncio loop on which ticks poll what is due, dispatch alerts and close digests, until told to stop.

It owns no policy: what is due is a column, what to do with a list is the intake's, how to deliver the dispatcher's.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from core.notices import Notice, NoticeKind
from core.source import Poll, SourceId
from hongtou.daemon_ports import Job
from hongtou.heartbeat import BEAT_EVERY, last_beat, remove_heartbeat, write_heartbeat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from core.network import NetworkWatch
    from core.ports import Clock, Offload
    from core.repositories import Database
    from core.source import Source, SourceState
    from hongtou.daemon_ports import Crawler, Ticks
    from hongtou.dispatch import Dispatcher, DispatchSummary
    from hongtou.intake import StoringIntake
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

_LEASE_GRACE = timedelta(minutes=1)
_JUDGE_EVERY = timedelta(minutes=1)
_TICK_DEADLINE = timedelta(minutes=10)
"""Longest time of a tick that only reads and writes the database, or judges a batch: a lock is waited for half a
minute, twice or thrice."""
_DRAIN_WITHIN = timedelta(minutes=10)
"""Time after which a tick that delivers leaves the rest to the next one, between two batches."""
_DELIVERING_DEADLINE = timedelta(hours=2)
"""Longest time of a tick that delivers, in which its last batch ends also when each channel takes all of its time."""
_JOB_DEADLINE = timedelta(hours=1)
"""Longest time of a further job, for want of another: a job that hangs is broken off, told of, and tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonTimes:
    """Periods and bounds of the daemon."""

    poll_tick: timedelta
    dispatch_tick: timedelta
    digest_tick: timedelta
    poll_deadline: timedelta
    stop_timeout: timedelta
    max_polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the daemon watches, and how it tells."""

    sources: Mapping[SourceId, Source]
    heartbeat: Path
    """File whose age tells whether the loop is alive."""


class Daemon:
    """Runs everything on the current event loop."""

    def __init__(
        self,
        *,
        watch: Watch,
        times: DaemonTimes,
        database: Database,
        crawler: Crawler,
        intake: StoringIntake,
        dispatcher: Dispatcher,
        notices: Notices,
        network: NetworkWatch,
        offload: Offload,
        clock: Clock,
    ) -> None:
        self._watch = watch
        self._times = times
        self._database = database
        self._crawler = crawler
        self._intake = intake
        self._dispatcher = dispatcher
        self._notices = notices
        self._network = network
        self._offload = offload
        self._clock = clock
        self._stop = asyncio.Event()
        self._delivering = asyncio.Lock()
        self._network_was_down = False
        self._is_holding = False
        self._ticks: Ticks | None = None
        self._further: list[Job] = []
        self._at_stop: list[Callable[[], None]] = []
        self._hangup: Callable[[], None] | None = None

    def also(
        self,
        name: str,
        every: timedelta | Callable[[], timedelta],
        job: Callable[[], Awaitable[None]],
        *,
        once: bool = True,
        deadline: timedelta = _JOB_DEADLINE,
    ) -> None:
        """Declare a further job: run at its own period by `run`, and with `once` after the polls by `run_once`.

        A run that passes its deadline is broken off; the job ticks on. A period that is asked for is asked for at the
        start, and again whenever other ones are to be used.
        """
        period = every if callable(every) else partial(_same, every)
        self._further.append(Job(name=name, every=period, run=job, once=once, deadline=deadline))

    def hold_polls(self, is_holding: bool) -> None:  # noqa: FBT001 - a switch, handed on as a callable
        """Begin no poll while this holds: there is no room to store what it finds."""
        self._is_holding = is_holding

    def on_stop(self, act: Callable[[], None]) -> None:
        """Declare what is to be told when the daemon is asked to stop; must return at once."""
        self._at_stop.append(act)

    def on_hangup(self, act: Callable[[], None]) -> None:
        """Declare what SIGHUP does, but for that of a terminal that is gone, which ends; must return at once."""
        self._hangup = act

    def use(self, watch: Watch, times: DaemonTimes) -> None:
        """Watch other sources, by other periods and bounds, from now on; polls under way end as they began.

        Args:
            watch: What to watch; its new sources must have been registered.
            times: Periods and bounds. Jobs whose period came from elsewhere are asked for it again.
        """
        self._watch, self._times = watch, times
        if self._ticks is not None:
            for job in self._jobs():
                self._ticks.pace(job.name, job.every())

    def request_stop(self) -> None:
        """Ask the daemon to finish or give back what it holds, and return from `run`."""
        self._stop.set()
        self._dispatcher.stop()
        for act in self._at_stop:
            act()

    async def run(self, ticks: Ticks) -> None:
        """Watch until asked to stop by `request_stop`, SIGTERM or SIGINT.

        Raises:
            StorageError: The database cannot be used at the start; later faults are logged and retried.
        """
        await self._begin()
        self._listen_for_signals()
        for job in self._jobs():
            ticks.add(job.name, job.every(), job.run, deadline=job.deadline)
        self._ticks = ticks
        await self._beat()
        await self.poll_due()
        ticks.start()
        await self._stop.wait()
        log.info("stopping", polls=self._crawler.busy)
        self._ticks = None
        await ticks.stop()
        await self._end()

    def _jobs(self) -> Iterator[Job]:
        """Yield every job that ticks."""
        for name, every, run, deadline in (
            ("heartbeat", lambda: BEAT_EVERY, self._beat, _TICK_DEADLINE),
            ("poll", lambda: self._times.poll_tick, self.poll_due, _TICK_DEADLINE),
            ("dispatch", lambda: self._times.dispatch_tick, self.dispatch_due, _DELIVERING_DEADLINE),
            ("digest", lambda: self._times.digest_tick, self.close_digests, _TICK_DEADLINE),
            ("judge", lambda: _JUDGE_EVERY, self._judge_waiting, _JOB_DEADLINE),
        ):
            yield Job(name=name, every=every, run=run, once=False, deadline=deadline)
        yield from self._further

    async def run_once(self, *, everything: bool) -> DispatchSummary:
        """Poll what is due (or everything), deliver what is pending, and return what was delivered.

        Raises:
            StorageError: The database cannot be used.
        """
        await self._begin()
        self._listen_for_signals()
        sources = self._watch.sources
        left = set(sources)
        while not self._stop.is_set():
            room = self._times.max_polls - self._crawler.busy
            states = await self._claim(room, among=left, ignore_due=everything)
            left -= {state.source_id for state in states}
            await self._submit(states, sources)
            if not states and not self._crawler.busy:
                break
            await asyncio.sleep(0.1)
        for job in self._further:
            if job.once:
                await job.run()
        await self.close_digests()
        self._dispatcher.end_catch_up()
        summary = await self._dispatcher.drain()
        await self._end()
        return summary

    async def poll_due(self) -> None:
        """Begin polls of sources that are due, as many as there is room for; one at a time without network."""
        self._tell_network()
        room = self._times.max_polls - self._crawler.busy
        if self._network.is_down:
            room = min(room, 1 - self._crawler.busy)
        if room > 0 and not (self._stop.is_set() or self._is_holding or self._crawler.is_renewing):
            sources = self._watch.sources  # the same for both steps, also when others are to be watched meanwhile
            await self._submit(await self._claim(room, among=sources, ignore_due=False), sources)

    async def dispatch_due(self) -> None:
        """Deliver until nothing more can be sent now."""
        async with self._delivering:
            await self._dispatcher.drain(within=_DRAIN_WITHIN)

    async def close_digests(self) -> None:
        """Close digests whose time has come."""
        made = await self._dispatcher.close_due_digests()
        if made:
            log.info("digests closed", digests=made)

    async def _begin(self) -> None:
        await self._offload.run(self._take_over)
        await self._crawler.start()

    def _take_over(self) -> None:
        """Register new sources, and give up what a predecessor that died had claimed: the lock says that it is gone."""
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            new = uow.sources.register(list(self._watch.sources), now=now)
            polls = uow.sources.release_claims()
            alerts = uow.outbox.release_claims()
            beat = last_beat(self._watch.heartbeat)
            if polls or alerts or beat:
                self._notices.tell(uow, _restart_notice(beat, polls=polls, alerts=alerts, now=now))
            uow.commit()
        if new:
            log.info("new sources", sources=len(new))
        if polls or alerts or beat:
            log.warning("taking over after an unclean stop", polls=polls, alerts=alerts, last_beat=beat)

    async def _end(self) -> None:
        await self._crawler.stop(self._times.stop_timeout)
        try:
            async with asyncio.timeout(self._times.stop_timeout.total_seconds()), self._delivering:
                await self._offload.run(self._give_back)
        except TimeoutError:
            log.warning("a delivery did not end in time; it is tried again at the next start, marked")
        await self._offload.run(remove_heartbeat, self._watch.heartbeat)
        log.info("stopped")

    def _give_back(self) -> None:
        with self._database.unit_of_work() as uow:
            uow.sources.release_claims()
            uow.commit()

    async def _claim(self, limit: int, *, among: Collection[SourceId], ignore_due: bool) -> tuple[SourceState, ...]:
        return await self._offload.run(self._claim_due, limit, list(among), ignore_due=ignore_due)

    def _claim_due(self, limit: int, among: list[SourceId], *, ignore_due: bool) -> tuple[SourceState, ...]:
        if limit <= 0 or not among:
            return ()
        with self._database.unit_of_work() as uow:
            states = uow.sources.claim_due(
                now=self._clock.now(),
                limit=limit,
                lease=self._times.poll_deadline + _LEASE_GRACE,
                among=among,
                ignore_due=ignore_due,
            )
            uow.commit()
        return states

    async def _submit(self, states: Sequence[SourceState], sources: Mapping[SourceId, Source]) -> None:
        now = self._clock.now()
        for state in states:
            source = sources[state.source_id]
            await self._crawler.submit(
                Poll(source=source, state=state, started_at=now, deadline=self._times.poll_deadline)
            )

    async def _judge_waiting(self) -> None:
        judged = await self._intake.judge_waiting(lambda source_id: self._watch.sources.get(SourceId(source_id)))
        if judged:
            log.info("judged items that had waited", items=judged)

    async def _beat(self) -> None:
        await self._offload.run(write_heartbeat, self._watch.heartbeat, self._clock.now())

    def _tell_network(self) -> None:
        if self._network.is_down and not self._network_was_down:
            log.warning(
                "no network: no source can be reached; trying again gently, nothing is lost. "
                "`make demo` (or `hongtou demo`) shows everything without a network"
            )
        if self._network_was_down and not self._network.is_down:
            log.info("the network is back")
        self._network_was_down = self._network.is_down

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.request_stop)
        if self._hangup is not None:
            loop.add_signal_handler(signal.SIGHUP, self._hang_up, self._hangup)

    def _hang_up(self, act: Callable[[], None]) -> None:
        if _terminal_is_gone():
            self.request_stop()
        else:
            act()


def _same(every: timedelta) -> timedelta:
    return every


def _terminal_is_gone() -> bool:
    """Whether the terminal that this program was started on has been closed, as told by what it answers."""
    try:
        os.tcgetpgrp(0)
    except OSError as error:
        return error.errno == errno.EIO
    return False


_RESTARTS_HOURS = 6
"""Restarts after crashes are told once in so many hours: a program that crashes again and again is told of once."""


def _restart_notice(beat: datetime | None, *, polls: int, alerts: int, now: datetime) -> Notice:
    block = now.replace(hour=now.hour - now.hour % _RESTARTS_HOURS)
    when = f" It was last alive at {beat:%Y-%m-%d %H:%M:%S} UTC." if beat else ""
    return Notice(
        kind=NoticeKind.RESTART,
        key=f"restart/{block:%Y-%m-%dT%H}",
        subject="Hongtou: started again after a crash",
        body=(
            f"The program ended without tidying up, and runs again.{when} {polls} polls and {alerts} deliveries were "
            "under way; they are done again, and what may be a repeat says so. Nothing is lost.\n"
            f"Further crashes are told once in {_RESTARTS_HOURS} hours; the log has them all. A machine that runs out "
            "of memory, or a service manager that loses its patience, may be behind it."
        ),
    )
