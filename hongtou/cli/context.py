"""What the commands share: options, consoles, and loading the configuration once."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from config.fields import parse_duration
from config.loader import load_settings
from hongtou.cli.options import ConfigOption, JsonOption
from hongtou.logs import configure_logging

if TYPE_CHECKING:
    from pathlib import Path

    from config.loaded import Loaded

__all__ = ["ConfigOption", "JsonOption", "load", "out", "read_span"]


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
