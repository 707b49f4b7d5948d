"""Rehearsals: the real daemon in its own process, against sites and receivers on loopback."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hongtou.rehearsal.stage import Rehearsal
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READY_WITHIN_S = 60.0


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    """A rehearsal whose daemon is not started yet."""
    with Rehearsal(tmp_path, now=datetime.now(tz=UTC)) as stage:  # noqa: TID251 - the daemon's clock is real
        yield stage


def database_of(rehearsal: Rehearsal) -> SqlDatabase:
    """Return the daemon's database once it is made."""
    end = time.monotonic() + READY_WITHIN_S
    while not (rehearsal.data / "heartbeat").exists():
        rehearsal.check_daemon()
        assert time.monotonic() < end, rehearsal.log.read_text(encoding="utf-8")
        time.sleep(0.1)
    return SqlDatabase(f"sqlite:///{rehearsal.data / 'hongtou.db'}")
