"""Spider of HTML list pages."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider


class ListingSpider(SourceSpider):
    """`scrapy crawl listing -a source=ID`."""

    name = "listing"
    kind = SourceKind.LISTING
    expected = Expected.LISTING
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
