"""Scrapy inside another program: one reactor on one asyncio loop, and one long-lived crawler fed with polls."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.main import installReactor
from twisted.python.log import PythonLoggingObserver

from core.errors import FetchError
from core.outcome import Answer
from crawler.answers import Expected
from crawler.engine import CrawlEngine, CrawlRules
from crawler.polls import OpenPolls
from crawler.reading import classify
from crawler.rereading import read_article
from crawler.services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection

    from config.settings import CrawlSettings
    from core.item import Article, Entry
    from core.ports import Clock, Extractor, Intake, Offload
    from core.source import Poll, Source
    from crawler.archive import WarcArchive

log = structlog.get_logger(__name__)

_TRY_AGAIN = timedelta(seconds=10)
"""Gap between two tries to start an engine again when none starts."""
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
    """Polls sources with one long-lived Scrapy engine, renewed when its settings change. Lives on the reactor's loop.

    There is one engine at a time: two would not know of each other's pace at a host, nor of each other's address guard.
    """

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
        self._services = Services(intake=intake, extractor=extractor, offload=offload, clock=clock, polls=self._polls)
        self._private_hosts = private_hosts
        self._wanted = CrawlRules(settings=settings, archive=archive)
        self._engine: CrawlEngine | None = None
        self._renewal: asyncio.Task[None] | None = None
        self._reads: set[object] = set()
        self._no_reads = asyncio.Event()
        self._no_reads.set()
        self._stopping = asyncio.Event()

    @property
    def busy(self) -> int:
        """How many polls are under way."""
        return self._polls.busy

    @property
    def is_renewing(self) -> bool:
        """Whether it waits for polls under way to end, to go on with other settings: better to begin none now."""
        return self._renewal is not None and not self._renewal.done()

    def use(self, settings: CrawlSettings, *, archive: WarcArchive | None) -> None:
        """Crawl by other settings as soon as nothing is under way; what is under way ends with those it began with."""
        self._wanted = CrawlRules(settings=settings, archive=archive)
        engine = self._engine
        if engine is not None and not self.is_renewing and not self._wanted.is_like(engine.rules):
            log.info("crawler to be renewed", polls=self.busy)
            self._renewal = asyncio.get_running_loop().create_task(self._renew(engine))

    async def start(self) -> None:
        """Start the crawler and return when it takes polls.

        Raises:
            Exception: Whatever kept Scrapy from starting.
        """
        for name, level in _LOG_LEVELS.items():
            logging.getLogger(name).setLevel(level)
        self._engine = await self._started(self._wanted)

    async def submit(self, poll: Poll) -> None:
        """Begin a poll and return at once, or once the crawler is renewed.

        Raises:
            RuntimeError: The crawler is not running.
        """
        if self._engine is None and self._renewal is not None:
            await asyncio.wait({self._renewal})
        self._running().put(self._polls.open(poll))

    async def fetch(self, url: str) -> Fetched:
        """Fetch one page the way pages of polls are fetched: same robots, pacing, limits and guard.

        Raises:
            FetchError: There is no usable answer; its class says why.
            RuntimeError: The crawler is not running.
        """
        async with self._reading() as engine:
            answer = await engine.download(url, None)
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
        async with self._reading() as engine:
            return await read_article(
                lambda url: engine.download(url, source),
                extractor=services.extractor,
                offload=services.offload,
                source=source,
                entry=entry,
            )

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109 (after it, what is left is given up)
        """Wait for the polls under way, then give up those that are left, and close Scrapy.

        Polls given up are not reported; their leases have to be released.

        Args:
            timeout: How long to wait for polls; closing takes a few seconds more at most.
        """
        self._stopping.set()
        if self._renewal is not None:
            if self._engine is not None:
                self._renewal.cancel()
            await asyncio.wait({self._renewal})
        engine = self._engine
        if engine is None:
            return
        if not await self._polls.wait_idle(within=timeout):
            self._polls.abandon()
        await engine.close()
        self._engine = None

    async def _renew(self, engine: CrawlEngine) -> None:
        """Put an engine of the wanted settings in the place of one, once nothing is under way in that."""
        while not self._wanted.is_like(engine.rules):
            await self._quiet()
            if self._wanted.is_like(engine.rules):  # the edit was taken back meanwhile
                break
            self._engine = None
            # A new engine knows nothing of when hosts were last asked: their gap is waited for here.
            await asyncio.gather(engine.close(), self._pause(engine.rules.settings.delay))
            following = await self._following(engine.rules)
            if following is None:
                break
            engine = self._engine = following
            log.info("crawler renewed")

    async def _following(self, before: CrawlRules) -> CrawlEngine | None:
        """Return an engine of the wanted settings, or of those before, however long that takes; None when it stops."""
        while not self._stopping.is_set():
            try:
                return await self._started(self._wanted)
            except Exception:  # a machine out of files, say: without an engine nothing would ever be polled again
                log.exception("crawler not renewed: it goes on with the settings before")
                if self._wanted.is_like(before):
                    await self._pause(_TRY_AGAIN)
                self._wanted = before
        return None

    async def _pause(self, span: timedelta) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), span.total_seconds())

    async def _quiet(self) -> None:
        """Wait until neither a poll nor the reading of an article is under way."""
        while self.busy or self._reads:
            await self._polls.wait_idle()
            await self._no_reads.wait()

    async def _started(self, rules: CrawlRules) -> CrawlEngine:
        engine = CrawlEngine(rules, replace(self._services, archive=rules.archive), private_hosts=self._private_hosts)
        await engine.start()
        return engine

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[CrawlEngine]:
        """Give the engine for one piece of work, which keeps it from being closed."""
        if self.is_renewing and self._renewal is not None:
            await asyncio.wait({self._renewal})
        engine, key = self._running(), object()
        self._reads.add(key)
        self._no_reads.clear()
        try:
            yield engine
        finally:
            self._reads.discard(key)
            if not self._reads:
                self._no_reads.set()

    def _running(self) -> CrawlEngine:
        if self._engine is None or not self._engine.is_running:
            raise RuntimeError("the crawler is not running")
        return self._engine
