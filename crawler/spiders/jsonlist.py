"""Spider of JSON and JSONP lists."""

from __future__ import annotations

from core.source import SourceKind
from crawler.answers import Expected
from crawler.spiders.source import SourceSpider


class JsonSpider(SourceSpider):
    """`scrapy crawl json -a source=ID`."""

    name = "json"
    kind = SourceKind.JSON
    expected = Expected.JSON
    accept = "application/json,text/javascript;q=0.9,*/*;q=0.5"
