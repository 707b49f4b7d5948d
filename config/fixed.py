"""Which settings are fixed while the daemon runs; changing them takes a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings

_WHOLE = ("data_dir", "database", "archive", "copies", "stories")
"""The database is open, the folder locked, the archive's writer built, and what finds texts again has its windows."""
_BUT = {"crawl": ("poll_deadline", "max_pages_per_poll")}
"""Sections built into the crawler, and what of them the daemon itself heeds."""
_PARTS = {
    "schedule": ("poll_tick", "dispatch_tick", "digest_tick", "stuck_after"),
    "rechecks": ("enabled", "tick"),
    "reload": ("tick",),
}
"""Single settings of sections that can otherwise change: ticks are declared once."""


def keep_fixed(running: Settings, wanted: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return the wanted settings with those that are fixed as they are running, and the keys in which they differ.

    Args:
        running: The settings that the daemon was started with, or has taken over since.
        wanted: The settings of the file as it is now.
    """
    update: dict[str, Any] = {}
    refused: list[str] = []
    for section in _WHOLE:
        if getattr(running, section) != getattr(wanted, section):
            update[section] = getattr(running, section)
            refused.append(section)
    for section in (*_BUT, *_PARTS):
        kept = dict(_kept(section, running, wanted))
        if kept:
            update[section] = getattr(wanted, section).model_copy(update=kept)
            refused += [f"{section}.{name}" for name in kept]
    return wanted.model_copy(update=update), tuple(refused)


def _kept(section: str, running: Settings, wanted: Settings) -> Iterator[tuple[str, object]]:
    """Yield the fixed settings of a section that differ, as they are running."""
    ours, theirs = getattr(running, section), getattr(wanted, section)
    names = _PARTS.get(section) or [name for name in type(ours).model_fields if name not in _BUT[section]]
    for name in names:
        if getattr(ours, name) != getattr(theirs, name):
            yield name, getattr(ours, name)
