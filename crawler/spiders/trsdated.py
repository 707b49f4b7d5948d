"""Spider of static lists of TRS."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class TrsDatedSpider(SourceSpider):
    """`scrapy crawl trs-dated -a source=ID`."""

    name = "trs-dated"
    kind = SourceKind.TRS_DATED
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
