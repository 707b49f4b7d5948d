"""Spider of the information catalogues of Guangdong."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class GkmlptSpider(SourceSpider):
    """`scrapy crawl gkmlpt -a source=ID`."""

    name = "gkmlpt"
    kind = SourceKind.GKMLPT
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
