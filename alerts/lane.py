"""Runs blocking work off the event loop with a hard time limit, one piece at a time; knows nothing of alerts."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class LaneBlockedError(Exception):
    """Earlier work has passed its time limit and still goes on."""


class Lane(Generic[T]):
    """One thread at most, for one place that may hang.

    Blocking calls cannot be stopped, only no longer waited for. A thread pool would lose a worker to each hung call,
    and wait for them all at exit; a lane loses one daemon thread, whatever is asked of it, and refuses new work until
    the old has ended.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = asyncio.Lock()
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:
        """Run the work in the lane's thread and return its result.

        Args:
            work: A blocking function; its context variables are a copy of the caller's.
            limit_s: Longest wait for it in seconds, from when its turn comes.

        Raises:
            LaneBlockedError: Earlier work that was given up still goes on; this was not begun.
            TimeoutError: The work did not end in time. It goes on in its thread.
        """
        async with self._turn:
            if self._thread is not None and self._thread.is_alive():
                raise LaneBlockedError(self._name)
            loop = asyncio.get_running_loop()
            result: asyncio.Future[T] = loop.create_future()
            context = contextvars.copy_context()
            self._thread = threading.Thread(
                target=context.run, args=(_carry, work, result, loop), name=self._name, daemon=True
            )
            self._thread.start()
            done, _ = await asyncio.wait({result}, timeout=limit_s)
            if not done:
                raise TimeoutError
            self._thread.join()  # it has said its last word, and ends at once
            return result.result()


def _carry(work: Callable[[], T], result: asyncio.Future[T], loop: asyncio.AbstractEventLoop) -> None:
    try:
        value = work()
    except Exception as error:  # noqa: BLE001  # carried over to the caller, where it is raised
        _settle(loop, result.set_exception, error)
    else:
        _settle(loop, result.set_result, value)


def _settle(loop: asyncio.AbstractEventLoop, settle: Callable[[T], None], value: T) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(settle, value)
