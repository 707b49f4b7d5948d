"""The watchdog ends a process that is stuck, tells where, and takes no pause for a fault."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from hongtou.offload import ThreadOffload
from hongtou.watchdog import Watchdog, is_debugged
from scheduler.ticks import Ticker

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROOT = Path(__file__).resolve().parents[3]
CODE = 7
PROGRAM = """
import asyncio, re, sys, time
from datetime import timedelta
from hongtou.offload import ThreadOffload
from hongtou.watchdog import Watchdog
from scheduler.ticks import Ticker

def backtrack():
    re.match(r"(a+)+$", "a" * 64 + "b")

async def main():
    ticks, offload = Ticker(), ThreadOffload(threads=1)
    async def digest():
        await asyncio.sleep(60)
    ticks.add("digest", timedelta(hours=1), digest)
    ticks.start()
    bound = timedelta(seconds=float(sys.argv[2]))
    watchdog = Watchdog(stuck_after=lambda: bound, code=7, jobs=ticks, offload=offload)
    watchdog.start()
    await asyncio.sleep(0.2)
    print("begun", flush=True)
    if sys.argv[1] == "loop":
        time.sleep(60)
    if sys.argv[1] == "threads":
        await offload.run(time.sleep, 60)
    if sys.argv[1] == "held":
        await offload.run(backtrack)
    await asyncio.sleep(float(sys.argv[3]))
    watchdog.close()
    offload.close()
    print("ended", flush=True)

asyncio.run(main())
"""


def start(what: str, *, stuck_after: float, rest: float = 0) -> subprocess.Popen[str]:
    """Start a process whose loop or threads get stuck, or that rests for so many seconds and ends."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, what, str(stuck_after), str(rest)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_stuck_loop_ends_the_process_and_the_stacks_tell_where() -> None:
    """The exit code is its own; the log names the part that is stuck and the jobs that run."""
    with start("loop", stuck_after=0.6) as process:
        output, errors = process.communicate(timeout=30)
    assert process.returncode == CODE
    assert "most recent call first" in errors
    assert " in main\n" in errors
    assert "stuck: ending" in output
    assert "job digest" in output


def test_threads_that_are_all_busy_for_long_end_the_process_too() -> None:
    """A loop that beats is not enough: nothing can be stored without threads."""
    with start("threads", stuck_after=0.2) as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == CODE
    assert "stuck=threads" in output.replace("'", "")
    assert "time.sleep" in output


def test_work_that_never_lets_go_of_the_interpreter_ends_the_process() -> None:
    """No thread of Python runs any more; the time of the processor is counted by the system, which tells and ends."""
    with start("held", stuck_after=0.6) as process:
        output, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGPROF
    assert "in backtrack" in errors
    assert "ended" not in output


def test_a_pause_of_the_whole_process_is_no_fault() -> None:
    """A machine that sleeps stops the watching too, however long it is."""
    with start("rest", stuck_after=1.2, rest=0.5) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        process.send_signal(signal.SIGCONT)
        output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (0, "ended\n")


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, at most ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.01)


async def test_long_jobs_and_works_are_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on for long is named, with its time, however often it is looked at."""
    monkeypatch.setattr("hongtou.watchdog._LONG", 0.5)
    ticks, offload, go_on = Ticker(), ThreadOffload(threads=2), threading.Event()

    async def slow() -> None:
        await offload.run(go_on.wait, 20)

    def told() -> list[tuple[str, str]]:
        return sorted((entry["kind"], entry["name"]) for entry in logs if entry["event"] == "still going on")

    ticks.add("slow", timedelta(hours=1), slow)
    with (tmp_path / "stacks").open("w") as output, capture_logs() as logs:
        watchdog = Watchdog(
            stuck_after=lambda: timedelta(seconds=1), code=CODE, jobs=ticks, offload=offload, output=output
        )
        watchdog.start()
        ticks.start()
        await until(lambda: len(told()) >= 2)
        await asyncio.sleep(0.3)
        go_on.set()
        await until(lambda: ticks.counts("slow").finished == 1)
        watchdog.close()
        watchdog.close()
    assert told() == [("job", "slow"), ("work", "threading.Event.wait")]
    await ticks.stop()
    offload.close()
    assert (tmp_path / "stacks").read_text() == ""


def test_a_debugger_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever traces the program may stop it."""
    monkeypatch.setattr(sys, "gettrace", lambda: None)
    without = is_debugged()
    monkeypatch.setattr(sys, "gettrace", lambda: print)
    assert is_debugged()
    assert not without or sys.version_info >= (3, 12)


async def test_a_bound_can_change_while_it_watches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nought ends nothing, however long the loop is stuck; another bound counts from the next look on."""
    ended: list[str] = []
    bound, ticks, offload = [timedelta(seconds=0.6)], Ticker(), ThreadOffload(threads=1)
    monkeypatch.setattr("hongtou.watchdog._IDLE", timedelta(seconds=0.6))
    monkeypatch.setattr(Watchdog, "_end", lambda _, part: ended.append(part))
    with (tmp_path / "stacks").open("w") as output:
        watchdog = Watchdog(stuck_after=lambda: bound[-1], code=CODE, jobs=ticks, offload=offload, output=output)
        watchdog.start()
        await asyncio.sleep(0.2)
        bound.append(timedelta(0))
        await asyncio.sleep(0.2)
        time.sleep(1.2)  # noqa: ASYNC251 - a loop that is stuck
        assert ended == []
        assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
        await asyncio.sleep(0.2)
        bound.append(timedelta(seconds=0.6))
        await asyncio.sleep(0.2)
        time.sleep(1.2)  # noqa: ASYNC251 - as before
        assert "loop" in ended
        watchdog.close()
    offload.close()
