"""Polls of sites that misbehave: every fault has its own answer class, and none of them lasts."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.item import BodyOrigin
from core.outcome import Answer

if TYPE_CHECKING:
    from tests.integration.crawler.conftest import Behaviour, FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


async def hang(writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    del writer
    await asyncio.sleep(30)


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(300):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close the connection without an answer."""
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    writer.transport.abort()


async def truncate(writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")
    await writer.drain()


async def babble(writer: asyncio.StreamWriter) -> None:
    """Speak something else than HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()


async def flood(writer: asyncio.StreamWriter) -> None:
    """Send without end, and without saying how much."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    for _ in range(200):
        writer.write(b"x" * 65_536)
        await writer.drain()


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        (hang, Answer.TIMEOUT),
        (drip, Answer.TIMEOUT),
        (hang_up, Answer.REFUSED),
        (reset, Answer.REFUSED),
        (truncate, Answer.REFUSED),
        (babble, Answer.REFUSED),
        (flood, Answer.TOO_LARGE),
    ],
)
async def test_a_broken_answer_has_its_class(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, behaviour: Behaviour, answer: Answer
) -> None:
    """Whatever a server does instead of answering ends the poll with one class and a sentence that names the host."""
    crawler = await make_crawler(timeout=timedelta(seconds=0.5))
    site.answers["/feed"] = behaviour
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.status) == (answer, None)
    assert "127.0.0.1" in outcome.detail


async def test_a_large_answer_is_not_read(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """An answer that says it is larger than the limit is broken off at its head."""
    crawler = await make_crawler()
    site.serve("/feed", b"x" * 70_000)
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.TOO_LARGE


async def test_a_decompression_bomb_is_not_unpacked(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """An answer that grows over the limit while it is decompressed is too large, too."""
    crawler = await make_crawler()
    site.serve("/feed", gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"})
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.TOO_LARGE


async def test_broken_compression_is_a_decoding_fault(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Bytes that are not what Content-Encoding says are told apart from an empty list."""
    crawler = await make_crawler()
    site.serve("/feed", b"not gzip at all", headers={"Content-Encoding": "gzip"})
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.DECODE


async def test_nobody_listening_is_refused(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A closed port is a refusal."""
    crawler = await make_crawler()
    await site.close()
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail) == (Answer.REFUSED, "127.0.0.1 refused the connection")


async def test_an_unknown_name_is_a_dns_fault(intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf) -> None:
    """A host that does not exist is told apart from one that does not answer."""
    crawler = await make_crawler()
    await crawler.submit(poll_of("http://no-such-host.invalid/feed"))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.DNS
    assert "no-such-host.invalid" in outcome.detail


@pytest.mark.parametrize(
    ("status", "answer", "requests"),
    [
        (503, Answer.HTTP_ERROR, 3),
        (403, Answer.BLOCKED, 1),
        (412, Answer.BLOCKED, 1),
        (521, Answer.BLOCKED, 1),
        (404, Answer.GONE, 1),
    ],
)
async def test_only_passing_faults_are_tried_again(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    status: int,
    answer: Answer,
    requests: int,
) -> None:
    """A server error is asked for again; a refusal, a challenge and a missing page are not."""
    crawler = await make_crawler(retries=2)
    site.serve("/feed", b"<html>no</html>", status=status)
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.status) == (answer, status)
    assert len(site.paths()) == requests


async def test_a_503_that_names_a_time_is_not_asked_before(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A server that says when to come back is believed at once."""
    crawler = await make_crawler(retries=2)
    site.serve("/feed", status=503, headers={"Retry-After": "60"})
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).retry_after == timedelta(minutes=1)
    assert site.paths() == ["/feed"]


async def test_a_passing_fault_that_passes_is_a_success(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A connection that is closed once and works then costs a second request and nothing else."""
    crawler = await make_crawler(retries=1)

    async def once(writer: asyncio.StreamWriter) -> None:
        site.serve("/feed", make_feed())
        writer.close()

    site.answers["/feed"] = once
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    assert site.paths() == ["/feed", "/feed"]


async def test_html_for_a_feed_is_no_success(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A page with status 200 in place of a feed is a fault, and never an empty list."""
    crawler = await make_crawler()
    shell = b"<!doctype html><html><head><title>app</title></head><body><div id='root'></div></body></html>"
    site.serve("/feed", shell, headers={"Content-Type": "text/html"})
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer in (Answer.SOFT_404, Answer.PARSE)


@pytest.mark.parametrize("status", [403, 500, 404])
async def test_a_page_that_cannot_be_had_keeps_the_feeds_text(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes, status: int
) -> None:
    """An entry whose page is refused is kept with the feed's words, and marked with the reason."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1")), headers={"ETag": '"v1"'})
    site.serve("/1", b"no", status=status)
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.pages_missing) == (Answer.OK, 1, 1)
    article = intake.accepted[0][1]
    assert (article.body_origin, article.text) == (BodyOrigin.LIST, "摘要1")
    assert article.page_problem is {403: Answer.BLOCKED, 500: Answer.HTTP_ERROR, 404: Answer.GONE}[status]
    # A passing reason means that the page is asked for again, which takes reading the list again.
    assert (outcome.validators is None) is (status == 500)


async def test_pages_that_fail_on_the_wire_keep_the_feeds_text(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A page that times out, one without an article, and a link that is no address each keep their entry."""
    crawler = await make_crawler(timeout=timedelta(seconds=0.5))
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2"), "gopher://site.example/3"))
    site.answers["/1"] = hang
    site.serve("/2", b"<html><body>nothing to read here, however long one looks at this page</body></html>")
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.new, outcome.pages_missing) == (3, 3)
    problems = dict(zip(intake.titles(), intake.problems(), strict=True))
    assert problems["条目1"] is Answer.TIMEOUT
    assert problems["条目2"] in (Answer.PARSE, Answer.SOFT_404, Answer.EMPTY)
    assert problems["条目3"] is Answer.ADDRESS


async def test_a_list_that_never_comes_ends_with_its_deadline(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A hung list ends at its deadline, long before its timeout, and its connection is given up."""
    crawler = await make_crawler(timeout=timedelta(seconds=20))
    site.answers["/feed"] = hang
    began = time.monotonic()
    await crawler.submit(poll_of(site.url("/feed"), deadline_s=0.4))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.TIMEOUT
    assert time.monotonic() - began < 2
    assert (crawler.busy, outcome.detail) == (0, "no list within 0.4 s")


async def test_pages_that_are_late_are_found_again(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """At the deadline a poll ends with its list's answer; what is missing counts as deferred and is not accepted."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(*(site.url(f"/{n}") for n in range(1, 5))), headers={"ETag": '"v1"'})
    site.serve("/1", make_page("第一条"))
    site.answers["/2"] = hang
    await crawler.submit(poll_of(site.url("/feed"), deadline_s=0.6))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.deferred) == (Answer.OK, 1, 3)
    assert (outcome.validators, outcome.body_hash) == (None, "")
    await asyncio.sleep(0.1)
    assert intake.titles() == ["第一条"]
    assert site.paths() == ["/feed", "/1", "/2"]


async def test_a_hung_host_does_not_hold_another(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Even with room for two requests, many sources of a hung host leave one free for another host."""
    crawler = await make_crawler(concurrency=2, timeout=timedelta(seconds=20))
    site.answers["/hung"] = hang
    site.serve("/feed", make_feed())
    for _ in range(6):
        await crawler.submit(poll_of(site.url("/hung"), deadline_s=3.0))
    began = time.monotonic()
    await crawler.submit(poll_of(site.url("/feed", host="localhost")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    assert time.monotonic() - began < 1.5


async def test_hung_pages_do_not_hold_another_host(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Many pages that a list yields at once leave room for another host, too."""
    crawler = await make_crawler(concurrency=2, timeout=timedelta(seconds=20))
    pages = [f"/{n}" for n in range(6)]
    site.answers |= dict.fromkeys(pages, hang)
    site.serve("/list", make_feed(*map(site.url, pages)))
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/list"), deadline_s=5.0))
    await site.wait_for("/0")
    began = time.monotonic()
    await crawler.submit(poll_of(site.url("/feed", host="localhost")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    assert time.monotonic() - began < 1.5
    assert site.paths() == ["/list", "/0", "/feed"]


async def test_the_deadline_counts_from_the_start_of_the_poll(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A poll that was handed over late has only what is left of its time."""
    crawler = await make_crawler()
    site.answers["/feed"] = hang
    poll = poll_of(site.url("/feed"), deadline_s=60.0)
    await crawler.submit(replace(poll, started_at=poll.started_at - timedelta(seconds=59.8)))
    assert (await intake.next_outcome(within=1.0)).answer is Answer.TIMEOUT


async def test_a_request_that_waits_for_its_turn_ends_with_its_poll(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A request that still waits for its host's delay when its poll runs out of time is never sent."""
    crawler = await make_crawler(delay=timedelta(seconds=0.8))
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    site.serve("/late", make_feed())
    await crawler.submit(poll_of(site.url("/late"), deadline_s=0.2))
    await crawler.submit(poll_of(site.url("/later"), deadline_s=0.0))
    assert [(await intake.next_outcome()).answer for _ in range(2)] == [Answer.TIMEOUT, Answer.TIMEOUT]
    await asyncio.sleep(1.0)
    assert site.paths() == ["/feed"]


async def test_dropped_pages_do_not_take_their_hosts_time(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """Pages of a poll that is over are dropped at once, not one a delay, and another source's page goes next."""
    crawler = await make_crawler(delay=timedelta(seconds=0.3))
    site.serve("/long", make_feed(*(site.url(f"/{n}") for n in range(12))))
    site.serve("/short", make_feed(site.url("/page")))
    site.serve("/page", make_page("第一条"))
    await crawler.submit(poll_of(site.url("/long"), deadline_s=0.5))
    assert (await intake.next_outcome()).deferred > 8
    began = time.monotonic()
    await crawler.submit(poll_of(site.url("/short")))
    assert (await intake.next_outcome()).new == 1
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("behaviour", [flood, "gzip"])
async def test_a_lasting_fault_is_not_tried_again(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, behaviour: Behaviour | str
) -> None:
    """An answer that is too large or broken would be so again."""
    crawler = await make_crawler(retries=2)
    if isinstance(behaviour, str):
        site.serve("/feed", b"not gzip at all", headers={"Content-Encoding": behaviour})
    else:
        site.answers["/feed"] = behaviour
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    assert site.paths() == ["/feed"]


async def test_cookies_are_not_kept(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """What a server sets as a cookie is not sent back."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(), headers={"Set-Cookie": "challenge=1; Path=/"})
    for _ in range(2):
        await crawler.submit(poll_of(site.url("/feed")))
        await intake.next_outcome()
    assert [asked.headers.get("cookie") for asked in site.asked] == [None, None]
