"""The file whose age tells whether the daemon's loop is alive."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

BEAT_EVERY = timedelta(seconds=5)
STALE_AFTER = BEAT_EVERY * 12
"""A loop that has missed twelve beats is stuck: nothing that runs on it may hold it that long."""


def heartbeat_path(data_dir: Path) -> Path:
    """Return where the daemon on this data directory leaves its heartbeat."""
    return data_dir / "heartbeat"


def write_heartbeat(path: Path, moment: datetime) -> None:
    """Leave a heartbeat.

    Raises:
        StorageError: The file cannot be written.
    """
    try:
        path.write_text(f"{moment.isoformat()}\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def remove_heartbeat(path: Path) -> None:
    """Take the heartbeat away at a clean end: one that is there at the start says that there was none."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def last_beat(path: Path) -> datetime | None:
    """Return when the last heartbeat was, aware UTC; None when there is none that can be read."""
    try:
        return datetime.fromisoformat(path.read_text(encoding="utf-8").strip()).astimezone(UTC)
    except (OSError, ValueError):
        return None


def heartbeat_age(path: Path, *, now: datetime) -> timedelta | None:
    """Return how old the last heartbeat is; None when there is none that can be read."""
    beat = last_beat(path)
    return now - beat if beat else None
