"""Sitemaps as a way to a list: an index leads to several of them, of which the last changed are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ListParseError
from crawler.answers import Expected
from crawler.dialects.ask import Ask, Page, Reading
from crawler.fields import absolute_link
from crawler.lists.sitemap import read_sitemap
from crawler.lists.sniff import root_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source

NEWEST = 3
"""Sitemaps of an index that are read, unless the source's `max_list_pages` is greater."""
MOST_ROWS = 1_000
"""Rows of one sitemap that are looked at when all have a date: as many as a news sitemap may hold (Google's bound)."""
MOST_UNDATED = 10_000
"""Rows that are looked at otherwise: the new ones may stand anywhere."""


class Sitemaps:
    """Implements `crawler.dialects.ask.Dialect`. It knows no params."""

    def first(self, source: Source) -> Ask:
        """Ask for the sitemap or its index."""
        return Ask(url=source.url, expected=Expected.FEED)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the rows of a sitemap, or which sitemaps of an index are to be read."""
        sitemap = read_sitemap(page.body, content_type=page.content_type, override=source.encoding, url=page.url)
        if not sitemap.children:
            most = MOST_ROWS if all(row.date for row in sitemap.rows) else MOST_UNDATED
            return Reading(rows=sitemap.rows[:most])
        if ask.shared:
            raise ListParseError("an index inside an index of sitemaps", url=page.url)
        newest = sitemap.children[: max(NEWEST, source.max_list_pages)]
        links = dict.fromkeys(filter(None, (absolute_link(child, page.url) for child in newest)))
        return Reading(needs=tuple(Ask(url=link, expected=Expected.FEED, shared=True) for link in links))

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a sitemap by its root element."""
        del url
        return {} if root_name(text) in ("urlset", "sitemapindex") else None
