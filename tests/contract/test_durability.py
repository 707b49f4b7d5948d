"""What was committed is there after `kill -9`, and what was not is not, on every database."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertState
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from core.alert import AlertKind, AlertState, ChannelId, NewAlert
from storage.database import SqlDatabase

now = datetime(2023, 6, 15, tzinfo=UTC)
database = SqlDatabase(sys.argv[1])

def alert(key):
    desk, pending = ChannelId("desk"), AlertState.PENDING
    return NewAlert(dedup_key=key, kind=AlertKind.TEST, channel=desk, state=pending, created_at=now)

n = 0
while True:
    with database.unit_of_work() as unit:
        for part in ("a", "b"):
            unit.outbox.add(alert(f"{n}{part}"))
        unit.commit()
    print(n, flush=True)
    with database.unit_of_work() as unit:
        unit.outbox.claim(now=now, limit=1, lease=timedelta(minutes=1))
        unit.commit()
    with database.unit_of_work() as unit:
        unit.outbox.add(alert(f"{n}-never-committed"))
        unit.outbox.release_claims()
    n += 1
"""


@pytest.mark.parametrize("commits", [1, 7, 25])
def test_a_killed_writer_loses_nothing_that_was_committed(
    address: str, open_database: Callable[..., SqlDatabase], commits: int
) -> None:
    """Killed at any moment under load, every commit is there whole, and nothing that was rolled back or cut off."""
    command = [sys.executable, "-c", WRITER, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        for _ in range(commits):
            writer.stdout.readline()
        writer.kill()
        told = commits + len(writer.stdout.read().split())
    assert writer.returncode == -signal.SIGKILL
    database = open_database(address)
    database.check()
    with database.unit_of_work() as unit:
        keys = {alert.dedup_key for alert in unit.outbox.list(limit=10_000)}
        whole = {f"{n}{part}" for n in range(told) for part in ("a", "b")}
        in_flight = {f"{told}a", f"{told}b"}
        assert keys in (whole, whole | in_flight)
        claimed = unit.outbox.counts().get(AlertState.CLAIMED, 0)
        assert told - 1 <= claimed <= told
        assert unit.outbox.release_claims() == claimed


def test_sqlite_keeps_to_the_settings_that_make_it_durable(migrated_file: Path, tmp_path: Path) -> None:
    """Write-ahead log, full synchronisation, foreign keys and a long wait for locks are on in every connection."""
    (tmp_path / "hongtou.db").write_bytes(migrated_file.read_bytes())
    with SqlDatabase(f"sqlite:///{tmp_path}/hongtou.db") as database, database._engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
        assert values == ["wal", 2, 1, 30_000]
