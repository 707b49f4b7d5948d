"""Polls of sites that behave: lists, pages, conditions, hints, kinds, and what is kept for the next poll."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.decide import Intent
from core.errors import StorageError
from core.item import BodyOrigin
from core.outcome import Answer, Validators
from core.source import JsonPaths, RowSelectors, SourceKind

if TYPE_CHECKING:
    from datetime import datetime

    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


async def test_new_entries_are_fetched_and_handed_over(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A feed with two entries gives two articles from their pages, and one outcome with validators."""
    crawler = await make_crawler()
    body = make_feed(site.url("/1"), site.url("/2"))
    site.serve("/feed", body, headers={"ETag": '"v1"', "Last-Modified": "Wed, 14 Jun 2023 02:00:00 GMT"})
    site.serve("/1", make_page("第一条"))
    site.serve("/2", make_page("第二条"))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.pages, outcome.entries) == (Answer.OK, 2, 2, 2)
    assert intake.titles() == ["第一条", "第二条"]
    assert outcome.validators == Validators(etag='"v1"', last_modified="Wed, 14 Jun 2023 02:00:00 GMT")
    assert (outcome.status, outcome.size_bytes, outcome.detail) == (200, len(body), "")
    assert outcome.body_hash
    assert crawler.busy == 0


async def test_conditions_are_sent_verbatim_and_304_ends_the_poll(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Remembered validators go out as they came, and a 304 is a success without a list, compressed or not."""
    crawler = await make_crawler()
    site.serve("/feed", status=304, headers={"Content-Encoding": "gzip"})
    known = Validators(etag='W/"weak-1"', last_modified="Wed, 14 Jun 2023 02:00:00 GMT")
    await crawler.submit(poll_of(site.url("/feed"), state={"validators": known}))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.NOT_MODIFIED
    assert outcome.validators is None
    assert site.asked[0].headers["if-none-match"] == 'W/"weak-1"'
    assert site.asked[0].headers["if-modified-since"] == "Wed, 14 Jun 2023 02:00:00 GMT"
    assert intake.plans == []


async def test_an_unchanged_body_is_not_read_again(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A list without validators whose bytes are the remembered ones counts as not modified."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1")))
    site.serve("/1", make_page("第一条"))
    await crawler.submit(poll_of(site.url("/feed")))
    first = await intake.next_outcome()
    await crawler.submit(poll_of(site.url("/feed"), state={"body_hash": first.body_hash}))
    assert (await intake.next_outcome()).answer is Answer.NOT_MODIFIED
    assert len(intake.plans) == 1


async def test_gzip_is_undone(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A compressed feed is read, and its size is that of the feed."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    body = make_feed(site.url("/1"))
    site.serve("/feed", gzip.compress(body), headers={"Content-Encoding": "gzip"})
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.size_bytes) == (Answer.OK, len(body))


async def test_entries_that_need_no_page_are_stored_from_the_list(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """An entry of intent STORE costs no request, and its article is the list's own words without a problem."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    site.serve("/feed", make_feed(site.url("/1")))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.new, outcome.pages, outcome.pages_missing) == (1, 0, 0)
    article = intake.accepted[0][1]
    assert (article.body_origin, article.text, article.page_problem) == (BodyOrigin.LIST, "摘要1", None)
    assert site.paths() == ["/feed"]


async def test_a_form_is_posted(site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf) -> None:
    """A JSON list with form fields and headers of its own is asked for by POST with both."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    rows = {"data": {"rows": [{"title": "关于区块链的通知", "url": "/a.html"}]}}
    site.serve("/api", json.dumps(rows).encode(), headers={"Content-Type": "application/json"})
    poll = poll_of(
        site.url("/api"),
        kind=SourceKind.JSON,
        paths=JsonPaths(rows="data.rows[*]", title="title", link="url"),
        form={"page": "1", "词": "链"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    await crawler.submit(poll)
    assert (await intake.next_outcome()).answer is Answer.OK
    assert (site.asked[0].method, site.asked[0].body) == ("POST", b"page=1&%E8%AF%8D=%E9%93%BE")
    assert site.asked[0].headers["x-requested-with"] == "XMLHttpRequest"
    assert intake.accepted[0][0].url == site.url("/a.html")


async def test_a_gbk_list_page_is_read(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """An HTML list in GBK that calls itself UTF-8 in its header is read without a garbled title."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    html = (
        "<html><head><meta charset='gbk'></head><body><ul>"
        "<li><a href='/t1.html'>上海市元宇宙关键技术攻关行动方案</a><span>2023-06-13</span></li>"
        "<li><a href='/t2.html'>关于公布试点名单的通知</a><span>2023-06-12</span></li></ul></body></html>"
    )
    site.serve("/list", html.encode("gbk"), headers={"Content-Type": "text/html; charset=utf-8"})
    rows = RowSelectors(row="li", date="span")
    await crawler.submit(poll_of(site.url("/list"), kind=SourceKind.LISTING, rows=rows))
    assert (await intake.next_outcome()).answer is Answer.OK
    assert intake.titles() == ["上海市元宇宙关键技术攻关行动方案", "关于公布试点名单的通知"]


@pytest.mark.parametrize("kind", ["seconds", "date"])
async def test_retry_after_is_passed_on(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, present_time: datetime, kind: str
) -> None:
    """A 429 is one request, a class of its own, and its Retry-After is told in either form."""
    crawler = await make_crawler(retries=2)
    later = present_time + timedelta(seconds=120)
    value = "120" if kind == "seconds" else later.strftime("%a, %d %b %Y %H:%M:%S GMT")
    site.serve("/feed", status=429, headers={"Retry-After": value})
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.RATE_LIMITED
    assert outcome.retry_after is not None
    assert timedelta(seconds=115) < outcome.retry_after <= timedelta(seconds=120)
    assert site.paths() == ["/feed"]


async def test_a_feeds_max_age_is_its_ttl_when_it_names_none(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Cache-Control counts for a feed that says nothing itself, and the feed's own word comes first."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    fresh = {"Cache-Control": "public, max-age=900"}
    site.serve("/silent", make_feed(site.url("/1")), headers=fresh)
    site.serve("/outspoken", make_feed(site.url("/2"), extra="<ttl>60</ttl>"), headers=fresh)
    await crawler.submit(poll_of(site.url("/silent")))
    assert (await intake.next_outcome()).ttl == timedelta(minutes=15)
    await crawler.submit(poll_of(site.url("/outspoken")))
    assert (await intake.next_outcome()).ttl == timedelta(hours=1)


async def test_deferred_entries_keep_the_old_validators(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """When an entry was left for the next poll, neither validators nor hash are kept, or it would not be found."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")), headers={"ETag": '"v1"'})
    site.serve("/1", make_page("第一条"))
    intake.deferred.add(site.url("/2"))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.deferred) == (Answer.OK, 1, 1)
    assert (outcome.validators, outcome.body_hash) == (None, "")


async def test_a_database_that_is_away_costs_nothing(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """When one article cannot be stored the others are, and the list is read again next time."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")), headers={"ETag": '"v1"'})
    site.serve("/1", make_page("第一条"))
    site.serve("/2", make_page("第二条"))
    intake.breaks_accept["条目1"] = StorageError("database is locked")
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.validators) == (Answer.CRASHED, 1, None)
    assert "database is locked" in outcome.detail
    assert intake.titles() == ["第二条"]


async def test_a_plan_that_cannot_be_made_ends_the_poll(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A database that is away when the list is decided about ends the poll without a page and without validators."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1")), headers={"ETag": '"v1"'})
    intake.breaks_plan = StorageError("database is locked")
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.validators, outcome.body_hash) == (Answer.CRASHED, None, "")
    assert site.paths() == ["/feed"]


async def test_a_bug_in_the_plan_ends_the_poll(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """An exception nobody expected still gives the poll its one outcome."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1")))
    intake.breaks_plan = RuntimeError("a bug")
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail) == (Answer.CRASHED, "RuntimeError: a bug")
    assert crawler.busy == 0


async def test_a_bug_with_one_article_spares_the_others(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """An article that breaks the intake is counted as failed, and the rest of its list is stored."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")))
    site.serve("/1", make_page("第一条"))
    site.serve("/2", make_page("第二条"))
    intake.breaks_accept["条目1"] = RuntimeError("a bug")
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.detail) == (Answer.CRASHED, 1, "RuntimeError: a bug")
    assert intake.titles() == ["第二条"]


async def test_a_page_that_breaks_the_extractor_costs_only_its_text(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """An extractor's bug keeps the entry with the list's text, so that the same page cannot block it for ever."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1")))
    site.serve("/1", make_page("<explode>"))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.pages_missing) == (Answer.OK, 1)
    assert intake.problems() == [Answer.CRASHED]


async def test_an_edited_list_is_polled_again_without_known_entries(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A second poll asks only for the page of the entry that was added."""
    crawler = await make_crawler()
    site.serve("/1", make_page("第一条"))
    site.serve("/2", make_page("第二条"))
    site.serve("/feed", make_feed(site.url("/1")))
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    site.serve("/feed", make_feed(site.url("/2"), site.url("/1")))
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    assert site.paths() == ["/feed", "/1", "/feed", "/2"]


async def test_two_hundred_polls_leave_nothing_behind(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """After many polls no run, request or slot queue is left, and every poll had its one outcome."""
    crawler = await make_crawler()
    intake.intent = Intent.STORE
    site.serve("/feed", make_feed(site.url("/1")))
    for _ in range(200):
        await crawler.submit(poll_of(site.url("/feed")))
    for _ in range(200):
        assert (await intake.next_outcome()).answer is Answer.OK
    engine = crawler._running()._crawler.engine
    assert crawler.busy == 0
    assert engine.scheduler is not None
    assert not engine.scheduler.has_pending_requests()
    assert [len(slot.queue) + len(slot.active) for slot in engine.downloader.slots.values()] == [0]
    assert site.most_under_way == 1
