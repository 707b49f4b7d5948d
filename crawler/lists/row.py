"""One row of any kind of list as it was found, and the entry that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.documents import find_document_numbers
from core.item import DateOrigin, Entry, Published
from crawler.dates import ParsedDate, date_from_url, parse_date
from crawler.fields import absolute_link, plain_id, plain_line, plain_text, plain_title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.item import DocumentFacts
    from core.source import Source

_LONGEST = 120
"""Characters that are kept of a written date, and of the beginning of a text that stands in for a missing title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it stands in the list: markup, relative links and written dates are all still there."""

    title: str = ""
    link: str = ""
    guid: str = ""
    date: str = ""
    summary: str = ""
    text: str = ""
    author: str = ""
    issuer: str = ""
    number: str = ""
    """Number of the document as printed, or a text that holds it."""
    facts: DocumentFacts | None = None
    date_at: datetime | None = None
    """What a library made of the date, aware UTC, for dates that our own grammar does not know."""


class RowFinder(Protocol):
    """Finds the rows of an HTML list page without selectors. Pure; never raises on any text."""

    def find(self, text: str, url: str) -> Sequence[Row]:
        """Return the rows of the page's main list in page order; empty when it has none.

        Args:
            text: The page, decoded.
            url: Its address after redirects.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContext:
    """What the rows of one list are read with."""

    source: Source
    url: str
    """Address of the list after redirects, against which links are resolved."""
    now: datetime
    """The present, aware UTC."""
    url_dates: bool = False
    """Whether a row without a date takes that of its address: on list pages, which often print none."""


def to_entry(row: Row, context: ListContext) -> Entry | None:
    """Make an entry of a row; None when it has neither a title nor a link."""
    url = absolute_link(row.link, context.url)
    summary, text = plain_text(row.summary), plain_text(row.text)
    title = plain_title(row.title) or _beginning(summary or text)
    if not title and not url:
        return None
    return Entry(
        source_id=context.source.id,
        url=url,
        title=title,
        guid=plain_id(row.guid) or None,
        summary=summary,
        text=text,
        published=_published(row, url, context),
        author=plain_line(row.author),
        issuer=plain_line(row.issuer),
        document_numbers=find_document_numbers(plain_line(row.number)),
        facts=row.facts,
    )


def _beginning(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _published(row: Row, url: str, context: ListContext) -> Published | None:
    zone, now = context.source.zone, context.now
    written = plain_line(row.date)
    found = parse_date(written, zone=zone, now=now)
    if found is None and row.date_at:
        found = parse_date(row.date_at.isoformat(), zone=zone, now=now)
    if found:
        return _dated(found, DateOrigin.LIST, raw=written[:_LONGEST])
    from_url = date_from_url(url, zone=zone) if context.url_dates else None
    return _dated(from_url, DateOrigin.URL, raw=from_url.raw) if from_url else None


def _dated(found: ParsedDate, origin: DateOrigin, *, raw: str) -> Published:
    return Published(at=found.at, precision=found.precision, origin=origin, raw=raw)
