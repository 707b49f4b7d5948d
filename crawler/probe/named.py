"""Feeds and sitemaps that a page or a robots.txt names; no other address is ever guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.fields import absolute_link
from crawler.pages.dom import parse_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json)", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:rss|feed|atom|feeds)(?:\d?\.(?:xml|json|aspx?|php))?/?(?:$|\?)|\.(?:rss|atom|rdf)(?:$|\?)"
    r"|/(?:rss|feed|atom|index)\w{0,12}\.xml(?:$|\?)|[?&]feed=(?:rss2?|atom)",
    re.IGNORECASE,
)
"""Well-known forms of a feed's address; `/feed`, `/rss.xml`, `/atom.xml`, `?feed=rss2`."""
_COMMENTS = re.compile(r"comments?", re.IGNORECASE)
_MOST = 4
"""Feeds, and sitemaps, that are looked at."""
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S{2,500})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Addresses that a page names."""

    feeds: tuple[str, ...] = ()
    """Those that its head declares first."""
    sitemaps: tuple[str, ...] = ()


def named_by_page(text: str, url: str) -> Named:
    """Return the feeds and sitemaps that a page names, absolute, without repetitions or feeds of comments."""
    root = parse_page(text)
    if root is None:
        return Named()
    feeds = [link for link in (*_declared(root, url), *_linked(root, url)) if not _COMMENTS.search(link)]
    sitemaps = [
        absolute_link(str(link.get("href")), url)
        for link in root.iter("link")
        if link.get("href") and "sitemap" in str(link.get("rel") or "").lower().split()
    ]
    return Named(feeds=_first(feeds), sitemaps=_first(sitemaps))


def _first(links: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link for link in links if link))[:_MOST]


def _declared(root: HtmlElement, url: str) -> Iterator[str]:
    for link in root.iter("link"):
        relations = str(link.get("rel") or "").lower().split()
        title = str(link.get("title") or "")
        if "alternate" in relations and _FEED_TYPE.match(str(link.get("type") or "")) and not _COMMENTS.search(title):
            yield absolute_link(str(link.get("href") or ""), url)


def _linked(root: HtmlElement, url: str) -> Iterator[str]:
    for anchor in root.iter("a"):
        link = absolute_link(str(anchor.get("href") or ""), url)
        if link and _FEED_PATH.search(link):
            yield link


def sitemaps_of_robots(text: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names.

    Args:
        text: The file.
        url: Its address.
    """
    return _first([absolute_link(link, url) for link in _SITEMAP.findall(text[:500_000])])
