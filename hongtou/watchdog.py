"""A thread that watches whether the loop and the threads still work, and ends the process when they do not.

Whatever runs Hongtou (Docker, systemd) starts it again; nothing is lost by that. Time is counted in looks of the
watching thread, not by a clock: a machine that sleeps, a paused container and a clock that is put forward stop the
looks too, so that no pause is taken for a fault.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import sys
import threading
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TextIO

import structlog

from core.ports import Offload

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

LOOKS = 12
"""Looks without a beat after which the loop is stuck; the bound is divided into as many."""
_IDLE = timedelta(minutes=2)
"""Bound by which looks are paced while nothing is ended."""
_LONGEST_PULSE_S = 5.0
"""A pulse must not sleep through the looks of a bound that is made shorter meanwhile."""
_STARVED = 5
"""Times the loop's bound that all threads may be busy: a backup or a model that loads may take one for minutes."""
_LONG = 5
"""Times the loop's bound after which a job or work that still goes on is told of."""
_LAST_WORD_S = 10
"""Time for the last word: what is stuck may be the very pipe it is written to."""


class Going(Protocol):
    """What tells what goes on in it."""

    def going_on(self) -> list[tuple[str, float]]:
        """Return the name of each thing that goes on, and when it began; called from the watching thread."""
        ...


class WatchedOffload(Offload, Going, Protocol):
    """Threads that can be watched."""


class Watchdog:
    """Watches from a thread of its own. To be started on the loop that it watches."""

    def __init__(
        self,
        *,
        stuck_after: Callable[[], timedelta],
        code: int,
        jobs: Going,
        offload: WatchedOffload,
        output: TextIO | None = None,
    ) -> None:
        """Set up.

        Args:
            stuck_after: Longest time without a beat of the loop, asked at each look; the threads have five times as
                much. Nought ends nothing.
            code: Exit code of a process that is ended because it is stuck.
            jobs: Tells which jobs run.
            offload: The threads to be watched.
            output: Where stacks are written, with a file descriptor; None for standard error.
        """
        self._stuck_after = stuck_after
        self._code = code
        self._jobs = jobs
        self._offload = offload
        self._output = output or sys.__stderr__ or sys.stderr
        self._beats: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()
        self._ages: Counter[tuple[str, str, float]] = Counter()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._pulses: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to watch the running loop."""
        loop = asyncio.get_running_loop()
        self._pulses = [loop.create_task(self._pulse_of_loop()), loop.create_task(self._pulse_of_threads())]
        # A C function that never lets go of the interpreter (a pattern that backtracks, say) stops this thread too.
        # Then the process's own processor time runs out: the signal writes the stacks, and ends it.
        faulthandler.register(signal.SIGPROF, file=self._output, all_threads=True, chain=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more; safe to call twice."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.unregister(signal.SIGPROF)
        for task in self._pulses:
            task.cancel()

    @property
    def _look_s(self) -> float:
        return (self._stuck_after() or _IDLE).total_seconds() / LOOKS

    @property
    def _pulse_s(self) -> float:
        return min(self._look_s / 2, _LONGEST_PULSE_S)

    @property
    def _held_s(self) -> float:
        """Processor time after which the interpreter is held; 0 for never."""
        # A healthy process can use all processors between two looks, in libraries that let go of the interpreter.
        stuck_s = self._stuck_after().total_seconds()
        return stuck_s + 2 * stuck_s / LOOKS * (os.cpu_count() or 1)

    async def _pulse_of_loop(self) -> None:
        while True:
            self._beats["loop"] += 1
            await asyncio.sleep(self._pulse_s)

    async def _pulse_of_threads(self) -> None:
        while True:
            await self._offload.run(_nothing)
            self._beats["threads"] += 1
            await asyncio.sleep(self._pulse_s)

    def _watch(self) -> None:
        while True:
            signal.setitimer(signal.ITIMER_PROF, self._held_s)
            if self._closing.wait(self._look_s):
                return
            self._look()

    def _look(self) -> None:
        for part, bound in (("loop", LOOKS), ("threads", LOOKS * _STARVED)):
            is_alive = self._beats[part] != self._seen[part]
            self._seen[part] = self._beats[part]
            self._missed[part] = 0 if is_alive else self._missed[part] + 1
            if self._missed[part] >= bound and self._stuck_after():
                self._end(part)
        self._tell_long()

    def _tell_long(self) -> None:
        """Tell once of each job or work that has gone on for long."""
        self._ages = Counter({one: self._ages[one] + 1 for one in self._running()})
        for (kind, name, _), looks in self._ages.items():
            if looks == LOOKS * _LONG:
                log.warning("still going on", kind=kind, name=name, for_s=round(looks * self._look_s))

    def _running(self) -> list[tuple[str, str, float]]:
        return [
            (kind, *one) for kind, them in (("job", self._jobs), ("work", self._offload)) for one in them.going_on()
        ]

    def _end(self, part: str) -> None:
        signal.setitimer(signal.ITIMER_REAL, _LAST_WORD_S)
        faulthandler.dump_traceback(file=self._output, all_threads=True)
        log.critical(
            "stuck: ending, to be started again",
            stuck=part,
            for_s=round(self._missed[part] * self._look_s),
            running=[f"{kind} {name}" for kind, name, _ in self._running()],
        )
        os._exit(self._code)


def _nothing() -> None:
    """Do nothing, in a thread that is free to."""


def is_debugged() -> bool:
    """Whether a debugger holds this program, which may stop it for as long as somebody thinks."""
    if sys.gettrace() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    return monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None
