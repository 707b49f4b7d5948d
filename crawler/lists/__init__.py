"""Lists of every kind, from bytes to entries: feeds, JSON lists, HTML list pages. No network, no Scrapy."""

from crawler.lists.parse import parse_list
from crawler.lists.row import Row, RowFinder

__all__ = ["Row", "RowFinder", "parse_list"]
