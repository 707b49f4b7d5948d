"""Whether an answer is a page of a known content management system, or a sitemap, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ParseError
from core.source import Source, SourceId, SourceKind, Voice
from crawler.dialects import DIALECTS, Ask, Page, Reading, Recognised, recognise
from crawler.lists.row import ListContext, to_entry
from crawler.probe.offer import Offer, previews

if TYPE_CHECKING:
    from datetime import datetime

    from core.item import Entry
    from crawler.probe.offer import Preview, Visited

_MOST_APART = 0.1
"""Share of rows in which a dialect and detection may differ and still mean one list."""
_IN_PAGE = frozenset({SourceKind.TRS_DATED, SourceKind.TRS_RECORDS})
"""Dialects whose list stands on the page itself."""


def dialect_offer(page: Visited, listed: tuple[Preview, ...], *, zone: str, now: datetime) -> Offer | None:
    """Return the offer of the dialect that an answer speaks; None when it speaks none.

    Args:
        page: The answer.
        listed: Rows that the page itself shows, for the preview where the dialect asks for its list elsewhere.
        zone: Zone of times without an offset.
        now: The present, aware UTC.
    """
    known = recognise(page.url, page.body, content_type=page.content_type)
    if known is None:
        return None
    entries, needs = _entries(page, known, zone=zone, now=now)
    if not entries and not needs:
        return None
    preview = previews(entries, zone=zone)
    if known.kind is SourceKind.SITEMAP:
        return _offer(page, known, "a sitemap", 0.4 if entries else 0.3, preview)
    if known.kind in _IN_PAGE:
        agrees = len(set(preview) ^ set(listed)) <= _MOST_APART * len(listed)
        what = f"a list of {len(entries)} rows that this content management system writes"
        doubt = "" if agrees else ", not all of them those of the list on the page"
        return _offer(page, known, f"{what}{doubt}", 0.86 if agrees or not listed else 0.4, preview)
    what = "a list that this content management system gives as data, which outlives redesigns of the page"
    return _offer(page, known, what, 0.88, preview or listed)


def _offer(page: Visited, known: Recognised, what: str, score: float, preview: tuple[Preview, ...]) -> Offer:
    return Offer(
        kind=known.kind,
        url=page.url,
        reason=what,
        score=score,
        checked=bool(preview),
        params=known.params,
        preview=preview,
    )


def _entries(page: Visited, known: Recognised, *, zone: str, now: datetime) -> tuple[tuple[Entry, ...], bool]:
    """Return the rows that the answer itself holds, and whether there are more to ask for."""
    source = Source(
        id=SourceId("probe"),
        name="",
        name_en="",
        kind=known.kind,
        url=page.url,
        group="",
        voice=Voice.AUTHORITY,
        zone=zone,
    )
    reading = _reading(source, page)
    context = ListContext(source=source, url=reading.base or page.url, now=now, url_dates=True)
    found = [to_entry(row, context) for row in reading.rows]
    return tuple(entry for entry in found if entry and entry.url and entry.title), bool(reading.needs)


def _reading(source: Source, page: Visited) -> Reading:
    answer = Page(url=page.url, body=page.body, content_type=page.content_type)
    try:
        return DIALECTS[source.kind].read(source, Ask(url=page.url), answer)
    except ParseError:
        return Reading()
