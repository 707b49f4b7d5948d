"""A crawler on a session-wide reactor, a loopback site that misbehaves on demand, and an intake in memory."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import pytest
import pytest_asyncio
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.main import installReactor

from config.settings import CrawlSettings
from core.decide import EntryDecision, IntakePlan, Intent
from core.errors import ExtractionError
from core.item import Article
from core.outcome import Acceptance
from core.source import Poll
from crawler.runtime import ScrapyCrawler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import Any

    from twisted.internet.base import DelayedCall

    from core.item import Entry
    from core.listing import Listing
    from core.outcome import Answer, PollOutcome
    from core.source import Source, SourceState

    Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]
    MakeCrawler = Callable[..., Awaitable[ScrapyCrawler]]
    PollOf = Callable[..., Poll]
    MakeBytes = Callable[..., bytes]


P = ParamSpec("P")
T = TypeVar("T")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reactor() -> AsyncIterator[AsyncioSelectorReactor]:
    """Twisted's reactor on the loop of the session; there can be one a process."""
    reactor = AsyncioSelectorReactor(asyncio.get_running_loop())
    installReactor(reactor)  # type: ignore[no-untyped-call]
    reactor.startRunning(installSignalHandlers=False)
    yield reactor
    if reactor.threadpool is not None:
        reactor.threadpool.stop()
    for handle in reactor.getDelayedCalls():
        cast("DelayedCall", handle).cancel()
    reactor.removeAll()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the site received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: float = 0.0


class Site:
    """A loopback web server whose paths answer as a test says; 404 for all others."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, Reply | Behaviour] = {}
        self.under_way = 0
        self.most_under_way = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    def serve(self, path: str, body: bytes = b"", **fields: Any) -> None:
        """Let a path answer with these bytes; keywords are fields of `Reply`."""
        self.answers[path] = Reply(body=body, **fields)

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    async def wait_for(self, path: str) -> None:
        """Wait until a path is asked for."""
        while path not in self.paths():  # noqa: ASYNC110 (the site has no need of events but here)
            await asyncio.sleep(0.01)

    def paths(self) -> list[str]:
        """Return the paths asked for, robots.txt left out, in order."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        at = asyncio.get_running_loop().time()
        self.asked.append(Asked(method=method, path=path, headers=headers, body=body, at=at))
        answer = self.answers.get(path, Reply(status=404))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if not isinstance(answer, Reply):
                await answer(writer)
                return False
            await asyncio.sleep(answer.after)
        finally:
            self.under_way -= 1
        lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in answer.headers.items())]
        if answer.status != 304:
            lines.append(f"Content-Length: {len(answer.body)}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + (b"" if answer.status == 304 else answer.body))
        await writer.drain()
        return True


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    """A site on plain HTTP."""
    site = Site()
    await site.open()
    yield site
    await site.close()


class FakeIntake:
    """An intake that keeps everything in memory, and fails on demand."""

    def __init__(self) -> None:
        self.plans: list[Listing] = []
        self.accepted: list[tuple[Entry, Article]] = []
        self.outcomes: list[PollOutcome] = []
        self.intent = Intent.FETCH
        self.deferred: set[str] = set()
        self.breaks_plan: Exception | None = None
        self.breaks_accept: dict[str, Exception] = {}
        self.accept_delay = 0.0
        self._finished: asyncio.Queue[PollOutcome] = asyncio.Queue()

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Want everything that was not accepted before."""
        del poll
        if self.breaks_plan is not None:
            raise self.breaks_plan
        self.plans.append(listing)
        known = {entry.url for entry, _ in self.accepted}
        return IntakePlan(
            decisions=tuple(EntryDecision(entry=entry, intent=self._intent(entry, known)) for entry in listing.entries)
        )

    def _intent(self, entry: Entry, known: set[str]) -> Intent:
        if entry.url in known:
            return Intent.KNOWN
        return Intent.DEFER if entry.url in self.deferred else self.intent

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Keep an article."""
        del poll
        await asyncio.sleep(self.accept_delay)
        if entry.title in self.breaks_accept:
            raise self.breaks_accept[entry.title]
        self.accepted.append((entry, article))
        return Acceptance(item_id=len(self.accepted), new=True, revised=False, relevant=False, alerts=0, at=present())

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Keep an outcome."""
        del poll
        self.outcomes.append(outcome)
        self._finished.put_nowait(outcome)

    async def next_outcome(self, within: float = 10.0) -> PollOutcome:
        """Wait for the next poll that ends."""
        return await asyncio.wait_for(self._finished.get(), within)

    def titles(self) -> list[str]:
        """Return the titles of what was accepted, in order."""
        return [article.title for _, article in self.accepted]

    def problems(self) -> list[Answer | None]:
        """Return the page problems of what was accepted, in order."""
        return [article.page_problem for _, article in self.accepted]


class FakeExtractor:
    """Reads `<h1>` and `<p>`; a page without them is no article."""

    def extract(
        self, body: bytes, *, url: str, content_type: str, source: Source | None, entry: Entry | None
    ) -> Article:
        """Read an article."""
        del content_type, source, entry
        page = body.decode()
        if "<explode>" in page:
            raise RuntimeError("a bug in the extractor")
        if "<h1>" not in page:
            raise ExtractionError("no article", url=url)
        title = page.split("<h1>")[1].split("</h1>")[0]
        return Article(url=url, title=title, text=page.split("<p>")[1].split("</p>")[0], language="zh")


class InlineOffload:
    """Runs things on the loop, after giving others a turn."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function."""
        await asyncio.sleep(0)
        return function(*args, **kwargs)


def present() -> datetime:
    """Return the real time: what happens on sockets takes it, too."""
    return datetime.now(UTC)  # noqa: TID251 (see above)


class RealClock:
    """The present."""

    def now(self) -> datetime:
        """Return it."""
        return present()


@pytest.fixture
def intake() -> FakeIntake:
    """An intake in memory."""
    return FakeIntake()


@pytest.fixture
def crawl_settings() -> CrawlSettings:
    """Impatient settings for a site that is next door."""
    return CrawlSettings(
        timeout=timedelta(seconds=2),
        delay=timedelta(0),
        retries=0,
        max_body=65_536,
        allow_private_addresses=True,
        obey_robots=False,
    )


@pytest_asyncio.fixture(loop_scope="session")
async def make_crawler(
    reactor: AsyncioSelectorReactor, intake: FakeIntake, crawl_settings: CrawlSettings
) -> AsyncIterator[MakeCrawler]:
    """Maker of started crawlers; keywords replace settings, `private_hosts` aside. They are stopped afterwards."""
    del reactor
    made: list[ScrapyCrawler] = []

    async def make(private_hosts: tuple[str, ...] = (), **changes: object) -> ScrapyCrawler:
        crawler = ScrapyCrawler(
            settings=crawl_settings.model_copy(update=changes),
            intake=intake,
            extractor=FakeExtractor(),
            offload=InlineOffload(),
            clock=RealClock(),
            private_hosts=private_hosts,
        )
        made.append(crawler)
        await crawler.start()
        return crawler

    yield make
    for crawler in made:
        await crawler.stop(timedelta(0))


@pytest.fixture
def poll_of(make_source: Callable[..., Source], make_state: Callable[..., SourceState]) -> Callable[..., Poll]:
    """Maker of polls that begin now; `state` holds fields of the state, `deadline_s` seconds, the rest the source."""

    def make(url: str, *, state: dict[str, object] | None = None, deadline_s: float = 8.0, **fields: object) -> Poll:
        source = make_source(url=url, **fields)
        known = make_state(source_id=source.id, **(state or {}))
        return Poll(source=source, state=known, started_at=present(), deadline=timedelta(seconds=deadline_s))

    return make


def rss(*links: str, extra: str = "") -> bytes:
    """Return a feed with one item a link; titles count from one."""
    items = "".join(
        f"<item><title>条目{n}</title><link>{link}</link><guid>{link}</guid><description>摘要{n}</description></item>"
        for n, link in enumerate(links, 1)
    )
    channel = f"<channel><title>测试</title>{extra}{items}</channel>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'>{channel}</rss>".encode()


def page(title: str) -> bytes:
    """Return an article page."""
    paragraph = "市政府办公厅印发行动计划，提出建设区块链公共服务平台，并给出时间表和责任分工。" * 5
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{paragraph}</p></body></html>".encode()


@pytest.fixture
def make_feed() -> Callable[..., bytes]:
    """Maker of feeds."""
    return rss


@pytest.fixture
def make_page() -> Callable[[str], bytes]:
    """Maker of article pages."""
    return page


@pytest.fixture
def present_time() -> datetime:
    """The real time, aware UTC."""
    return present()
