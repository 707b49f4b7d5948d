"""Which settings are fixed while the daemon runs; changing them takes a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings

FIXED = ("data_dir", "database")
"""The folder is locked and the database open for as long as the daemon runs: others rely on that."""


def keep_fixed(running: Settings, wanted: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return the wanted settings with those that are fixed as they are running, and the keys in which they differ.

    Args:
        running: The settings that the daemon was started with, or has taken over since.
        wanted: The settings of the file as it is now.
    """
    refused = tuple(name for name in FIXED if getattr(running, name) != getattr(wanted, name))
    return wanted.model_copy(update={name: getattr(running, name) for name in refused}), refused
