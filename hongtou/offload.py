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
        self._threads = threads
        self._pool = _pool_of(threads)
        self._former: list[ThreadPoolExecutor] = []
        self._going_on: dict[object, tuple[str, float]] = {}

    def use(self, *, threads: int) -> None:
        """Run what comes from now on in so many threads; what was handed over before ends in the former ones."""
        if threads != self._threads:
            self._former.append(self._pool)
            self._threads, self._pool = threads, _pool_of(threads)
            self._former[-1].shutdown(wait=False)

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
        for pool in (*self._former, self._pool):
            pool.shutdown(wait=True, cancel_futures=True)

    def _noted(self, work: partial[T]) -> T:
        key = object()
        self._going_on[key] = (_name(work), time.monotonic())
        try:
            return work()
        finally:
            del self._going_on[key]


def _pool_of(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=threads, thread_name_prefix="offload")


def _name(work: partial[T]) -> str:
    named = work.func
    return f"{getattr(named, '__module__', '?')}.{getattr(named, '__qualname__', type(named).__name__)}"
