"""Failures that other monitors were seen to have, acted out against this one; docs/failure-modes.md numbers them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.outcome import Answer
from core.source import JsonPaths, RowSelectors, SourceKind
from crawler.lists import parse_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.source import Source
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = pytest.mark.integration
on_the_loop = pytest.mark.asyncio(loop_scope="session")
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("./202611/t20261120_1.html\n", "https://www.example.gov.cn/zwgk/zcfb/202611/t20261120_1.html"),
        ("../gg/2.html\t", "https://www.example.gov.cn/zwgk/gg/2.html"),
        (" /3.html\x01", "https://www.example.gov.cn/3.html"),
        ("//other.example.gov.cn/4.html", "https://other.example.gov.cn/4.html"),
        ("5\n.html", "https://www.example.gov.cn/zwgk/zcfb/5.html"),
    ],
)
def test_links_are_joined_and_cleaned(make_source: Callable[..., Source], now: datetime, href: str, link: str) -> None:
    """Relative links are joined with the address that answered, and stray white space and controls are dropped."""
    body = f'<ul><li><a href="{href}">关于印发行动计划的通知</a><span>2026-11-20</span></li></ul>'.encode()
    source = make_source(kind=SourceKind.LISTING, rows=RowSelectors(row="li", date="span"))
    listing = parse_list(
        source, body, url="https://www.example.gov.cn/zwgk/zcfb/", content_type="text/html; charset=utf-8", now=now
    )
    assert [entry.url for entry in listing.entries] == [link]


def test_a_row_of_nulls_costs_itself_only(make_source: Callable[..., Source], now: datetime) -> None:
    """A row without a word is left out and counted, and the others are read."""
    rows = [{"t": None, "u": None}, {"t": "关于征求意见的公告", "u": "/1.html"}, {}]
    source = make_source(kind=SourceKind.JSON, paths=JsonPaths(rows="rows", title="t", link="u"))
    body = json.dumps({"rows": rows}).encode()
    listing = parse_list(source, body, url="https://h.example/a.json", content_type="application/json", now=now)
    assert [entry.title for entry in listing.entries] == ["关于征求意见的公告"]
    assert listing.skipped == 2


@on_the_loop
async def test_a_refused_directory_says_nothing_of_what_lies_beneath(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A folder that answers 403 blocks its own source only; a file beneath it is read."""
    crawler = await make_crawler()
    site.serve("/zhengce/", b"no", status=403)
    site.serve("/zhengce/list.xml", make_feed())
    for path in ("/zhengce/", "/zhengce/list.xml"):
        await crawler.submit(poll_of(site.url(path)))
    assert [(await intake.next_outcome()).answer for _ in range(2)] == [Answer.BLOCKED, Answer.EMPTY]


@on_the_loop
async def test_every_request_says_who_asks(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Feeds are fetched by this crawler and parsed from bytes: no request goes out under a library's name."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/feed", make_feed(site.url("/1")))
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    agents = {asked.headers["user-agent"] for asked in site.asked}
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/feed", "/1"]
    assert len(agents) == 1
    assert not {"scrapy", "python", "feedparser", "twisted"} & set(agents.pop().lower().replace("/", " ").split())


@on_the_loop
async def test_an_answer_without_headers_is_an_answer(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A refusal without any header that might be expected is a refusal, and no crash."""
    crawler = await make_crawler()
    site.serve("/feed", b"", status=403)
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.status) == (Answer.BLOCKED, 403)


@on_the_loop
async def test_all_cookies_of_an_answer_are_looked_at(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A wall is named by the second of two cookies as well."""
    crawler = await make_crawler()
    cookies = "a=1; path=/\r\nSet-Cookie: __jsluid_s=abc; path=/; secure"
    site.serve("/feed", b"<html></html>", status=403, headers={"Set-Cookie": cookies})
    await crawler.submit(poll_of(site.url("/feed")))
    assert "加速乐" in (await intake.next_outcome()).detail


@on_the_loop
async def test_a_burst_of_pages_ends_with_the_third_refusal(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A host that begins to refuse pages is left alone; what was not asked is kept, and asked for with a later poll."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(*(site.url(f"/{n}") for n in range(8))))
    for n in range(8):
        site.serve(f"/{n}", b"<html>no</html>", status=403, headers=HTML)
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert site.paths() == ["/feed", "/0", "/1", "/2"]
    assert (outcome.new, outcome.pages_missing) == (8, 8)
    assert sorted(set(intake.problems()), key=str) == [Answer.BLOCKED, Answer.RATE_LIMITED]
    # The list is read again with the next poll, since a passing reason kept its pages away.
    assert outcome.validators is None


@on_the_loop
@pytest.mark.parametrize(
    ("body", "headers", "answer"),
    [
        (b"<title>Just a moment...</title>", {}, Answer.BLOCKED),
        (b"<p>Busy</p>", {"cf-mitigated": "challenge"}, Answer.BLOCKED),
        ("<p>您的访问过于频繁</p>".encode(), {}, Answer.RATE_LIMITED),
    ],
)
async def test_a_challenge_dressed_as_a_fault_is_not_asked_again(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    body: bytes,
    headers: dict[str, str],
    answer: Answer,
) -> None:
    """A wall that answers 503 is slowed down for and not retried, as any other wall."""
    crawler = await make_crawler(retries=2)
    site.serve("/feed", body, status=503, headers=HTML | headers)
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is answer
    assert site.paths() == ["/feed"]
