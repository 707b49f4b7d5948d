"""`hongtou health`, which runs every half minute in a container and therefore loads next to nothing."""

from __future__ import annotations

import typer

from hongtou.cli.context import ConfigOption, load, out
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.heartbeat import STALE_AFTER, heartbeat_age, heartbeat_path


def health(config: ConfigOption = None) -> None:
    """Tell whether the daemon's loop is alive, by the age of its heartbeat (for HEALTHCHECK)."""
    path = heartbeat_path(load(config).settings.data_dir)
    age = heartbeat_age(path, now=SystemClock().now())
    if age is None:
        out().print(f"unhealthy: no heartbeat in {path}; is the daemon running?", markup=False)
        raise typer.Exit(Exit.UNHEALTHY)
    is_alive = age <= STALE_AFTER
    state = "healthy" if is_alive else "unhealthy"
    out().print(f"{state}: the last heartbeat is {age.total_seconds():.0f} s old", markup=False)
    raise typer.Exit(Exit.OK if is_alive else Exit.UNHEALTHY)
