"""Work off the loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hongtou.clock import SystemClock
from hongtou.offload import ThreadOffload


async def test_work_runs_in_another_thread_and_its_result_comes_back() -> None:
    """The loop's thread stays free."""
    offload = ThreadOffload(threads=1)
    assert await offload.run(threading.get_ident) != threading.get_ident()
    assert await offload.run(sorted, [2, 1], reverse=False) == [1, 2]
    offload.close()


async def test_errors_come_through_unchanged() -> None:
    """What the work raises is raised where it was asked for."""
    offload = ThreadOffload()
    with pytest.raises(ValueError, match="invalid literal"):
        await offload.run(int, "x")
    offload.close()


def test_the_clock_is_aware() -> None:
    """The system's time carries its zone."""
    offset = SystemClock().now().utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0


async def test_another_number_of_threads_cuts_nothing_off() -> None:
    """What runs and what waits for a thread ends as it would have; what comes later has the new number at once."""
    offload, go_on = ThreadOffload(threads=1), threading.Event()
    running = asyncio.ensure_future(offload.run(go_on.wait, 20))
    waiting = asyncio.ensure_future(offload.run(sorted, [2, 1]))
    await asyncio.sleep(0.05)
    offload.use(threads=1)
    assert [name for name, _ in offload.going_on()] == ["threading.Event.wait"]
    offload.use(threads=2)
    both = threading.Barrier(2)
    await asyncio.wait_for(asyncio.gather(offload.run(both.wait, 10), offload.run(both.wait, 10)), 10)
    assert not waiting.done()
    go_on.set()
    assert await running
    assert await waiting == [1, 2]
    offload.close()
