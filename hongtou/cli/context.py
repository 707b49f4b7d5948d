"""What the commands share: options, consoles, and loading the configuration once."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from config.fields import parse_duration
from config.loader import load_settings
from hongtou.logs import configure_logging

if TYPE_CHECKING:
    from config.loaded import Loaded

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="Configuration file; by default $HONGTOU_CONFIG, ./hongtou.yaml or the shipped one."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def load(config: Path | None) -> Loaded:
    """Load the configuration and set logging up by it.

    Raises:
        ConfigError: It has faults; all are told at once.
    """
    loaded = load_settings(config, environ=os.environ)
    configure_logging(loaded.settings.log.level, loaded.settings.log.format)
    return loaded


def out() -> Console:
    """Return a console on standard output; long lines are not broken when nobody looks."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200, soft_wrap=True)


def read_span(text: str, option: str) -> timedelta:
    """Read a duration given on the command line.

    Raises:
        BadParameter: It is none.
    """
    try:
        span = parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
    return span if isinstance(span, timedelta) else timedelta()
