"""The real daemon while things go wrong around it: database, network, disk, clock, pauses and kills.

`HONGTOU_CHAOS_KILLS=200` kills as often; `HONGTOU_CHAOS_LOCK_S` and `HONGTOU_CHAOS_NETWORK_S`: lengths of outages.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from hongtou.rehearsal.faults import SiteFault
from hongtou.rehearsal.play import play
from hongtou.rehearsal.timeline import SITES, STEPS
from hongtou.rehearsal.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hongtou.rehearsal.record import Record
    from hongtou.rehearsal.stage import Rehearsal

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(3600)]

KILLS = int(os.environ.get("HONGTOU_CHAOS_KILLS", "8"))
LOCK_S = float(os.environ.get("HONGTOU_CHAOS_LOCK_S", "35"))
"""By default a little longer than the daemon waits for a lock, so that it fails."""
NETWORK_S = float(os.environ.get("HONGTOU_CHAOS_NETWORK_S", "10"))
PAUSE_S = 25.0
FULL_S = 20.0
CHANGES: dict[str, Any] = {
    "routes": {"now": {"channels": ["desk", "slack"]}, "daily": {"enabled": False}},
    "schedule": {"poll_tick": "0.5s", "dispatch_tick": "0.5s", "digest_tick": "1s", "stuck_after": "20s"},
    "operators": {"least_free": "1"},
}
OWN_CLOCK = """
import pathlib
from datetime import datetime, timedelta, timezone

from hongtou import clock

LEAD = pathlib.Path({lead!r})


def now(_):
    return datetime.now(timezone.utc) + timedelta(seconds=float(LEAD.read_text()))


clock.SystemClock.now = now
"""
"""Lets the daemon's clock be set by a file: nobody but root may set the system's, and it is everybody's."""


def broken(rehearsal: Rehearsal, record: Record) -> dict[str, tuple[str, ...]]:
    """Return the promises that do not hold, with what is missing."""
    checks = judge(record, rehearsal.web.expected(), rehearsal.sent())
    return {check.promise: check.missing for check in checks if not check.holds}


def logged(rehearsal: Rehearsal) -> list[str]:
    """Return the events that the daemon logged."""
    lines = rehearsal.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def perform(rehearsal: Rehearsal, acts: dict[int, Callable[[], None]]) -> Record:
    """Play the timeline to a new daemon, with an act before some of its steps, and stop it in good order."""

    def act(step: int, record: Record) -> None:
        del record
        acts.get(step + 1, lambda: None)()

    rehearsal.start_daemon()
    with rehearsal.open_database() as database:
        record = play(rehearsal, database, on_step=act, meanwhile=rehearsal.check_daemon)
    rehearsal.check_daemon()
    assert rehearsal.stop_daemon() == 0
    return record


@pytest.mark.parametrize("rehearsal", [CHANGES], indirect=True)
def test_a_locked_database_and_a_lost_network_cost_nothing_but_time(rehearsal: Rehearsal) -> None:
    """Another program holds the database for longer than anybody waits; later no site can be reached."""

    def lock() -> None:
        with sqlite3.connect(rehearsal.data / "hongtou.db", isolation_level=None, timeout=30) as other:
            other.execute("BEGIN IMMEDIATE")
            rehearsal.web.advance()
            time.sleep(LOCK_S)
            rehearsal.check_daemon()
            other.execute("ROLLBACK")
        other.close()

    def unplug() -> None:
        for site in SITES:
            rehearsal.web.fail(site, SiteFault.CLOSED)
        time.sleep(NETWORK_S)
        rehearsal.check_daemon()
        rehearsal.web.heal()

    record = perform(rehearsal, {2: lock, 5: unplug})
    assert broken(rehearsal, record) == {}


@pytest.mark.parametrize("rehearsal", [CHANGES], indirect=True)
def test_a_sleep_and_jumps_of_the_clock_lose_nothing(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process is stopped for longer than the watchdog waits; the clock goes an hour on, and two back."""
    lead, module = tmp_path / "lead", tmp_path / "own-clock"
    lead.write_text("0")
    module.mkdir()
    (module / "sitecustomize.py").write_text(OWN_CLOCK.format(lead=str(lead)))
    monkeypatch.setenv("PYTHONPATH", str(module))

    def sleep() -> None:
        assert rehearsal.daemon is not None
        rehearsal.daemon.send_signal(signal.SIGSTOP)
        time.sleep(PAUSE_S)
        rehearsal.daemon.send_signal(signal.SIGCONT)
        rehearsal.check_daemon()

    def put_back() -> None:
        lead.write_text("-3600")
        time.sleep(8)  # what it takes to be noticed

    def count_polls() -> int:
        return sum(asked.status != 0 for asked in rehearsal.web.requests)

    asked: list[int] = []

    def put_forward() -> None:
        before = count_polls()
        lead.write_text("3600")
        time.sleep(8)
        asked.append(count_polls() - before)

    record = perform(rehearsal, {1: sleep, 3: put_forward, 6: put_back})
    assert broken(rehearsal, record) == {}
    assert asked[0] < 10 * len(SITES)
    events = logged(rehearsal)
    assert "the clock was put forward" in events
    assert "the clock was put back" in events


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own for the data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a file system of its own can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("rehearsal", [CHANGES], indirect=True)
def test_a_full_disk_stops_storing_and_nothing_else(small_disk: Path, rehearsal: Rehearsal) -> None:
    """Nothing can be stored for a while; once there is room again, all is found and told, without a restart."""

    def fill() -> None:
        with (small_disk / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"\0" * 4096)
            except OSError:
                pass
        rehearsal.web.advance()
        time.sleep(FULL_S)
        rehearsal.check_daemon()
        assert "disk is full" in rehearsal.log.read_text(encoding="utf-8")
        (small_disk / "ballast").unlink()

    record = perform(rehearsal, {2: fill})
    assert broken(rehearsal, record) == {}


@pytest.mark.parametrize("rehearsal", [CHANGES], indirect=True)
def test_kills_at_random_moments_repeat_nothing_without_a_word(rehearsal: Rehearsal) -> None:
    """Killed with -9 again and again, now while it starts, now while it works, it still keeps every promise."""
    chance, left, when = random.Random(KILLS), KILLS, 0.0  # noqa: S311 - moments, not secrets

    def kill() -> None:
        nonlocal left, when
        rehearsal.check_daemon()
        if left and time.monotonic() >= when:
            left -= 1
            rehearsal.kill_daemon()
            rehearsal.start_daemon()
            when = time.monotonic() + chance.uniform(0.1, 9)

    def spread(step: int, record: Record) -> None:
        """Take an equal share of the kills in each step, while its last alerts are on their way."""
        del record
        while left > KILLS * (STEPS - 1 - step) // STEPS:
            kill()
            time.sleep(0.05)

    rehearsal.start_daemon()
    with rehearsal.open_database() as database:
        # A daemon that is killed while it looks around needs longer to have looked at every site of a step.
        record = play(rehearsal, database, on_step=spread, meanwhile=kill, step_within_s=600)
    assert left == 0
    assert rehearsal.stop_daemon() == 0
    assert broken(rehearsal, record) == {}
