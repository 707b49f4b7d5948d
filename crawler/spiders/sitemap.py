"""Spider of XML sitemaps and their indexes."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider


class SitemapSpider(SourceSpider):
    """`scrapy crawl sitemap -a source=ID`."""

    name = "sitemap"
    kind = SourceKind.SITEMAP
    expected = Expected.FEED
    accept = "application/xml,text/xml;q=0.9,*/*;q=0.5"
