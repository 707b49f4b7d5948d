"""The one place where blocking and CPU-heavy work leaves the event loop."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class ThreadOffload:
    """Runs work in a small pool of threads; what cannot start at once waits in order."""

    def __init__(self, *, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="offload")
        self._going_on: dict[object, tuple[str, float]] = {}

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function off the loop and return its result; its exceptions come through unchanged."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._noted, partial(function, *args, **kwargs))

    def going_on(self) -> list[tuple[str, float]]:
        """Return the name of each work under way and when it began, in seconds of the monotonic clock.

        May be called from any thread. Work that waits for a thread is not told.
        """
        return list(self._going_on.values())

    def close(self) -> None:
        """Wait for running work and give up the threads; waiting work is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _noted(self, work: partial[T]) -> T:
        key = object()
        self._going_on[key] = (_name(work), time.monotonic())
        try:
            return work()
        finally:
            del self._going_on[key]


def _name(work: partial[T]) -> str:
    named = work.func
    return f"{getattr(named, '__module__', '?')}.{getattr(named, '__qualname__', type(named).__name__)}"
