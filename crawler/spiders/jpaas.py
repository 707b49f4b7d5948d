"""Spider of columns of jpaas publish servers."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider
from crawler.spiders.walk import PAGE_ACCEPT


class JpaasSpider(SourceSpider):
    """`scrapy crawl jpaas -a source=ID`."""

    name = "jpaas"
    kind = SourceKind.JPAAS
    expected = Expected.LISTING
    accept = PAGE_ACCEPT
