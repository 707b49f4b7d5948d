"""`hongtou health`, which runs every half minute in a container and therefore reads and loads next to nothing."""

from __future__ import annotations

import os

import typer

from config.place import find_data_dir
from hongtou.cli.exits import Exit
from hongtou.cli.options import ConfigOption  # noqa: TC001 - Typer reads the annotations
from hongtou.clock import SystemClock
from hongtou.heartbeat import STALE_AFTER, heartbeat_age, heartbeat_path


def health(config: ConfigOption = None) -> None:
    """Tell whether the daemon's loop is alive, by the age of its heartbeat (for HEALTHCHECK)."""
    path = heartbeat_path(find_data_dir(config, os.environ))
    age = heartbeat_age(path, now=SystemClock().now())
    if age is None:
        typer.echo(f"unhealthy: no heartbeat in {path}; is the daemon running?")
        raise typer.Exit(Exit.UNHEALTHY)
    is_alive = age <= STALE_AFTER
    state = "healthy" if is_alive else "unhealthy"
    typer.echo(f"{state}: the last heartbeat is {age.total_seconds():.0f} s old")
    raise typer.Exit(Exit.OK if is_alive else Exit.UNHEALTHY)
