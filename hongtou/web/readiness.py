"""Whether the daemon is alive, and whether it is ready: two questions with two answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import StorageError
from hongtou.heartbeat import STALE_AFTER, heartbeat_age

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Protocol

    class Checkable(Protocol):
        """A database that can be looked at."""

        def check(self) -> None:
            """Raise StorageError when it cannot be used."""
            ...


_TOLD = 12
"""Faults told at most; the log has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """An answer, with what it rests on."""

    ok: bool
    checks: dict[str, str]
    """What was looked at → `ok`, or what is wrong, without secrets."""


def look_alive(heartbeat: Path, *, now: datetime) -> Health:
    """Say whether the loop and its ticks go on: a fault of sources, channels or database does not count.

    A program that restarts whatever is not alive would otherwise restart it for a fault that no restart mends.
    """
    age = heartbeat_age(heartbeat, now=now)
    if age is None:
        return Health(ok=False, checks={"loop": "has left no heartbeat"})
    if age > STALE_AFTER:
        return Health(ok=False, checks={"loop": f"last heartbeat {age.total_seconds():.0f} s ago"})
    return Health(ok=True, checks={"loop": "ok"})


def look_ready(database: Checkable, alive: Health, faults: Sequence[str] = ()) -> Health:
    """Say whether all is as it should be: database and schema, the loop, and that what the files say is in force.

    Blocks: to be called off the loop.

    Args:
        database: To be looked at.
        alive: What was found of the loop.
        faults: What is wrong with the configuration's files.
    """
    try:
        database.check()
    except StorageError as error:
        told = str(error)
    else:
        told = "ok"
    files = f"the one before stays in force: {'; '.join(faults[:_TOLD])}" if faults else "ok"
    checks = {**alive.checks, "database": told, "configuration": files}
    return Health(ok=alive.ok and told == files == "ok", checks=checks)
