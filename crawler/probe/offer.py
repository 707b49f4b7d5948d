"""What a probe is given and what it offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.item import Entry
    from core.source import JsonPaths, RowSelectors, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One answer, fetched or saved."""

    url: str
    """Address after redirects; of a saved page the one it is said to come from."""
    body: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One row as a source would give it."""

    title: str
    url: str
    published: str
    """ISO 8601 in the zone of the source; empty when the row has no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way to watch an address."""

    kind: SourceKind
    url: str
    reason: str
    """Why it is offered, and what speaks against it, in one sentence."""
    score: float
    """0 to 1; the best offer comes first."""
    checked: bool
    """Whether the list itself was read; False for addresses that a saved page only names."""
    rows: RowSelectors | None = None
    paths: JsonPaths | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    preview: tuple[Preview, ...] = ()


def previews(entries: tuple[Entry, ...], *, zone: str) -> tuple[Preview, ...]:
    """Return entries as rows of a preview, with times in a zone."""
    place = ZoneInfo(zone)
    return tuple(
        Preview(
            title=entry.title,
            url=entry.url,
            published=entry.published.at.astimezone(place).isoformat(timespec="minutes") if entry.published else "",
        )
        for entry in entries
    )
