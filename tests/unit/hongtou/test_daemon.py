"""The daemon's order of things, with a crawler and ticks that do only what they are told."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertState, Cadence, RouteId
from core.decide import IntakeLimits
from core.errors import StorageError
from core.network import NetworkWatch
from core.notices import NoticeKind
from core.outcome import Answer, PollOutcome
from core.source import SourceId
from hongtou.copies import CopyFinder
from hongtou.daemon import Daemon, DaemonTimes, Watch
from hongtou.dispatch import Dispatcher
from hongtou.heartbeat import write_heartbeat
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from typing import Any

    from core.source import Poll
    from storage.database import SqlDatabase

TIMES = DaemonTimes(
    poll_tick=timedelta(seconds=5),
    dispatch_tick=timedelta(seconds=2),
    digest_tick=timedelta(seconds=30),
    poll_deadline=timedelta(minutes=5),
    stop_timeout=timedelta(seconds=1),
    max_polls=2,
)


class FakeCrawler:
    """Takes polls; finishes them when `finish` is called, or at once while `instant`."""

    def __init__(self) -> None:
        self.polls: list[Poll] = []
        self.under_way: list[Poll] = []
        self.answer = Answer.OK
        self.instant = False
        self.is_renewing = False
        self.started = self.stopped = False
        self.taken = asyncio.Event()
        self.intake: StoringIntake | None = None

    @property
    def busy(self) -> int:
        """Polls under way."""
        return len(self.under_way)

    async def start(self) -> None:
        """Note the start."""
        self.started = True

    async def submit(self, poll: Poll) -> None:
        """Take a poll."""
        self.polls.append(poll)
        self.under_way.append(poll)
        if self.busy == TIMES.max_polls:
            self.taken.set()
        if self.instant:
            await self.finish()

    async def finish(self) -> None:
        """End every poll under way."""
        assert self.intake is not None
        while self.under_way:
            poll = self.under_way.pop()
            await self.intake.finish(poll, PollOutcome(source_id=poll.source.id, answer=self.answer))

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109
        """Note the stop."""
        assert timeout == TIMES.stop_timeout
        self.stopped = True


class FakeTicks:
    """Keeps jobs, never fires them."""

    def __init__(self) -> None:
        self.jobs: dict[str, Callable[[], Awaitable[None]]] = {}
        self.gaps: dict[str, timedelta] = {}
        self.started = asyncio.Event()
        self.stopped = False

    def add(
        self, name: str, every: timedelta, job: Callable[[], Awaitable[None]], *, deadline: timedelta | None = None
    ) -> None:
        """Keep a job; each has a time after which it is broken off."""
        assert every > timedelta(0)
        assert deadline is not None
        assert deadline > every
        self.jobs[name] = job
        self.gaps[name] = every

    def pace(self, name: str, every: timedelta) -> None:
        """Keep another gap."""
        assert name in self.jobs
        self.gaps[name] = every

    def start(self) -> None:
        """Note the start."""
        self.started.set()

    async def stop(self) -> None:
        """Note the stop."""
        self.stopped = True


class HourlyCron:
    """A cron that fires an hour after whatever."""

    def next_after(self, expression: str, *, zone: str, after: Any) -> Any:
        """Return an hour later."""
        assert expression
        assert zone
        return after + timedelta(hours=1)


@pytest.fixture
def crawler() -> FakeCrawler:
    """A crawler that waits to be told."""
    return FakeCrawler()


@pytest.fixture
def network() -> NetworkWatch:
    """A network watch over three sources."""
    return NetworkWatch(hosts=3)


@pytest.fixture
def dispatcher(
    database: SqlDatabase, make_means: Any, notices: Any, offload: Any, clock: Any, make_route: Any
) -> Dispatcher:
    """A dispatcher with one channel, one route that tells at once, and one that tells every hour."""
    hourly = make_route(id=RouteId("daily"), cadence=Cadence.DIGEST, cron="0 * * * *")
    return Dispatcher(
        database=database,
        means=make_means(make_route(), hourly, max_per_digest=10),
        notices=notices,
        cron=HourlyCron(),
        offload=offload,
        clock=clock,
        jitter=lambda: 0.0,
    )


@pytest.fixture
def daemon(
    database: SqlDatabase, crawler: FakeCrawler, network: NetworkWatch, dispatcher: Dispatcher, classifier: Any,
    offload: Any, clock: Any, make_source: Any, make_route: Any, tmp_path: Path, story_finder: Any, notices: Any,
) -> Daemon:  # fmt: skip
    """A daemon that watches three sources."""
    intake = StoringIntake(
        database=database,
        rules=JudgingRules(
            classifier=classifier,
            finder=story_finder,
            matcher=OrderedRouteMatcher([make_route()]),
            limits=IntakeLimits(),
        ),
        copies=CopyFinder(ShingleFingerprinter()),
        linker=StoryLinker(story_finder),
        offload=offload,
        clock=clock,
        network=network,
        jitter=lambda: 0.0,
    )
    crawler.intake = intake
    sources = [make_source(id=name) for name in ("a", "b", "c")]
    return Daemon(
        watch=Watch(
            sources={source.id: source for source in sources},
            heartbeat=tmp_path / "heartbeat",
        ),
        times=TIMES,
        database=database,
        crawler=crawler,
        intake=intake,
        dispatcher=dispatcher,
        notices=notices,
        network=network,
        offload=offload,
        clock=clock,
    )


async def start(daemon: Daemon) -> tuple[FakeTicks, asyncio.Task[None]]:
    """Run a daemon up to its first wait."""
    ticks = FakeTicks()
    task = asyncio.create_task(daemon.run(ticks))
    await asyncio.wait_for(ticks.started.wait(), 5)
    return ticks, task


async def test_it_starts_polls_up_to_its_room_and_the_rest_as_room_comes(daemon: Daemon, crawler: FakeCrawler) -> None:
    """Two of three due sources are polled at once; the third follows when the others are done."""
    ticks, task = await start(daemon)
    assert crawler.started
    assert len(crawler.polls) == 2
    await ticks.jobs["poll"]()
    assert len(crawler.polls) == 2
    await crawler.finish()
    await ticks.jobs["poll"]()
    assert sorted(poll.source.id for poll in crawler.polls) == ["a", "b", "c"]
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_a_stop_ends_everything_and_gives_claims_back(
    daemon: Daemon, crawler: FakeCrawler, database: SqlDatabase
) -> None:
    """After a stop the crawler and the ticks are stopped, and no source stays claimed."""
    ticks, task = await start(daemon)
    daemon.request_stop()
    await asyncio.wait_for(task, 5)
    assert crawler.stopped
    assert ticks.stopped
    with database.unit_of_work() as uow:
        assert [state.claimed_until for state in uow.sources.all()] == [None] * 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals_stop_it(daemon: Daemon, number: signal.Signals) -> None:
    """SIGTERM and SIGINT end the daemon in order."""
    _, task = await start(daemon)
    os.kill(os.getpid(), number)
    await asyncio.wait_for(task, 5)


async def test_it_takes_over_what_a_dead_predecessor_had_claimed(
    daemon: Daemon, database: SqlDatabase, make_new_alert: Any, make_item: Any, notifier: Any, clock: Any
) -> None:
    """An alert claimed by a process that was killed goes out at once after a restart, marked as a possible repeat."""
    with database.unit_of_work() as uow:
        item_id = uow.items.add(make_item())
        uow.outbox.add(make_new_alert(item_id=item_id))
        uow.commit()
    with database.unit_of_work() as uow:
        uow.outbox.claim(now=clock.now(), limit=5, lease=timedelta(hours=1))
        uow.commit()
    ticks, task = await start(daemon)
    await ticks.jobs["dispatch"]()
    assert notifier.subjects[0].endswith("(possible repeat)")
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_without_network_one_source_is_asked_at_a_time(daemon: Daemon, crawler: FakeCrawler, clock: Any) -> None:
    """When nobody answers, a single probe goes out instead of a salvo, and normal polling follows an answer."""
    crawler.answer = Answer.DNS
    ticks, task = await start(daemon)
    await crawler.finish()
    await ticks.jobs["poll"]()
    await crawler.finish()
    clock.advance(minutes=30)
    crawler.polls.clear()
    await ticks.jobs["poll"]()
    await ticks.jobs["poll"]()
    assert len(crawler.polls) == 1
    crawler.answer = Answer.OK
    await crawler.finish()
    await ticks.jobs["poll"]()
    assert len(crawler.polls) == 3
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_the_heartbeat_is_written_and_its_failure_is_told(
    daemon: Daemon, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heartbeat file holds the moment; a disk that refuses it is a storage error."""
    ticks, task = await start(daemon)
    assert (tmp_path / "heartbeat").read_text(encoding="utf-8").strip() == clock.now().isoformat()
    (tmp_path / "heartbeat").unlink()
    (tmp_path / "heartbeat").mkdir()
    with pytest.raises(StorageError, match="heartbeat"):
        await ticks.jobs["heartbeat"]()
    monkeypatch.undo()
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_run_once_polls_what_is_due_and_delivers(
    daemon: Daemon, crawler: FakeCrawler, database: SqlDatabase, make_item: Any, make_new_alert: Any, notifier: Any
) -> None:
    """One round polls every due source, sends what is pending, and ends."""
    crawler.instant = True
    with database.unit_of_work() as uow:
        item_id = uow.items.add(make_item())
        uow.outbox.add(make_new_alert(item_id=item_id))
        uow.commit()
    summary = await asyncio.wait_for(daemon.run_once(everything=False), 5)
    assert sorted(poll.source.id for poll in crawler.polls) == ["a", "b", "c"]
    assert summary.sent == 1
    assert len(notifier.sent) == 1
    assert crawler.stopped


async def test_run_once_leaves_what_is_not_due_unless_told_to_poll_everything(
    daemon: Daemon, crawler: FakeCrawler, database: SqlDatabase, make_state: Any, now: Any
) -> None:
    """A source that is due tomorrow is polled only with `--all`."""
    crawler.instant = True
    with database.unit_of_work() as uow:
        uow.sources.put(make_state(source_id=SourceId("a"), next_due_at=now + timedelta(days=1)))
        uow.commit()
    await asyncio.wait_for(daemon.run_once(everything=False), 5)
    assert sorted(poll.source.id for poll in crawler.polls) == ["b", "c"]
    crawler.polls.clear()
    await asyncio.wait_for(daemon.run_once(everything=True), 5)
    assert sorted(poll.source.id for poll in crawler.polls) == ["a", "b", "c"]


async def test_waiting_items_are_judged_by_a_tick(
    daemon: Daemon, database: SqlDatabase, make_item: Any, make_classification: Any
) -> None:
    """An item whose classification failed is judged by the next tick, and alerted."""
    with database.unit_of_work() as uow:
        uow.items.add(make_item(source_id=SourceId("a"), classification=None, title="区块链试点"))
        uow.commit()
    ticks, task = await start(daemon)
    await ticks.jobs["judge"]()
    await ticks.jobs["digest"]()
    with database.unit_of_work() as uow:
        assert uow.outbox.counts() == {AlertState.PENDING: 1}
    daemon.request_stop()
    await asyncio.wait_for(task, 5)
    assert make_classification().relevant


async def test_a_tick_closes_due_digests(
    daemon: Daemon, database: SqlDatabase, make_item: Any, make_new_alert: Any, clock: Any, notifier: Any
) -> None:
    """What is held for a digest goes out when cron says so."""
    ticks, task = await start(daemon)
    await ticks.jobs["digest"]()
    with database.unit_of_work() as uow:
        item_id = uow.items.add(make_item())
        uow.outbox.add(make_new_alert(item_id=item_id, route=RouteId("daily"), state=AlertState.HELD))
        uow.commit()
    clock.advance(hours=2)
    await ticks.jobs["digest"]()
    await ticks.jobs["dispatch"]()
    assert notifier.subjects[0].startswith("digest daily")
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_a_stop_ends_a_single_round_early(daemon: Daemon, crawler: FakeCrawler) -> None:
    """A signal during `run --once` begins no further poll."""
    round_ = asyncio.create_task(daemon.run_once(everything=True))
    await asyncio.wait_for(crawler.taken.wait(), 5)
    daemon.request_stop()
    await asyncio.wait_for(round_, 5)
    assert len(crawler.polls) == TIMES.max_polls


async def test_a_delivery_that_does_not_end_does_not_hold_the_stop(daemon: Daemon) -> None:
    """When a channel hangs beyond the time for stopping, the daemon goes without it."""
    _, task = await start(daemon)
    await daemon._delivering.acquire()
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_nothing_waiting_is_no_news(daemon: Daemon, crawler: FakeCrawler) -> None:
    """The ticks of a daemon that has nothing to do do nothing."""
    ticks, task = await start(daemon)
    for name in ("judge", "dispatch", "digest"):
        await ticks.jobs[name]()
    assert len(crawler.polls) == TIMES.max_polls
    daemon.request_stop()
    await asyncio.wait_for(task, 5)


async def test_other_sources_and_bounds_can_be_watched(
    daemon: Daemon,
    crawler: FakeCrawler,
    database: SqlDatabase,
    make_source: Any,
    clock: Any,
    tmp_path: Path,
) -> None:
    """What is watched no more is not polled any more, what is new is; polls under way end as they began."""
    ticks, task = await start(daemon)
    first = {poll.source.id for poll in crawler.polls}
    new = make_source(id="d")
    with database.unit_of_work() as uow:
        uow.sources.register([new.id], now=clock.now())
        uow.commit()
    watch = Watch(sources={new.id: new}, heartbeat=tmp_path / "heartbeat")
    daemon.use(watch, replace(TIMES, poll_deadline=timedelta(minutes=1), max_polls=3))
    await ticks.jobs["poll"]()
    assert [poll.source.id for poll in crawler.polls[2:]] == ["d"]
    assert crawler.polls[-1].deadline == timedelta(minutes=1)
    await crawler.finish()
    with database.unit_of_work() as uow:
        assert {state.source_id for state in uow.sources.all() if state.polls} == first | {"d"}
    clock.advance(days=1)
    await ticks.jobs["poll"]()
    assert [poll.source.id for poll in crawler.polls[3:]] == ["d"]
    daemon.request_stop()
    await task


async def test_jobs_tick_at_the_gaps_that_are_in_force(daemon: Daemon, tmp_path: Path) -> None:
    """Those of the daemon's times, and those that a job is asked for."""
    gaps = [timedelta(minutes=3)]

    async def job() -> None:
        """Do nothing."""

    watch = Watch(sources={}, heartbeat=tmp_path / "heartbeat")
    daemon.also("lookout", lambda: gaps[-1], job)
    daemon.use(watch, replace(TIMES, poll_tick=timedelta(seconds=6)))
    ticks, task = await start(daemon)
    assert (ticks.gaps["poll"], ticks.gaps["lookout"]) == (timedelta(seconds=6), timedelta(minutes=3))
    before = dict(ticks.gaps)
    gaps.append(timedelta(minutes=4))
    seven, eight, nine = (timedelta(seconds=n) for n in (7, 8, 9))
    daemon.use(watch, replace(TIMES, poll_tick=seven, dispatch_tick=eight, digest_tick=nine))
    assert {name: gap for name, gap in ticks.gaps.items() if gap != before[name]} == {
        "poll": seven,
        "dispatch": eight,
        "digest": nine,
        "lookout": timedelta(minutes=4),
    }
    daemon.request_stop()
    await task
    daemon.use(watch, TIMES)
    assert ticks.gaps["poll"] == seven


async def test_no_poll_begins_while_the_crawler_is_renewed(daemon: Daemon, crawler: FakeCrawler) -> None:
    """What is due waits until it goes on with its new settings."""
    crawler.is_renewing = True
    ticks, task = await start(daemon)
    assert crawler.polls == []
    crawler.is_renewing = False
    await ticks.jobs["poll"]()
    assert len(crawler.polls) == TIMES.max_polls
    await crawler.finish()
    daemon.request_stop()
    await task


async def test_a_hangup_and_a_stop_are_passed_on(daemon: Daemon) -> None:
    """SIGHUP does what was declared for it, and does not end the daemon; a stop tells everybody who asked to know."""
    heard: list[str] = []
    hung_up = asyncio.Event()
    daemon.on_hangup(hung_up.set)
    daemon.on_stop(lambda: heard.append("stop"))
    _, task = await start(daemon)
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.wait_for(hung_up.wait(), 5)
    assert not task.done()
    assert heard == []
    daemon.request_stop()
    await task
    assert heard == ["stop"]
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)


async def test_a_terminal_that_was_closed_ends_the_daemon(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SIGHUP of a closed terminal is no wish to read files again: whoever started it there is gone."""
    asked: list[str] = []
    daemon.on_hangup(lambda: asked.append("reload"))
    _, task = await start(daemon)

    def gone(_: int) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "tcgetpgrp", gone)
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.wait_for(task, 5)
    assert asked == []
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)


async def test_jobs_of_the_long_run_are_left_out_of_a_single_one(daemon: Daemon, crawler: FakeCrawler) -> None:
    """A job declared for the long run only is a tick there, and nothing in `run_once`."""
    ran: list[str] = []

    async def job() -> None:
        ran.append("job")

    crawler.instant = True
    daemon.also("lookout", timedelta(seconds=1), job, once=False)
    await daemon.run_once(everything=True)
    assert ran == []


async def test_a_crash_is_told_at_the_next_start_and_a_clean_end_is_not(
    daemon: Daemon, database: SqlDatabase, clock: Any, tmp_path: Path
) -> None:
    """A heartbeat that was left, or claims, say that nobody tidied up; many crashes in six hours are told once."""
    for minutes in (0, 1, 400):
        write_heartbeat(tmp_path / "heartbeat", clock.now())
        clock.advance(minutes=minutes)
        daemon._take_over()
    _, task = await start(daemon)
    daemon.request_stop()
    await asyncio.wait_for(task, 5)
    assert not (tmp_path / "heartbeat").exists()
    with database.reading() as uow:
        notices = [alert for alert in reversed(uow.outbox.list()) if alert.notice is NoticeKind.RESTART]
    assert len(notices) == 2
    assert "last alive at 2023-06-15 02:00:00 UTC" in notices[0].body


async def test_no_poll_begins_while_there_is_no_room_to_store(daemon: Daemon, crawler: FakeCrawler) -> None:
    """Alerts go on; polls go on when there is room again."""
    daemon._take_over()
    daemon.hold_polls(True)
    await daemon.poll_due()
    assert crawler.polls == []
    daemon.hold_polls(False)
    await daemon.poll_due()
    assert crawler.polls != []
