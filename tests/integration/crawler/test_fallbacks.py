"""Other addresses of a list, for when its own fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from core.decide import Intent
from core.outcome import Answer, Validators

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from core.source import Poll
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

ARTICLE = "https://news.example/1.html"


@pytest_asyncio.fixture(loop_scope="session")
async def other(site: Site) -> AsyncIterator[Site]:
    """A second instance, on a port of its own."""
    instance = type(site)()
    await instance.open()
    yield instance
    await instance.close()


@pytest.fixture
def poll(site: Site, other: Site, intake: FakeIntake, poll_of: PollOf) -> Callable[..., Poll]:
    """Maker of polls of `/feed` on the first instance, which may turn to the second."""
    intake.intent = Intent.STORE

    def make(**fields: object) -> Poll:
        return poll_of(site.url("/feed"), **{"fallback_urls": (other.url("/feed"),), **fields})

    return make


@pytest.mark.parametrize(
    ("status", "is_lasting"), [(503, False), (500, False), (429, False), (403, True), (404, True), (200, True)]
)
async def test_another_address_answers_in_the_same_poll(
    site: Site,
    other: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    make_feed: MakeBytes,
    poll: Callable[..., Poll],
    status: int,
    is_lasting: bool,
) -> None:
    """An address that fails gives way to the next; the detail says so, and a fault that will last is a degradation."""
    crawler = await make_crawler()
    site.serve("/feed", b"<html><body>Looks like something went wrong</body></html>", status=status)
    other.serve("/feed", make_feed(ARTICLE), headers={"ETag": '"of the other"'})
    await crawler.submit(poll(state={"validators": Validators(etag='"of the first"')}))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.status) == (Answer.OK, 1, 200)
    assert outcome.detail.startswith("127.0.0.1 answered instead: ")
    assert bool(outcome.degraded) is is_lasting
    assert (site.asked[0].headers["if-none-match"], "if-none-match" in other.asked[0].headers) == (
        '"of the first"',
        False,
    )
    assert outcome.validators == Validators()
    assert outcome.body_hash


async def test_an_item_by_which_a_bridge_reports_its_failure_is_one(
    site: Site,
    other: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    make_feed: MakeBytes,
    poll: Callable[..., Poll],
) -> None:
    """RSS-Bridge's error item is no news: another instance is asked."""
    crawler = await make_crawler()
    error = make_feed("https://bridge.example/error").replace("条目1".encode(), b"Bridge returned error 403! (20600)")
    site.serve("/feed", error)
    other.serve("/feed", make_feed(ARTICLE))
    await crawler.submit(poll())
    assert (await intake.next_outcome()).new == 1
    assert intake.titles() == ["条目1"]


async def test_no_connection_is_a_failure_like_others(
    other: Site, intake: FakeIntake, make_crawler: MakeCrawler, make_feed: MakeBytes, poll_of: PollOf
) -> None:
    """An instance that is not there at all gives way too."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    other.serve("/feed", make_feed(ARTICLE))
    await crawler.submit(poll_of("http://127.0.0.1:1999/feed", fallback_urls=(other.url("/feed"),)))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.degraded) == (Answer.OK, 1, "")


async def test_when_all_fail_the_sources_own_failure_counts(
    site: Site, other: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll: Callable[..., Poll]
) -> None:
    """The outcome is that of the first address; each was asked once."""
    crawler = await make_crawler()
    site.serve("/feed", status=429, headers={"Retry-After": "60"})
    other.serve("/feed", status=404)
    await crawler.submit(poll())
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.RATE_LIMITED
    assert outcome.detail.endswith("; another address failed too")
    assert outcome.retry_after is not None
    assert (len(site.asked), len(other.asked)) == (1, 1)


async def test_what_robots_forbid_is_not_read_elsewhere(
    site: Site,
    other: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    make_feed: MakeBytes,
    poll: Callable[..., Poll],
) -> None:
    """A list that its site does not want read is not had from another address."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /")
    other.serve("/feed", make_feed(ARTICLE))
    await crawler.submit(poll())
    assert (await intake.next_outcome()).answer is Answer.ROBOTS
    assert other.asked == []


async def test_a_list_that_did_not_change_is_not_had_elsewhere(
    site: Site, other: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll: Callable[..., Poll]
) -> None:
    """A 304 is an answer."""
    crawler = await make_crawler()
    site.serve("/feed", status=304)
    await crawler.submit(poll())
    assert (await intake.next_outcome()).answer is Answer.NOT_MODIFIED
    assert other.asked == []


async def test_entries_are_known_whichever_instance_tells_them(
    site: Site,
    other: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    make_feed: MakeBytes,
    poll: Callable[..., Poll],
) -> None:
    """Ids that name the instance come out as those of the source's own address, from both."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/item/1")))
    await crawler.submit(poll())
    await intake.next_outcome()
    site.serve("/feed", status=503)
    other.serve("/feed", make_feed(other.url("/item/1")))
    await crawler.submit(poll())
    await intake.next_outcome()
    first, second = intake.plans
    assert {entry.guid for entry in first.entries} == {entry.guid for entry in second.entries} == {site.url("/item/1")}
