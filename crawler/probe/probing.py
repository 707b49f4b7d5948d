"""Looks at one address in every way there is, and offers those that give rows, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from core.errors import DecodeError, ParseError
from core.source import SourceKind
from core.urls import canonical_url
from crawler.decode import decode
from crawler.lists import sniff
from crawler.lists.jsontext import parse_json
from crawler.probe.dialect import dialect_offer
from crawler.probe.listed import listing_offer
from crawler.probe.look import Look
from crawler.probe.named import Named, named_by_page, sitemaps_of_robots
from crawler.probe.naming import proposed_zone
from crawler.probe.offer import Offer, Preview, Visited
from crawler.probe.paths import proposed_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from core.listing import Listing

_OVERLAP = 0.3
"""Share of a feed's items that stand on the page from which it is the page's own feed."""
_WORDS = 20_000
"""Characters by which the language of an answer is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What an address offers."""

    url: str
    title: str
    """Title of the page or of what it is; empty when it has none."""
    what: str
    """What the address itself is, in a few words."""
    offers: tuple[Offer, ...]
    """The best first; empty when there is nothing to watch."""
    follow: tuple[str, ...]
    """Addresses that the page names and that were not looked at."""


def probe(page: Visited, more: Mapping[str, Visited], *, now: datetime) -> Probe:
    """Find the ways to watch an address.

    Args:
        page: What the address answered, or a saved page.
        more: What the addresses named by an earlier probe's `follow` answered, by the address asked for; an empty
            answer for those that failed.
        now: The present, aware UTC.

    Returns:
        The offers. Never raises on any bytes.
    """
    try:
        text = decode(page.body, content_type=page.content_type, override="").text
    except DecodeError as error:
        return Probe(url=page.url, title="", what=str(error), offers=(), follow=())
    title = sniff.page_title(text)
    look = Look(now=now, zone=proposed_zone(page.url, title))
    named = _named(text, page.url, more)
    own = list(_own(page, text, look))
    listed = next((offer.preview for offer in own if offer.kind is SourceKind.LISTING), ())
    offers = [*own, *_feeds(named, more, look, listed), *_sitemaps(named, more, look)]
    return Probe(
        url=page.url,
        title=title,
        what=sniff.describe(text),
        offers=tuple(sorted(offers, key=lambda offer: -offer.score)),
        follow=_follow(text, page.url, named, more),
    )


def _named(text: str, url: str, more: Mapping[str, Visited]) -> Named:
    if not sniff.is_html(text):
        return Named()
    named, robots = named_by_page(text, url), urljoin(url, "/robots.txt")
    if robots not in more or named.sitemaps:
        return named
    rules = more[robots].body.decode("utf-8", errors="replace")
    return Named(feeds=named.feeds, sitemaps=sitemaps_of_robots(rules, robots)[:2])


def _follow(text: str, url: str, named: Named, more: Mapping[str, Visited]) -> tuple[str, ...]:
    wanted = [urljoin(url, "/robots.txt"), *named.feeds, *named.sitemaps] if sniff.is_html(text) else []
    return tuple(link for link in dict.fromkeys(wanted) if link not in more)


def _own(page: Visited, text: str, look: Look) -> Iterator[Offer]:
    """Give what the answer itself is: a feed, or JSON, a page of a known CMS, a list."""
    source = look.source(SourceKind.FEED, page.url)
    feed = look.read(source, page)
    if feed:
        yield look.offer(source, feed, reason=f"the address itself is a feed of {len(feed.entries)} items", score=1.0)
        return
    listed = listing_offer(page, text, look) if sniff.is_html(text) else None
    spoken = dialect_offer(page, listed.preview if listed else (), zone=look.zone, now=look.now)
    yield from (offer for offer in (_json(page, text, look), spoken, listed) if offer)


def _json(page: Visited, text: str, look: Look) -> Offer | None:
    try:
        paths = proposed_paths(parse_json(text, url=page.url)) if not sniff.is_html(text) else None
    except ParseError:
        return None
    source = look.source(SourceKind.JSON, page.url, paths=paths)
    listing = look.read(source, page) if paths else None
    if listing is None:
        return None
    reason = f"the address itself is JSON with {len(listing.entries)} records"
    return look.offer(source, listing, reason=reason, score=0.85)


def _feeds(named: Named, more: Mapping[str, Visited], look: Look, listed: tuple[Preview, ...]) -> Iterator[Offer]:
    for number, link in enumerate(named.feeds):
        place = 0.01 * number
        if link not in more:
            reason = "the page names this feed; it was not fetched" + (
                ", the rows are those of the page" if listed else ""
            )
            yield _unchecked(SourceKind.FEED, link, 0.87 - place, reason, listed)
            continue
        source = look.source(SourceKind.FEED, link)
        feed = look.read(source, more[link])
        if feed:
            reason, score = _judged(feed, listed)
            yield look.offer(source, feed, reason=reason, score=score - place)


def _judged(feed: Listing, listed: tuple[Preview, ...]) -> tuple[str, float]:
    """Tell whether a feed is the page's own, or one of the whole site."""
    items = {canonical_url(entry.url) for entry in feed.entries if entry.url}
    shown = {canonical_url(row.url) for row in listed}
    said = f"the page names this feed, which has {len(feed.entries)} items"
    if not shown or len(items & shown) >= _OVERLAP * max(1, min(len(items), len(shown))):
        return said, 0.95
    return f"{said}, but hardly any of them stands on this page", 0.45


def _sitemaps(named: Named, more: Mapping[str, Visited], look: Look) -> Iterator[Offer]:
    for link in named.sitemaps:
        if link not in more:
            yield _unchecked(SourceKind.SITEMAP, link, 0.25, "the site names this sitemap; it was not fetched")
            continue
        found = dialect_offer(more[link], (), zone=look.zone, now=look.now)
        if found and found.kind is SourceKind.SITEMAP:
            yield found


def _unchecked(kind: SourceKind, link: str, score: float, reason: str, preview: tuple[Preview, ...] = ()) -> Offer:
    return Offer(kind=kind, url=link, reason=reason, score=score, checked=False, preview=preview)
