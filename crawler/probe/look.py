"""Reads an answer as a source of some kind would, for the probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import ParseError
from core.source import JsonPaths, RowSelectors, Source, SourceId, SourceKind, Voice
from crawler.lists import parse_list
from crawler.probe.offer import Offer, Visited, previews

if TYPE_CHECKING:
    from datetime import datetime

    from core.listing import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How answers are looked at: when, and in which zone their times are meant."""

    now: datetime
    zone: str

    def source(
        self, kind: SourceKind, url: str, *, rows: RowSelectors | None = None, paths: JsonPaths | None = None
    ) -> Source:
        """Return a source that is not configured yet."""
        return Source(
            id=SourceId("probe"),
            name="",
            name_en="",
            kind=kind,
            url=url,
            group="",
            voice=Voice.PRESS,
            zone=self.zone,
            rows=rows,
            paths=paths,
        )

    def read(self, source: Source, page: Visited) -> Listing | None:
        """Return what an answer gives as a source's list; None when that is nothing."""
        try:
            listing = parse_list(source, page.body, url=page.url, content_type=page.content_type, now=self.now)
        except ParseError:
            return None
        return listing if listing.entries else None

    def offer(self, source: Source, listing: Listing, *, reason: str, score: float) -> Offer:
        """Return a source as an offer, with its rows."""
        return Offer(
            kind=source.kind,
            url=source.url,
            reason=reason,
            score=score,
            checked=True,
            rows=source.rows,
            paths=source.paths,
            preview=previews(listing.entries, zone=self.zone),
        )
