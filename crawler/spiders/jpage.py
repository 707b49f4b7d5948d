"""Spider of columns with a jpage data proxy."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class JpageSpider(SourceSpider):
    """`scrapy crawl jpage -a source=ID`."""

    name = "jpage"
    kind = SourceKind.JPAGE
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
