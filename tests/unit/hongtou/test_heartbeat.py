"""The sign of life."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import StorageError
from hongtou.heartbeat import heartbeat_age, heartbeat_path, write_heartbeat

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def test_the_age_of_a_heartbeat_is_told(tmp_path: Path, now: datetime) -> None:
    """What was written is as old as the time since."""
    path = heartbeat_path(tmp_path)
    write_heartbeat(path, now)
    assert heartbeat_age(path, now=now + timedelta(seconds=7)) == timedelta(seconds=7)


@pytest.mark.parametrize("content", [None, "", "soon"])
def test_no_heartbeat_has_no_age(tmp_path: Path, now: datetime, content: str | None) -> None:
    """A file that is not there, or holds no moment, is no sign of life."""
    path = heartbeat_path(tmp_path)
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert heartbeat_age(path, now=now) is None


def test_a_refused_write_is_a_storage_error(tmp_path: Path, now: datetime) -> None:
    """A full or read-only disk is told as such."""
    with pytest.raises(StorageError, match="heartbeat"):
        write_heartbeat(heartbeat_path(tmp_path / "nowhere"), now)
