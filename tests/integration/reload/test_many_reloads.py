"""A year of edits leaves nothing behind."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest

from hongtou.live import Effective

if TYPE_CHECKING:
    from tests.integration.reload.conftest import Daemon

pytestmark = pytest.mark.integration


async def test_what_was_in_force_before_is_forgotten(daemon: Daemon) -> None:
    """However often files are edited, only what is in force is held, and no thread is left over."""
    threads: list[int] = []
    for n in range(6):
        opinions = {**daemon.base["classify"]["second_opinion"], "enabled": n % 2 == 0, "concurrency": 1 + n}
        daemon.write({**daemon.base, "classify": {"threshold": 0.5 + n / 100, "second_opinion": opinions}})
        await daemon.reload()
        gc.collect()
        threads.append(threading.active_count())
    held = [thing for thing in gc.get_objects() if isinstance(thing, Effective)]
    assert held == [daemon.app.live.now]
    assert len(daemon.app.offload._former) <= 6
    assert max(threads[2:]) <= max(threads[:2]) + 4
