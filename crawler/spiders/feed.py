"""Spider of RSS, Atom, RDF and JSON feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.source import SourceKind
from crawler import hints
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta


class FeedSpider(SourceSpider):
    """`scrapy crawl feed -a source=ID`."""

    name = "feed"
    kind = SourceKind.FEED
    expected = Expected.FEED
    accept = (
        "application/rss+xml,application/atom+xml,application/rdf+xml,application/feed+json;q=0.9,"
        "application/xml;q=0.9,text/xml;q=0.8,*/*;q=0.5"
    )

    def ttl_of(self, headers: Mapping[str, str]) -> timedelta | None:
        """Return the Cache-Control max-age: a feed is made to be asked for again, and its server says when."""
        return hints.max_age(headers)
