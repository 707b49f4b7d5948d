"""Spider of list pages and searches of UCAP."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class UcapSpider(SourceSpider):
    """`scrapy crawl ucap -a source=ID`."""

    name = "ucap"
    kind = SourceKind.UCAP
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
