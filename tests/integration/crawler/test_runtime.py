"""The long-lived crawler as the daemon uses it: pacing, stopping, single pages, and the loop under it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from core.decide import Intent
from core.errors import FetchError
from core.outcome import Answer
from core.source import RowSelectors, SourceKind

if TYPE_CHECKING:
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


async def hang(writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    del writer
    await asyncio.sleep(30)


async def test_sources_of_all_kinds_share_the_pace_of_a_host(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A feed and a list page on one host are asked for one after the other, no closer than the delay."""
    crawler = await make_crawler(delay=timedelta(seconds=0.5), obey_robots=True)
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    await crawler.submit(poll_of(site.url("/list"), id="other", kind=SourceKind.LISTING, rows=RowSelectors(row="li")))
    await intake.next_outcome()
    await intake.next_outcome()
    gaps = [later.at - sooner.at for sooner, later in zip(site.asked, site.asked[1:], strict=False)]
    assert site.asked[0].path == "/robots.txt"
    assert sorted(site.paths()) == ["/feed", "/list"]
    assert min(gaps) > 0.35
    assert site.most_under_way == 1


async def test_a_list_goes_before_pages_of_the_same_host(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A short list does not wait for another source's many pages."""
    crawler = await make_crawler(delay=timedelta(seconds=0.05))
    links = [site.url(f"/{n}") for n in range(10)]
    for n in range(10):
        site.serve(f"/{n}", make_page(f"第{n}条"))
    site.serve("/long", make_feed(*links))
    site.serve("/short", make_feed())
    await crawler.submit(poll_of(site.url("/long")))
    await site.wait_for("/0")
    await crawler.submit(poll_of(site.url("/short")))
    await intake.next_outcome()
    await intake.next_outcome()
    assert site.paths().index("/short") <= 4


async def test_stopping_waits_for_what_ends_in_time(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A poll that ends within the time to stop is reported."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    site.serve("/feed", make_feed(site.url("/1")), after=0.2)
    await crawler.submit(poll_of(site.url("/feed")))
    await crawler.stop(timedelta(seconds=5))
    assert [outcome.answer for outcome in intake.outcomes] == [Answer.OK]
    assert crawler.busy == 0


async def test_stopping_gives_up_what_hangs(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Polls that hang, or wait for a hung host, are given up without a report, and the crawler closes at once."""
    crawler = await make_crawler(delay=timedelta(seconds=3), timeout=timedelta(seconds=20))
    site.answers["/hung"] = hang
    for _ in range(3):
        await crawler.submit(poll_of(site.url("/hung"), deadline_s=30.0))
    await asyncio.sleep(0.2)
    assert crawler.busy == 3
    began = time.monotonic()
    await crawler.stop(timedelta(seconds=0.2))
    assert time.monotonic() - began < 2
    assert (crawler.busy, intake.outcomes) == (0, [])
    with pytest.raises(RuntimeError, match="not running"):
        await crawler.submit(poll_of(site.url("/hung")))


async def test_stopping_does_not_wait_for_a_hosts_delay(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A request that only waits for its host's turn is dropped when the crawler stops."""
    crawler = await make_crawler(delay=timedelta(seconds=10))
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    await crawler.submit(poll_of(site.url("/feed"), deadline_s=30.0))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await crawler.stop(timedelta(0))
    assert time.monotonic() - began < 2
    assert site.paths() == ["/feed"]


async def test_a_report_under_way_is_not_cut_off(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """An article that is being stored when its poll runs out of time is not handed over twice, nor reported twice."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    intake.accept_delay = 0.5
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")))
    await crawler.submit(poll_of(site.url("/feed"), deadline_s=0.3))
    outcome = await intake.next_outcome()
    await asyncio.sleep(1.0)
    assert (outcome.answer, outcome.deferred) == (Answer.OK, 2)
    assert len(intake.outcomes) == 1
    assert intake.titles() == ["条目1"]


async def test_a_single_page_is_fetched(site: Site, make_crawler: MakeCrawler, make_page: MakeBytes) -> None:
    """`fetch` gives the bytes of a page, its type, and its address after redirects."""
    crawler = await make_crawler()
    site.serve("/old", status=302, headers={"Location": "/new"})
    site.serve("/new", make_page("新"), headers={"Content-Type": "text/html; charset=utf-8"})
    fetched = await crawler.fetch(site.url("/old"))
    assert (fetched.url, fetched.status, fetched.body) == (site.url("/new"), 200, make_page("新"))
    assert fetched.content_type == "text/html; charset=utf-8"


async def test_a_single_page_that_cannot_be_had_says_why(site: Site, make_crawler: MakeCrawler) -> None:
    """`fetch` raises with the class of the answer, by the very rules of a poll."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    site.serve("/refused", b"no", status=403)
    expected = {
        site.url("/private"): Answer.ROBOTS,
        site.url("/refused"): Answer.BLOCKED,
        site.url("/missing"): Answer.GONE,
        "no address": Answer.ADDRESS,
        "http://no-such-host.invalid/": Answer.DNS,
    }
    for url, answer in expected.items():
        with pytest.raises(FetchError) as caught:
            await crawler.fetch(url)
        assert caught.value.answer is answer


async def test_a_single_page_on_a_private_address_is_refused(site: Site, make_crawler: MakeCrawler) -> None:
    """`fetch` goes through the address guard."""
    crawler = await make_crawler(allow_private_addresses=False)
    with pytest.raises(FetchError, match="loopback") as caught:
        await crawler.fetch(site.url("/page"))
    assert caught.value.answer is Answer.ADDRESS


async def test_requests_go_through_the_proxy(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A configured proxy is asked for whole addresses, with its password, and may itself be on a private address."""
    proxy = SecretStr(site.url("").replace("http://", "http://user:pass@"))
    crawler = await make_crawler(proxy=proxy, allow_private_addresses=False)
    site.serve("http://news.example/feed", make_feed())
    await crawler.submit(poll_of("http://news.example/feed"))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    assert site.asked[0].headers["proxy-authorization"] == "Basic dXNlcjpwYXNz"


async def test_a_proxy_in_the_environment_is_not_used(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the configuration names a proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    crawler = await make_crawler()
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
