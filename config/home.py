"""Paths that begin at somebody's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def expand_home(value: Path) -> Path:
    """Return a path with a leading `~` replaced by the home folder.

    Raises:
        ValueError: There is no such home.
    """
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, and there is no such home folder; write the whole path") from None
