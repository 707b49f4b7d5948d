"""Spider of columns with record sets."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class TrsRecordsSpider(SourceSpider):
    """`scrapy crawl trs-records -a source=ID`."""

    name = "trs-records"
    kind = SourceKind.TRS_RECORDS
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
