"""The long-lived spider of the daemon: polls of all kinds through one downloader."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import Spider

from core.outcome import Answer
from crawler.spiders.feed import FeedSpider
from crawler.spiders.gkmlpt import GkmlptSpider
from crawler.spiders.govcn import GovCnSpider
from crawler.spiders.jpaas import JpaasSpider
from crawler.spiders.jpage import JpageSpider
from crawler.spiders.jsonlist import JsonSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.sitemap import SitemapSpider
from crawler.spiders.trsdated import TrsDatedSpider
from crawler.spiders.trsrecords import TrsRecordsSpider
from crawler.spiders.ucap import UcapSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.crawler import Crawler

    from core.source import SourceKind
    from crawler.polls import PollRun
    from crawler.services import Services
    from crawler.spiders.source import SourceSpider

KINDS: tuple[type[SourceSpider], ...] = (
    FeedSpider,
    ListingSpider,
    JsonSpider,
    SitemapSpider,
    GovCnSpider,
    JpaasSpider,
    GkmlptSpider,
    JpageSpider,
    TrsRecordsSpider,
    TrsDatedSpider,
    UcapSpider,
)


class WatchSpider(Spider):
    """Takes polls from a queue and hands each to the spider of its kind, for ever.

    It lives outside of SPIDER_MODULES, as it is of no use to `scrapy crawl`.
    """

    name = "watch"

    def __init__(self, *, services: Services, **kwargs: str) -> None:
        super().__init__(**kwargs)
        self.services = services
        self._waiting: asyncio.Queue[PollRun] = asyncio.Queue()
        self._kinds: dict[SourceKind, SourceSpider] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> WatchSpider:
        """Build it with a spider of every kind, all on one crawler."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.take_kinds(crawler)
        return spider

    def take_kinds(self, crawler: Crawler) -> None:
        """Make the spiders that polls are handed to."""
        self._kinds = {kind.kind: kind.from_crawler(crawler, services=self.services) for kind in KINDS}

    def put(self, run: PollRun) -> None:
        """Queue a poll."""
        self._waiting.put_nowait(run)

    async def start(self) -> AsyncIterator[Request]:
        """Yield the list request of every poll that is put; never ends by itself."""
        while True:
            run = await self._waiting.get()
            if run.over:
                continue
            try:
                yield self._kinds[run.poll.source.kind].list_request(run)
            except ValueError as error:
                # An exception here would end the spider, and with it all polls to come.
                run.ended(Answer.ADDRESS, str(error))
                await self.services.polls.settle(run)
