"""Work off the loop."""

from __future__ import annotations

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
