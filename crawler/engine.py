"""One Scrapy crawler from its start to its end, with the settings that it was made with; they never change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings

from core.errors import FetchError
from core.outcome import Answer
from crawler.addresses import host_of
from crawler.failures import classify_failure
from crawler.reading import received
from crawler.settings import chosen, scrapy_settings
from crawler.source_meta import source_meta
from crawler.spiders.walk import PAGE_ACCEPT, request_headers
from crawler.watch import WatchSpider

if TYPE_CHECKING:
    from collections.abc import Collection

    from config.settings import CrawlSettings
    from core.source import Source
    from crawler.archive import WarcArchive
    from crawler.polls import PollRun
    from crawler.reading import Received
    from crawler.services import Services

_CLOSING = timedelta(seconds=5)
"""How long Scrapy may take to close once nothing is under way; it gives idle connections a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRules:
    """What an engine is made of, and keeps to its end."""

    settings: CrawlSettings
    archive: WarcArchive | None = None
    """Where pages of flagged items are kept; None keeps none."""

    def is_like(self, other: CrawlRules) -> bool:
        """Whether both make the same engine; bounds that come with each poll do not count."""
        return chosen(self.settings) == chosen(other.settings) and self.archive is other.archive


class CrawlEngine:
    """Takes polls and requests between `start` and `close`."""

    def __init__(self, rules: CrawlRules, services: Services, *, private_hosts: Collection[str] = ()) -> None:
        """Make an engine; nothing runs before `start`."""
        self.rules = rules
        self._services = services
        self._crawler = Crawler(WatchSpider, Settings(scrapy_settings(rules.settings, private_hosts=private_hosts)))
        self._crawl: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it takes polls."""
        return self._crawl is not None and not self._crawl.done()

    async def start(self) -> None:
        """Start Scrapy and return when it takes polls.

        Raises:
            Exception: Whatever kept Scrapy from starting.
        """
        loop = asyncio.get_running_loop()
        open_for_polls = asyncio.Event()
        self._crawler.signals.connect(open_for_polls.set, signals.engine_started)
        self._crawl = loop.create_task(self._crawler.crawl_async(services=self._services))
        opened = loop.create_task(open_for_polls.wait())
        await asyncio.wait({self._crawl, opened}, return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        if self._crawl.done():
            failed, self._crawl = self._crawl, None
            failed.result()

    def put(self, run: PollRun) -> None:
        """Begin a poll."""
        spider = self._crawler.spider
        if isinstance(spider, WatchSpider):
            spider.put(run)

    async def download(self, url: str, source: Source | None) -> Received:
        """Download one page outside of any poll, with the headers, TLS and private host of its source.

        Raises:
            FetchError: There is no answer; its class says why.
        """
        try:
            headers = request_headers(source, PAGE_ACCEPT) if source else {}
            meta = source_meta(source) if source else {}
            request = Request(url, callback=NO_CALLBACK, headers=headers, meta=meta, dont_filter=True)
            response = await self._crawler.engine.download_async(request)
        except ValueError as error:
            raise FetchError(str(error), url=url, answer=Answer.ADDRESS) from error
        except Exception as error:
            kind, detail = classify_failure(error, host=host_of(url))
            raise FetchError(detail, url=url, answer=kind) from error
        return received(response)

    async def close(self) -> None:
        """Fail what waits for its turn, and close Scrapy within a few seconds; safe to call twice."""
        if self._crawl is None:
            return
        self._drop_waiting()
        closing = asyncio.get_running_loop().create_task(self._crawler.stop_async())
        await asyncio.wait({closing, self._crawl}, timeout=_CLOSING.total_seconds())
        for task in (closing, self._crawl):
            task.cancel()
        self._crawl = None

    def _drop_waiting(self) -> None:
        """Fail the requests that wait for their host's delay, which Scrapy would wait for."""
        for slot in self._crawler.engine.downloader.slots.values():
            while slot.queue:
                slot.queue.popleft()[1].errback(DownloadCancelledError("the crawler stops"))
