"""One list of a source, of whatever kind, as a `Listing`. Decides nothing about its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import ListParseError, ParseError
from core.hashing import body_hash
from core.listing import Listing
from core.source import SourceKind
from crawler.lists.detect import DetectedRows
from crawler.lists.feed import read_feed
from crawler.lists.htmllist import read_page_list
from crawler.lists.identity import with_sound_identity
from crawler.lists.jsonlist import read_json_list
from crawler.lists.row import ListContext, to_entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from core.closing import ClosedTimes
    from core.source import Source
    from crawler.lists.row import Row, RowFinder


def parse_list(
    source: Source,
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    row_finder: RowFinder | None = None,
) -> Listing:
    """Read a source's list.

    Args:
        source: Says how: its kind, paths or selectors, zone and charset.
        body: The answer's bytes, any Content-Encoding undone.
        url: Its address after redirects, to resolve links against.
        content_type: The Content-Type header, empty when there was none.
        now: The present, aware UTC.
        row_finder: Finds the rows of an HTML page when selectors are not given or fail; by default detection.

    Returns:
        The entries in list order, with the hash of the body and the wait the list asks for. Validators are the
        caller's, who has the headers. A well-formed list without rows has no entries. `degraded` says that selectors
        failed and detection took their place.

    Raises:
        ParseError: The body is not what the source promises; only its subclasses DecodeError, FeedParseError and
            ListParseError are raised, whatever the bytes.
    """
    try:
        read = _read(source, body, url=url, content_type=content_type, row_finder=row_finder or DetectedRows())
    except ParseError as error:
        error.source_id, error.url = source.id, error.url or url
        raise
    # A row of a page or a JSON list without a date takes its address's; feeds say their dates themselves.
    context = ListContext(source=source, url=url, now=now, url_dates=source.kind is not SourceKind.FEED)
    found = [to_entry(row, context) for row in read.rows]
    entries = [entry for entry in found if entry and (entry.url or source.kind is not SourceKind.LISTING)]
    whole = [entry for entry in entries if entry.title or source.kind is not SourceKind.LISTING]
    return Listing(
        entries=with_sound_identity(whole),
        body_hash=body_hash(body),
        ttl=read.ttl,
        closed=read.closed,
        degraded=read.degraded,
        skipped=len(found) - len(whole),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    rows: Sequence[Row]
    ttl: timedelta | None = None
    closed: ClosedTimes | None = None
    degraded: str = ""


def _read(source: Source, body: bytes, *, url: str, content_type: str, row_finder: RowFinder) -> _Read:
    override = source.encoding
    if source.kind is SourceKind.FEED:
        feed = read_feed(body, content_type=content_type, override=override, url=url)
        return _Read(rows=feed.rows, ttl=feed.ttl, closed=feed.closed)
    if source.kind is SourceKind.LISTING:
        page = read_page_list(
            body, source.rows, content_type=content_type, override=override, url=url, row_finder=row_finder
        )
        return _Read(rows=page.rows, degraded=page.degraded)
    if source.paths is None:
        raise ListParseError("a source of kind json needs paths", url=url)
    return _Read(rows=read_json_list(body, source.paths, content_type=content_type, override=override, url=url))
