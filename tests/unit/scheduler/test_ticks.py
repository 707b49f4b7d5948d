"""The ticker: regular, alone, and not to be stopped by its jobs."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from scheduler.ticks import Ticker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

FAST = timedelta(milliseconds=40)
SLOW = timedelta(hours=1)


@pytest.fixture
async def ticker() -> AsyncIterator[Ticker]:
    """Give a ticker that is stopped in the end."""
    made = Ticker()
    yield made
    await made.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, at most five seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # what is awaited has no event
            await asyncio.sleep(0.005)


async def test_a_job_runs_at_once_and_then_again(ticker: Ticker) -> None:
    """The first run comes with the start, others follow at the gap."""

    async def job() -> None:
        """Do nothing."""

    ticker.add("poll", FAST, job)
    ticker.add("rare", SLOW, job)
    ticker.start()
    await until(lambda: ticker.counts("poll").finished >= 3)
    assert ticker.counts("rare").finished == 1


async def test_a_crash_is_logged_counted_and_survived(ticker: Ticker) -> None:
    """A job that raises ticks on, and its traceback is in the log."""

    async def job() -> None:
        raise RuntimeError("boom")

    ticker.add("poll", FAST, job)
    with capture_logs() as logs:
        ticker.start()
        await until(lambda: ticker.counts("poll").crashed >= 2)
    assert ticker.counts("poll").finished == 0
    assert logs[0] == {"event": "job_crashed", "job": "poll", "exc_info": True, "log_level": "error"}


async def test_a_job_that_goes_on_failing_is_told_of_ever_more_rarely(ticker: Ticker) -> None:
    """The traceback comes once, then a line at the second, fourth and eighth time, and one when it is well again."""
    runs: list[int] = []

    async def job() -> None:
        runs.append(len(runs))
        if len(runs) <= 9:
            raise RuntimeError("boom")

    ticker.add("poll", FAST, job)
    with capture_logs() as logs:
        ticker.start()
        await until(lambda: ticker.counts("poll").finished >= 2)
    assert [entry.get("failures") for entry in logs if entry["event"] == "job_crashed"] == [None, 2, 4, 8]
    assert [entry["failures"] for entry in logs if entry["event"] == "job_well_again"] == [9]


async def test_what_goes_on_is_told_with_its_beginning(ticker: Ticker) -> None:
    """A run is named while it lasts."""
    go_on = asyncio.Event()

    async def job() -> None:
        await go_on.wait()

    ticker.add("poll", SLOW, job)
    ticker.start()
    await until(lambda: bool(ticker.going_on()))
    [(name, since)] = ticker.going_on()
    assert (name, since <= time.monotonic()) == ("poll", True)
    go_on.set()
    await until(lambda: not ticker.going_on())


@pytest.mark.parametrize(("tell_after", "told"), [(timedelta(), ["job_skipped"]), (SLOW, [])])
async def test_an_overrun_is_skipped_and_logged_once(tell_after: timedelta, told: list[str]) -> None:
    """Ticks during a long run are left out; once it has gone on for long it is told, once a run."""
    ticker = Ticker(tell_after=tell_after)
    go_on = asyncio.Event()

    async def job() -> None:
        await go_on.wait()

    ticker.add("poll", FAST, job)
    with capture_logs() as logs:
        ticker.start()
        await until(lambda: ticker.counts("poll").skipped >= 3)
        assert [entry["event"] for entry in logs] == told
        go_on.set()
        await until(lambda: ticker.counts("poll").finished >= 2)
    await ticker.stop()


async def test_a_deadline_cancels_one_run_only(ticker: Ticker) -> None:
    """A run past its deadline is cancelled and counted as crashed; the next one comes."""
    runs: list[int] = []

    async def job() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            await asyncio.sleep(60)

    ticker.add("poll", FAST, job, deadline=timedelta(milliseconds=20))
    with capture_logs() as logs:
        ticker.start()
        await until(lambda: ticker.counts("poll").finished >= 1)
    assert ticker.counts("poll").crashed == 1
    assert logs[0]["event"] == "job_timed_out"


async def test_a_timeout_of_the_jobs_own_is_a_crash(ticker: Ticker) -> None:
    """A TimeoutError that the job raises is not mistaken for its deadline."""

    async def job() -> None:
        raise TimeoutError

    ticker.add("poll", SLOW, job, deadline=SLOW)
    with capture_logs() as logs:
        ticker.start()
        await until(lambda: ticker.counts("poll").crashed == 1)
    assert logs[0]["event"] == "job_crashed"


async def test_stopping_gives_runs_time_to_end() -> None:
    """A run that ends within the grace is not cancelled, and nothing ticks after."""
    ticker, ended = Ticker(), asyncio.Event()

    async def job() -> None:
        await asyncio.sleep(0.05)
        ended.set()

    ticker.add("poll", FAST, job)
    ticker.start()
    await asyncio.sleep(0.01)
    await ticker.stop(timedelta(seconds=5))
    assert ended.is_set()
    finished = ticker.counts("poll").finished
    await asyncio.sleep(0.1)
    assert ticker.counts("poll").finished == finished == 1


async def test_stopping_cancels_what_does_not_end() -> None:
    """A run that outlasts the grace is cancelled, and may clean up."""
    ticker, cleaned = Ticker(), asyncio.Event()

    async def job() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cleaned.set()

    ticker.add("poll", SLOW, job)
    ticker.start()
    await asyncio.sleep(0.02)
    await ticker.stop(timedelta(milliseconds=20))
    assert cleaned.is_set()
    await ticker.stop()


async def test_stopping_before_the_start_is_nothing() -> None:
    """A ticker that never ran can be stopped."""
    await Ticker().stop()


@pytest.mark.parametrize("gap", [timedelta(0), timedelta(seconds=-1)])
def test_a_gap_must_be_positive(gap: timedelta) -> None:
    """A job without a gap would run for ever."""

    async def job() -> None:
        """Do nothing."""

    with pytest.raises(ValueError, match="more than zero"):
        Ticker().add("poll", gap, job)


def test_names_are_unique() -> None:
    """Two jobs of one name would share their counts."""

    async def job() -> None:
        """Do nothing."""

    ticker = Ticker()
    ticker.add("poll", SLOW, job)
    with pytest.raises(ValueError, match="was added already"):
        ticker.add("poll", SLOW, job)


async def test_a_gap_can_change_while_it_ticks(ticker: Ticker) -> None:
    """A job that was rare is frequent at once, and the other way round; the same gap again changes nothing."""
    runs: list[float] = []

    async def job() -> None:
        runs.append(time.monotonic())

    ticker.add("poll", SLOW, job)
    ticker.start()
    await until(lambda: len(runs) == 1)
    ticker.pace("poll", FAST)
    await until(lambda: len(runs) >= 4)
    ticker.pace("poll", SLOW)
    await asyncio.sleep(0.1)
    after = len(runs)
    ticker.pace("poll", SLOW)
    await asyncio.sleep(0.1)
    assert len(runs) == after
    with pytest.raises(KeyError):
        ticker.pace("no such job", FAST)


async def test_a_run_under_way_goes_on_when_its_gap_changes(ticker: Ticker) -> None:
    """It is neither cut off nor run twice at once."""
    go_on, begun = asyncio.Event(), 0

    async def job() -> None:
        nonlocal begun
        begun += 1
        await go_on.wait()

    ticker.add("poll", SLOW, job)
    ticker.start()
    await until(lambda: begun == 1)
    ticker.pace("poll", FAST)
    await asyncio.sleep(0.2)
    assert begun == 1
    go_on.set()
    await until(lambda: begun >= 3)
    assert ticker.counts("poll").crashed == 0


async def test_a_gap_can_change_before_the_start(ticker: Ticker) -> None:
    """The job ticks at the last gap that was said."""
    ticker.add("poll", SLOW, _nothing)
    ticker.pace("poll", FAST)
    ticker.start()
    await until(lambda: ticker.counts("poll").finished >= 3)


async def _nothing() -> None:
    """Do nothing."""
