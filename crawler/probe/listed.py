"""Offers to watch the list that a page shows, with selectors where some can be proven on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.source import SourceKind
from crawler.lists.detect import detect
from crawler.lists.detect.finder import MIN_CONFIDENCE, visible_block
from crawler.probe.selectors import proposed_selectors

if TYPE_CHECKING:
    from core.item import Entry
    from core.listing import Listing
    from core.source import RowSelectors
    from crawler.probe.look import Look
    from crawler.probe.offer import Offer, Visited

_MOST_TRIES = 16
"""Selectors that are tried on the page."""


def listing_offer(page: Visited, text: str, look: Look) -> Offer | None:
    """Return the offer of the list on a page; None when there is none."""
    confidence = detect(text, page.url).confidence
    plain = look.source(SourceKind.LISTING, page.url)
    listing = look.read(plain, page) if confidence >= MIN_CONFIDENCE else None
    if listing is None:
        return None
    selectors = _selectors(page, text, listing, look)
    dated = sum(entry.published is not None for entry in listing.entries)
    how = (
        "selectors proven on this page" if selectors else "no selectors that name them stably, so detection reads them"
    )
    return look.offer(
        look.source(SourceKind.LISTING, page.url, rows=selectors),
        listing,
        reason=f"a list of {len(listing.entries)} rows on the page, {dated} dated; {how}",
        score=0.5 + 0.35 * confidence,
    )


def _selectors(page: Visited, text: str, listing: Listing, look: Look) -> RowSelectors | None:
    """Return the first proposed selectors that give what detection gives, without its help."""
    flat, block = visible_block(text, page.url)
    if flat is None or block is None:
        return None
    wanted = [_key(entry) for entry in listing.entries]
    for number, rows in enumerate(proposed_selectors(flat, block.rows)):
        if number >= _MOST_TRIES:
            break
        read = look.read(look.source(SourceKind.LISTING, page.url, rows=rows), page)
        if read and not read.degraded and [_key(entry) for entry in read.entries] == wanted:
            return rows
    return None


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.url, entry.title, entry.published.at.date().isoformat() if entry.published else ""
