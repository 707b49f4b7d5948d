"""`hongtou label` on a real terminal: single keys, and nothing lost however it ends."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hongtou.clock import SystemClock
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60.0


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hongtou", *arguments],
            cwd=folder,
            env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm", "COLUMNS": "100"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def wait_for(self, words: str, *, times: int = 1) -> None:
        """Read until words have been shown so often."""
        end = time.monotonic() + WITHIN_S
        while self.shown.count(words) < times:
            assert time.monotonic() < end, self.shown
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.shown += os.read(self.master, 65536).decode(errors="replace")
                except OSError:  # the program has ended
                    assert self.shown.count(words) >= times, self.shown
        assert words in self.shown

    def close(self) -> None:
        """End the program, if it has not ended, and give the terminal up."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def archive(tmp_path: Path, make_item: Any, make_classification: Any) -> Iterator[SqlDatabase]:
    """Three judged items in the folder of the command."""
    (tmp_path / "data").mkdir()
    with SqlDatabase(f"sqlite:///{tmp_path}/data/hongtou.db") as database:
        database.migrate()
        with database.unit_of_work() as uow:
            for n in (1, 2, 3):
                uow.items.add(make_item(n, classification=make_classification(), first_seen_at=SystemClock().now()))
            uow.commit()
        yield database


@pytest.fixture
def label(tmp_path: Path, archive: SqlDatabase) -> Iterator[Callable[..., Terminal]]:
    """Starter of `hongtou label` on terminals, which are closed after the test."""
    assert archive.name
    started: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        started.append(Terminal(tmp_path, "label", *arguments))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()


def answers(database: SqlDatabase) -> list[tuple[bool, tuple[str, ...]]]:
    """Return what is stored."""
    with database.reading() as uow:
        return [(label.relevant, label.topics) for label in uow.labels.all()]


def test_single_keys_answer_and_a_second_run_goes_on(label: Callable[..., Terminal], archive: SqlDatabase) -> None:
    """No Enter is needed but for topics; what was answered is not asked again; a kill loses nothing."""
    first = label()
    first.wait_for("q quit")
    first.press("n")
    first.wait_for("q quit", times=2)
    assert answers(archive) == [(False, ())]
    first.press("y")
    first.wait_for("topics [blockchain]")
    first.press("ai, chips\n")
    first.wait_for("q quit", times=3)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert answers(archive) == [(False, ()), (True, ("ai", "chips"))]
    second = label()
    second.wait_for("1 of 1, 0 labelled")
    second.press("u")
    second.wait_for("This is the first question.")
    second.press("q")
    second.wait_for("0 labels stored, 1 questions left.")
    assert second.process.wait(timeout=WITHIN_S) == 0


def test_ctrl_c_leaves_in_good_order(label: Callable[..., Terminal], archive: SqlDatabase) -> None:
    """It is no traceback, and the answer before it is kept."""
    terminal = label("--show")
    terminal.wait_for("The classifier: flagged")
    terminal.wait_for("q quit")
    terminal.press("n")
    terminal.wait_for("q quit", times=2)
    terminal.process.send_signal(signal.SIGINT)  # what the terminal makes of it for its foreground program
    terminal.wait_for("1 labels stored, 2 questions left.")
    assert terminal.process.wait(timeout=WITHIN_S) == 0
    assert "Traceback" not in terminal.shown
    assert answers(archive) == [(False, ())]
