"""Other settings for the running crawler: what is under way ends with the old ones, what begins later has the new."""

from __future__ import annotations

import asyncio
import gc
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import SecretStr
from scrapy.crawler import Crawler
from structlog.testing import capture_logs

from core.errors import FetchError
from core.outcome import Answer
from crawler.archive import WarcArchive
from crawler.engine import CrawlEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.settings import CrawlSettings
    from crawler.runtime import ScrapyCrawler
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def use(crawl_settings: CrawlSettings) -> Callable[..., None]:
    """Give a crawler the usual settings with some changed."""

    def apply(crawler: ScrapyCrawler, **changes: Any) -> None:
        crawler.use(crawl_settings.model_copy(update=changes), archive=None)

    return apply


async def renewed(crawler: ScrapyCrawler) -> None:
    """Wait until the crawler goes on with its new settings."""
    async with asyncio.timeout(10):
        while crawler.is_renewing:  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.01)


async def test_a_poll_under_way_ends_with_the_settings_it_began_with(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
    use: Callable[..., None],
) -> None:
    """List and pages of one poll name the old agent, the next poll the new one; nothing is cut off or asked twice."""
    crawler = await make_crawler(user_agent="before/1")
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")), after=0.2)
    site.serve("/1", make_page("一"), after=0.3)
    site.serve("/2", make_page("二"))
    await crawler.submit(poll_of(site.url("/feed")))
    await site.wait_for("/feed")
    use(crawler, user_agent="after/2")
    assert crawler.is_renewing
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.deferred) == (Answer.OK, 2, 0)
    await renewed(crawler)
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    agents = [(asked.path, asked.headers["user-agent"]) for asked in site.asked]
    assert agents == [("/feed", "before/1"), ("/1", "before/1"), ("/2", "before/1"), ("/feed", "after/2")]


async def test_every_setting_of_the_crawl_takes_effect(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    use: Callable[..., None],
) -> None:
    """Time-out, size, retries, robots, private addresses, proxy and gap: each changes how the next poll goes."""
    crawler = await make_crawler()
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /feed\n")
    site.serve("/feed", make_feed(), after=0.4)
    site.serve("/big", b"x" * 70_000)
    site.serve("/broken", b"", status=500)
    site.serve("http://news.example/feed", make_feed())
    proxy = SecretStr(site.url(""))

    async def answer_with(path: str, **changes: Any) -> Answer:
        use(crawler, **changes)
        await renewed(crawler)
        site.asked.clear()
        url = path if path.startswith("http") else site.url(path)
        await crawler.submit(poll_of(url))
        return (await intake.next_outcome()).answer

    assert await answer_with("/feed") is Answer.EMPTY
    assert await answer_with("/feed", timeout=timedelta(seconds=0.1)) is Answer.TIMEOUT
    assert await answer_with("/feed", obey_robots=True) is Answer.ROBOTS
    assert await answer_with("/feed", allow_private_addresses=False) is Answer.ADDRESS
    assert await answer_with("/feed") is Answer.EMPTY
    small, large = await answer_with("/big"), await answer_with("/big", max_body=100_000)
    assert small is not large
    await answer_with("/broken", retries=2)
    assert site.paths() == ["/broken"] * 3
    assert await answer_with("http://news.example/feed", proxy=proxy) is Answer.EMPTY
    use(crawler, delay=timedelta(seconds=2))
    await renewed(crawler)
    site.asked.clear()
    for _ in range(2):
        await crawler.submit(poll_of(site.url("/feed")))
    for _ in range(2):
        await intake.next_outcome()
    # Nine tenths, as ever; long enough that a busy machine may see the first request a little late.
    assert site.asked[1].at - site.asked[0].at > 1.8


async def test_the_gap_of_a_host_is_kept_across_a_renewal(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    use: Callable[..., None],
) -> None:
    """The new engine asks nobody before the old one's gap has passed, though it does not know whom that asked."""
    crawler = await make_crawler(delay=timedelta(seconds=1.5))
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    use(crawler, user_agent="after/2", delay=timedelta(0))
    await asyncio.sleep(0.05)  # the old engine is being closed, and the new one not there yet
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    assert [asked.headers["user-agent"] for asked in site.asked][1:] == ["after/2"]
    assert site.asked[1].at - site.asked[0].at > 1.4


async def test_nothing_is_renewed_for_what_polls_bring_along(
    make_crawler: MakeCrawler, use: Callable[..., None]
) -> None:
    """Deadline and number of pages come with each poll; and settings that stay are no others."""
    crawler = await make_crawler()
    use(crawler, poll_deadline=timedelta(minutes=1), max_pages_per_poll=3)
    assert not crawler.is_renewing
    use(crawler)
    assert not crawler.is_renewing


async def test_an_edit_that_is_taken_back_renews_nothing(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    use: Callable[..., None],
) -> None:
    """While a poll is still under way the settings may come and go; the last ones count."""
    crawler = await make_crawler()
    engine = crawler._running()
    site.serve("/feed", make_feed(), after=0.3)
    await crawler.submit(poll_of(site.url("/feed")))
    use(crawler, user_agent="never/1")
    use(crawler)
    await intake.next_outcome()
    await renewed(crawler)
    assert crawler._running() is engine


async def test_an_article_that_is_being_read_keeps_its_engine(
    site: Site, make_crawler: MakeCrawler, make_page: MakeBytes, use: Callable[..., None]
) -> None:
    """Single pages are not cut off either, and those asked for meanwhile are fetched with the new settings."""
    crawler = await make_crawler(user_agent="before/1")
    site.serve("/slow", make_page("慢"), after=0.4)
    site.serve("/next", make_page("下"))
    slow = asyncio.ensure_future(crawler.fetch(site.url("/slow")))
    await site.wait_for("/slow")
    use(crawler, user_agent="after/2")
    following = await crawler.fetch(site.url("/next"))
    assert (await slow).body == make_page("慢")
    assert following.body == make_page("下")
    assert [asked.headers["user-agent"] for asked in site.asked] == ["before/1", "after/2"]


async def test_pages_are_archived_from_an_edit_on(
    make_crawler: MakeCrawler, crawl_settings: CrawlSettings, tmp_path: Path
) -> None:
    """Another archive is another engine, whose polls keep their pages there."""
    crawler = await make_crawler()
    archive = WarcArchive(tmp_path, max_bytes=1_048_576)
    crawler.use(crawl_settings, archive=archive)
    await renewed(crawler)
    assert crawler._running().rules.archive is archive
    assert crawler._running()._services.archive is archive


async def test_an_engine_that_does_not_start_leaves_the_one_before(
    site: Site,
    make_crawler: MakeCrawler,
    make_page: MakeBytes,
    use: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Polling goes on with the settings before, once these can be had again, and the log says why."""
    crawler = await make_crawler(user_agent="before/1")
    monkeypatch.setattr("crawler.runtime._TRY_AGAIN", timedelta(seconds=0.05))
    start, left = CrawlEngine.start, [2]

    async def start_or_fail(engine: CrawlEngine) -> None:
        if engine.rules.settings.user_agent == "broken/1":
            raise ValueError("no such engine")
        if left[0]:
            left[0] -= 1
            raise OSError("too many open files")
        await start(engine)

    monkeypatch.setattr(CrawlEngine, "start", start_or_fail)
    site.serve("/page", make_page("页"))
    with capture_logs() as logs:
        use(crawler, user_agent="broken/1")
        await renewed(crawler)
    events = [entry["event"] for entry in logs]
    assert events.count("crawler not renewed: it goes on with the settings before") == 3
    await crawler.fetch(site.url("/page"))
    assert site.asked[0].headers["user-agent"] == "before/1"


async def test_stopping_does_not_wait_for_a_renewal(
    site: Site, make_crawler: MakeCrawler, poll_of: PollOf, use: Callable[..., None]
) -> None:
    """Whether it waits for polls or for a gap: the crawler stops within its time, and starts nothing more."""

    async def hang(writer: asyncio.StreamWriter) -> None:
        del writer
        await asyncio.sleep(30)

    site.answers["/hung"] = hang
    waiting = await make_crawler(timeout=timedelta(seconds=20))
    await waiting.submit(poll_of(site.url("/hung"), deadline_s=30.0))
    pausing = await make_crawler(delay=timedelta(seconds=30))
    for crawler in (waiting, pausing):
        use(crawler, user_agent="after/2")
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await crawler.stop(timedelta(seconds=0.2))
        assert time.monotonic() - began < 3
        with pytest.raises(RuntimeError, match="not running"):
            await crawler.fetch(site.url("/hung"))


async def test_settings_before_the_start_are_those_of_the_start(
    make_crawler: MakeCrawler, use: Callable[..., None]
) -> None:
    """There is nothing to be renewed yet."""
    crawler = await make_crawler()
    await crawler.stop(timedelta(0))
    use(crawler, user_agent="early/1")
    assert not crawler.is_renewing
    await crawler.start()
    assert crawler._running().rules.settings.user_agent == "early/1"
    with pytest.raises(FetchError):
        await crawler.fetch("http://no-such-host.invalid/")


def resolvers() -> int:
    """Return how many resolvers are wrapped around the reactor's own."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    resolver, depth = cast("Any", reactor).nameResolver, 0
    while hasattr(resolver, "inner"):
        resolver, depth = resolver.inner, depth + 1
    return depth


async def test_engines_that_were_renewed_are_gone(make_crawler: MakeCrawler, use: Callable[..., None]) -> None:
    """A year of edits leaves neither crawlers nor wrapped resolvers behind."""
    crawler = await make_crawler()
    gc.collect()
    crawlers, wrapped = sum(isinstance(thing, Crawler) for thing in gc.get_objects()), resolvers()
    for n in range(4):
        use(crawler, user_agent=f"agent/{n}")
        await renewed(crawler)
    gc.collect()
    assert sum(isinstance(thing, Crawler) for thing in gc.get_objects()) <= crawlers
    assert resolvers() == wrapped
