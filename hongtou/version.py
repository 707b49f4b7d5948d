"""Which Hongtou this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the installed version; a bare checkout says so."""
    try:
        return version("hongtou")
    except PackageNotFoundError:
        return "(checkout)"
