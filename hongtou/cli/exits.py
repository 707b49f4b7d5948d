"""Exit codes, and how an expected failure is told; docs/cli.md lists both."""

from __future__ import annotations

from enum import IntEnum

import typer

from core.errors import ConfigError, DeliveryError, HongtouError, SourceError, StorageError


class Exit(IntEnum):
    """What an exit code of `hongtou` means; 1 is a fault of the program itself, 2 also a wrong use of it."""

    OK = 0
    CRASH = 1
    CONFIG = 2
    STORAGE = 3
    SOURCES = 4
    """At least one source, address or file could not be read."""
    DELIVERY = 5
    """At least one alert was not delivered."""
    UNHEALTHY = 6
    STUCK = 7
    """The daemon was stuck, and ended itself to be started again."""


def exit_code_of(error: HongtouError) -> Exit:
    """Return the exit code for an expected failure."""
    if isinstance(error, (ConfigError, DeliveryError)):
        return Exit.CONFIG
    if isinstance(error, StorageError):
        return Exit.STORAGE
    return Exit.SOURCES if isinstance(error, SourceError) else Exit.CRASH


def tell(error: HongtouError) -> None:
    """Print an expected failure on standard error, without a traceback."""
    for line in str(error).splitlines():
        typer.echo(f"hongtou: {line}", err=True)
