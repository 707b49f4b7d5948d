"""Spider of columns of www.gov.cn."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class GovCnSpider(SourceSpider):
    """`scrapy crawl govcn -a source=ID`."""

    name = "govcn"
    kind = SourceKind.GOVCN
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
