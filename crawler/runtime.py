"""Scrapy inside another program: one reactor on one asyncio loop, and one long-lived crawler fed with polls."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.main import installReactor
from twisted.python.log import PythonLoggingObserver

from core.errors import FetchError
from core.outcome import Answer
from crawler.addresses import host_of
from crawler.answers import Expected
from crawler.failures import classify_failure
from crawler.polls import OpenPolls
from crawler.reading import classify, received
from crawler.rereading import read_article
from crawler.services import Services
from crawler.settings import scrapy_settings
from crawler.source_meta import source_meta
from crawler.spiders.walk import PAGE_ACCEPT, request_headers
from crawler.watch import WatchSpider

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from config.settings import CrawlSettings
    from core.item import Article, Entry
    from core.ports import Clock, Extractor, Intake, Offload
    from core.source import Poll, Source
    from crawler.archive import WarcArchive
    from crawler.reading import Received

_CLOSING = timedelta(seconds=5)
"""How long Scrapy may take to close once nothing is under way; it gives idle connections a second."""

_LOG_LEVELS = {
    "scrapy": logging.WARNING,
    "scrapy.core.downloader": logging.ERROR,
    "scrapy.downloadermiddlewares.httpcompression": logging.ERROR,
    "protego": logging.WARNING,
}
"""The downloader warns of answers that are too large or cut off: the outcome of the poll says so already."""


def run_on_reactor(main: Callable[[], Awaitable[int]]) -> int:
    """Run a coroutine on an asyncio loop that Twisted's reactor shares; can be called once per process.

    Signals are left alone: whoever wants them handled does so in `main`, with the loop.

    Returns:
        What `main` returned; its exception comes through.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    reactor = AsyncioSelectorReactor(loop)
    PythonLoggingObserver("twisted").start()  # type: ignore[no-untyped-call]
    installReactor(reactor)  # type: ignore[no-untyped-call]

    async def run() -> int:
        try:
            return await main()
        finally:
            reactor.callLater(0, reactor.stop)  # type: ignore[no-untyped-call]

    task = loop.create_task(run())
    try:
        reactor.run(installSignalHandlers=False)  # type: ignore[no-untyped-call]
    finally:
        # SystemExit and KeyboardInterrupt break out of the loop past the reactor's own shutdown, and the threads of its
        # pool are none that the interpreter ends by itself: it would wait for them for ever.
        if reactor.threadpool is not None:
            reactor.threadpool.stop()
    _close(loop)
    return task.result()


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is left and close the loop, as `asyncio.run` does."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    asyncio.set_event_loop(None)
    loop.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One page as it came."""

    url: str
    """The address after redirects."""
    status: int
    content_type: str
    """The Content-Type header, empty when there was none."""
    body: bytes
    """Decompressed, otherwise raw."""


class ScrapyCrawler:
    """Polls sources with one long-lived Scrapy crawler. Lives on the loop that the reactor shares."""

    def __init__(
        self,
        *,
        settings: CrawlSettings,
        intake: Intake,
        extractor: Extractor,
        offload: Offload,
        clock: Clock,
        private_hosts: Collection[str] = (),
        archive: WarcArchive | None = None,
    ) -> None:
        """Set up the crawler; nothing runs before `start`.

        Args:
            settings: How to crawl.
            intake: Whom to hand everything to.
            extractor: Reads articles.
            offload: Where lists are parsed and articles read.
            clock: The time.
            private_hosts: Hosts that every source may reach on a private address.
            archive: Where to keep the pages of flagged items; None keeps none.
        """
        self._polls = OpenPolls(intake=intake, clock=clock)
        self._services = Services(
            intake=intake, extractor=extractor, offload=offload, clock=clock, polls=self._polls, archive=archive
        )
        self._crawler = Crawler(WatchSpider, Settings(scrapy_settings(settings, private_hosts=private_hosts)))
        self._crawl: asyncio.Task[None] | None = None

    @property
    def busy(self) -> int:
        """How many polls are under way."""
        return self._polls.busy

    async def start(self) -> None:
        """Start the crawler and return when it takes polls.

        Raises:
            Exception: Whatever kept Scrapy from starting.
        """
        for name, level in _LOG_LEVELS.items():
            logging.getLogger(name).setLevel(level)
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

    async def submit(self, poll: Poll) -> None:
        """Begin a poll and return at once; the intake hears how it ended.

        Raises:
            RuntimeError: The crawler is not running.
        """
        self._check_running()
        spider = self._crawler.spider
        if isinstance(spider, WatchSpider):
            spider.put(self._polls.open(poll))

    async def fetch(self, url: str) -> Fetched:
        """Fetch one page the way pages of polls are fetched: same robots, pacing, limits and guard.

        Raises:
            FetchError: There is no usable answer; its class says why.
            RuntimeError: The crawler is not running.
        """
        answer = await self._download(url, None)
        kind, detail = await self._services.offload.run(classify, answer, Expected.PAGE)
        if kind is not Answer.OK:
            raise FetchError(detail or f"status {answer.status}", url=answer.url, answer=kind)
        return Fetched(url=answer.url, status=answer.status, content_type=answer.content_type, body=answer.body)

    async def read_article(self, entry: Entry, *, source: Source) -> Article:
        """Read an entry's article anew, whole or not at all, with its source's headers, TLS and private host.

        Raises:
            FetchError: There is no article, or not the whole of it now; its class says why.
            RuntimeError: The crawler is not running.
        """
        services = self._services
        return await read_article(
            lambda url: self._download(url, source),
            extractor=services.extractor,
            offload=services.offload,
            source=source,
            entry=entry,
        )

    async def _download(self, url: str, source: Source | None) -> Received:
        self._check_running()
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

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109 (after it, what is left is given up)
        """Wait for the polls under way, then give up those that are left, and close Scrapy.

        Polls given up are not reported; their leases have to be released.

        Args:
            timeout: How long to wait for polls; closing takes a few seconds more at most.
        """
        if self._crawl is None:
            return
        if not await self._polls.wait_idle(within=timeout):
            self._polls.abandon()
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

    def _check_running(self) -> None:
        if self._crawl is None or self._crawl.done():
            raise RuntimeError("the crawler is not running")
