"""Rehearsals: the real daemon in its own process, against sites and receivers on loopback."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hongtou.rehearsal.stage import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def rehearsal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rehearsal]:
    """A rehearsal whose daemon is not started yet; its parameter, if any, changes its configuration."""
    changes = getattr(request, "param", None)
    now = datetime.now(tz=UTC)  # noqa: TID251 - the daemon's clock is real
    with Rehearsal(tmp_path, now=now, changes=changes) as stage:
        yield stage
