"""Blocking work with a time limit."""

from __future__ import annotations

import asyncio
import threading
import time
from contextvars import ContextVar

import pytest

from alerts.lane import Lane, LaneBlockedError

WORD: ContextVar[str] = ContextVar("word", default="")


async def test_results_and_errors_come_back() -> None:
    """What the work returns or raises reaches the caller, which sees its own context variables there."""
    WORD.set("here")
    assert await Lane[str]("a").run(WORD.get, limit_s=5) == "here"
    with pytest.raises(ZeroDivisionError):
        await Lane[float]("a").run(lambda: 1 / 0, limit_s=5)


async def test_work_leaves_the_loop() -> None:
    """Blocking work runs in a daemon thread while the loop goes on."""
    seen: list[threading.Thread] = []

    def work() -> None:
        seen.append(threading.current_thread())
        time.sleep(0.05)

    running = asyncio.ensure_future(Lane[None]("desk").run(work, limit_s=5))
    ticks = 0
    while not running.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert ticks > 2
    assert (seen[0].name, seen[0].daemon) == ("desk", True)


async def test_one_at_a_time() -> None:
    """Work of one lane never overlaps, in the order it was asked for."""
    lane, running, order = Lane[None]("desk"), [0], list[int]()

    def work(number: int) -> None:
        running[0] += 1
        assert running[0] == 1
        time.sleep(0.01)
        order.append(number)
        running[0] -= 1

    await asyncio.gather(*(lane.run(lambda number=number: work(number), limit_s=5) for number in range(5)))  # type: ignore[misc]
    assert order == [0, 1, 2, 3, 4]


async def test_hung_work_blocks_its_lane_until_it_ends() -> None:
    """Work past its limit is no longer waited for, and nothing new begins before it has ended."""
    lane, go_on = Lane[None]("desk"), threading.Event()

    def hang() -> None:
        go_on.wait(10)

    with pytest.raises(TimeoutError):
        await lane.run(hang, limit_s=0.05)
    with pytest.raises(LaneBlockedError):
        await lane.run(lambda: None, limit_s=0.05)
    go_on.set()
    await asyncio.sleep(0.05)
    await lane.run(lambda: None, limit_s=5)


def test_work_may_outlive_the_loop() -> None:
    """A result that comes after the loop was closed is dropped in silence."""
    lane, go_on = Lane[None]("desk"), threading.Event()

    def hang() -> None:
        go_on.wait(10)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await lane.run(hang, limit_s=0.01)

    asyncio.run(give_up())
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "desk":
            thread.join(5)
