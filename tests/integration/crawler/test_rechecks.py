"""Flagged pages are archived from the crawl itself, looked at again, and missed when they vanish: on a real site."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from warcio.archiveiterator import ArchiveIterator

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertKind
from core.decide import IntakeLimits
from core.errors import FetchError
from core.item import ItemId
from core.network import NetworkWatch
from core.outcome import Answer
from core.recheck import RecheckPlan
from crawler.archive import WarcArchive
from crawler.pages.extractor import PageExtractor
from crawler.runtime import ScrapyCrawler
from hongtou.copies import CopyFinder
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker
from hongtou.rechecking import Rechecker, RecheckLimits
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path
    from typing import Any

    from core.item import Item
    from core.outcome import PollOutcome
    from core.recheck import Recheck
    from core.source import Source
    from tests.integration.crawler.conftest import MakeBytes, MakeCrawler, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

PARAGRAPHS = (
    "为加快推动区块链技术和产业创新发展，经市政府同意，现将《某市区块链产业三年行动计划》印发给你们，请认真贯彻执行。",
    "到2025年，建成三个公共服务平台，培育二十家骨干企业，产业规模达到1.5亿元，形成一批可复制推广的经验做法。",
    "各区、各部门要建立协调机制，细化任务分工，加强资金保障，完善标准体系，强化安全监管，定期报告进展情况。",
)


def notice(*paragraphs: str, views: int = 1) -> bytes:
    """Return the page of a notice with its usual surroundings."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<html><head><meta charset='utf-8'><title>某市区块链产业三年行动计划_某市人民政府</title></head><body>"
        "<div class='nav'><a href='/'>首页</a> <a href='/zwgk/'>政务公开</a></div>"
        f"<h1>某市区块链产业三年行动计划</h1><div class='info'>发布时间：2023-06-15 09:30 浏览次数：{views}</div>"
        f"<div class='content'>{text}</div><div class='share'>分享到：微信 微博 【打印】 【关闭】</div>"
        "</body></html>"
    ).encode()


HOME = (
    "<html><head><title>某市人民政府</title></head><body><ul>"
    + "".join(f"<li><a href='/zwgk/{n}.html'>某市发布第{n}号公告</a> 2023-06-{n:02}</li>" for n in range(1, 25))
    + "</ul></body></html>"
).encode()


class WordClassifier:
    """Finds relevant what holds the word 区块链."""

    version = "word-1"

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make

    def classify(self, document: Any) -> Any:
        """Judge by one word."""
        return self._make(relevant="区块链" in f"{document.title}{document.text}")


class Whole:
    """Crawler, intake and rechecker on one database, as the daemon has them."""

    def __init__(
        self,
        *,
        crawler: ScrapyCrawler,
        rechecker: Rechecker,
        database: SqlDatabase,
        clock: Any,
        ended: asyncio.Queue[PollOutcome],
    ) -> None:
        self.crawler = crawler
        self.rechecker = rechecker
        self.database = database
        self.clock = clock
        self.ended = ended

    async def look(self, **later: float) -> Recheck:
        """Look again after some time; return what is remembered of the first item."""
        self.clock.advance(**later)
        assert await self.rechecker.look_again() == 1
        with self.database.unit_of_work() as uow:
            return uow.rechecks.of_items([ItemId(1)])[ItemId(1)]

    def item(self) -> Item:
        """Return the first item."""
        with self.database.unit_of_work() as uow:
            found = uow.items.get(ItemId(1))
        assert found is not None
        return found

    def notices(self) -> list[str]:
        """Return the bodies of the notices."""
        with self.database.unit_of_work() as uow:
            return [alert.body for alert in uow.outbox.list() if alert.kind is AlertKind.NOTICE]


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty database."""
    with SqlDatabase(f"sqlite:///{empty_file}") as opened:
        yield opened


@pytest.fixture
def source(site: Site, make_source: Callable[..., Source]) -> Source:
    """A source on the site."""
    return make_source(url=site.url("/feed"), headers={"X-Own": "1"})


@pytest_asyncio.fixture(loop_scope="session")
async def whole(
    reactor: Any, crawl_settings: Any, database: SqlDatabase, clock: Any, source: Source, tmp_path: Path,
    make_route: Callable[..., Any], make_classification: Callable[..., Any], story_finder: Any,
) -> AsyncIterator[Whole]:  # fmt: skip
    """All of it, archive included."""
    del reactor
    offload = _Inline()
    ended: asyncio.Queue[PollOutcome] = asyncio.Queue()
    intake = StoringIntake(
        database=database, copies=CopyFinder(ShingleFingerprinter()), offload=offload, clock=clock,
        linker=StoryLinker(story_finder),
        rules=JudgingRules(
            classifier=WordClassifier(make_classification), finder=story_finder,
            matcher=OrderedRouteMatcher([make_route()]), limits=IntakeLimits(),
        ),
        network=NetworkWatch(hosts=1), jitter=lambda: 0.0,
        on_outcome=ended.put_nowait,
    )  # fmt: skip
    crawler = ScrapyCrawler(
        settings=crawl_settings, intake=intake, extractor=PageExtractor(clock), offload=offload, clock=clock,
        archive=WarcArchive(tmp_path / "archive", max_bytes=10_000_000),
    )  # fmt: skip
    rechecker = Rechecker(
        database=database, reader=crawler, rereader=intake, offload=offload, clock=clock, sources={source.id: source},
        plan=RecheckPlan(), limits=RecheckLimits(), jitter=lambda: 0.0,
    )  # fmt: skip
    await crawler.start()
    yield Whole(crawler=crawler, rechecker=rechecker, database=database, clock=clock, ended=ended)
    await crawler.stop(timedelta(0))


class _Inline:
    """Runs things on the loop."""

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a function."""
        return function(*args, **kwargs)


@pytest_asyncio.fixture(loop_scope="session")
async def flagged(
    whole: Whole, site: Site, source: Source, make_feed: MakeBytes, make_poll: Any, make_state: Any, now: Any
) -> Item:
    """The first item of a feed, flagged and archived; a second one is not relevant."""
    site.serve("/feed", make_feed(site.url("/zwgk/1.html"), site.url("/zwgk/2.html")))
    site.serve("/zwgk/1.html", notice(*PARAGRAPHS), headers={"Content-Type": "text/html", "X-Served-By": "a"})
    site.serve(
        "/zwgk/2.html",
        notice("关于夏季防汛工作的通知，各区要加强巡查，确保安全度汛。" * 4).replace("区块链".encode(), b""),
    )
    state = make_state(source_id=source.id, first_synced_at=now - timedelta(days=9))
    await whole.crawler.submit(make_poll(source=source, state=state))
    outcome = await asyncio.wait_for(whole.ended.get(), 10)
    assert (outcome.new, outcome.relevant) == (2, 1)
    with whole.database.unit_of_work() as uow:
        [item] = uow.items.recent_relevant(since=now - timedelta(days=1), limit=9)
    return item


async def test_an_item_lives_edited_gone_and_back(whole: Whole, flagged: Item, site: Site) -> None:
    """A counter is nothing, an edit a revision, two 404 a removal with one notice, and a return is recorded."""
    site.serve("/zwgk/1.html", notice(*PARAGRAPHS, views=99))
    assert (await whole.look(hours=1)).last_reason == ""
    assert whole.item().revision == 1
    site.serve("/zwgk/1.html", notice(PARAGRAPHS[0], PARAGRAPHS[1].replace("1.5", "15"), PARAGRAPHS[2]))
    await whole.look(hours=5)
    assert (whole.item().revision, "15亿元" in whole.item().text) == (2, True)
    del site.answers["/zwgk/1.html"]
    assert not (await whole.look(hours=18)).is_removed
    removed = await whole.look(hours=1)
    assert removed.is_removed
    [body] = whole.notices()
    assert "has been removed or emptied by its publisher: the server says that it is gone." in body
    assert "15亿元" in whole.item().text
    site.serve("/zwgk/1.html", notice(*PARAGRAPHS))
    back = await whole.look(days=3)
    assert (back.is_removed, back.returned_at, whole.item().revision) == (False, whole.clock.now(), 3)
    own = [asked.headers.get("x-own") for asked in site.asked if asked.path == "/zwgk/1.html"]
    assert set(own) == {"1"}
    assert flagged.id == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 302, "headers": {"Location": "/"}}, "index"),
        ({"body": b"<html><title>404</title><body>" + "页面不存在".encode() + b"</body></html>"}, "error page"),
        ({"body": notice("该内容已删除。")}, "emptied"),
        ({"body": b"  "}, "empty"),
    ],
    ids=["redirect to the front page", "soft 404", "emptied", "no body"],
)
async def test_every_way_to_vanish_is_noticed(
    whole: Whole, flagged: Item, site: Site, reply: dict[str, Any], reason: str
) -> None:
    """Each is a removal at the second look; the words that were read stay."""
    site.serve("/", HOME)
    site.serve("/zwgk/1.html", **reply)
    await whole.look(hours=1)
    removed = await whole.look(hours=1)
    assert removed.is_removed, reason
    assert removed.removal
    assert whole.item().text == flagged.text
    assert len(whole.notices()) == 1


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ({"status": 503}, "http-error"),
        ({"status": 412, "body": b"<script>$_ts=1</script>"}, "blocked"),
        ({"status": 429}, "rate-limited"),
        ({"body": notice(*PARAGRAPHS), "after": 5.0}, "timeout"),
    ],
    ids=["outage", "challenge", "too many", "slow"],
)
async def test_outages_and_challenges_remove_nothing(
    whole: Whole, flagged: Item, site: Site, reply: dict[str, Any], answer: str
) -> None:
    """They say nothing of the page."""
    site.serve("/zwgk/1.html", **reply)
    await whole.look(hours=1)
    looked = await whole.look(hours=2)
    assert (looked.last_reason, looked.failures, looked.is_removed, looked.missing) == (answer, 2, False, 0)
    assert flagged.id == 1


async def test_the_archive_has_the_very_bytes_of_the_crawl(
    whole: Whole, flagged: Item, site: Site, tmp_path: Path
) -> None:
    """Only the flagged page is kept; its record has the bytes and headers of the one answer that was asked for."""
    assert site.paths().count("/zwgk/1.html") == 1
    [file] = (tmp_path / "archive").glob("*.warc.gz")
    with file.open("rb") as stream:
        [(url, served_by, body)] = [
            (record.rec_headers["WARC-Target-URI"], record.http_headers["X-Served-By"], record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert (url, served_by, body) == (flagged.url, "a", notice(*PARAGRAPHS))
    assert whole.item().classification is not None


PAGE = "<h1>某市区块链行动计划</h1><p>第{}页的文字写在这里，说明建设公共服务平台的任务与期限。</p>{}"


def part(number: int, links: str = "") -> bytes:
    """Return one page of an article of several."""
    return (PAGE.format(number, links) + "<!-- " + "x" * 100 + " -->").encode()


async def test_an_article_of_several_pages_is_read_whole(
    site: Site, make_crawler: MakeCrawler, source: Source, make_entry: Any
) -> None:
    """Its text is that of a poll: all pages; one that is gone or too large is left out, as a poll leaves it out."""
    crawler = await make_crawler()
    entry = make_entry(url=site.url("/a.html"))
    site.serve("/a.html", part(1, "<a href='a_2.html'>下一页</a>"))
    site.serve("/a_2.html", part(2, "<a href='a.html'>上一页</a>"))
    article = await crawler.read_article(entry, source=source)
    assert [line[:3] for line in article.text.split("\n")] == ["第1页", "第2页"]
    del site.answers["/a_2.html"]
    article = await crawler.read_article(entry, source=source)
    assert [line[:3] for line in article.text.split("\n")] == ["第1页"]
    site.serve("/a_2.html", part(2) + b" " * 70_000)
    assert "第2页" not in (await crawler.read_article(entry, source=source)).text


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ({"status": 503}, Answer.HTTP_ERROR),
        ({"status": 412, "body": b"<script>$_ts=1</script>"}, Answer.BLOCKED),
        ({"body": b"", "after": 5.0}, Answer.TIMEOUT),
    ],
    ids=["outage", "challenge", "slow"],
)
async def test_half_an_article_is_none(
    site: Site, make_crawler: MakeCrawler, source: Source, make_entry: Any, reply: dict[str, Any], answer: Answer
) -> None:
    """When a further page cannot be had now, the look tells nothing, rather than that its text was taken out."""
    crawler = await make_crawler()
    site.serve("/a.html", part(1, "<a href='a_2.html'>下一页</a>"))
    site.serve("/a_2.html", **reply)
    with pytest.raises(FetchError) as caught:
        await crawler.read_article(make_entry(url=site.url("/a.html")), source=source)
    assert caught.value.answer is answer


async def test_an_address_that_is_none_is_no_article(
    make_crawler: MakeCrawler, source: Source, make_entry: Any
) -> None:
    """Nothing is asked for."""
    crawler = await make_crawler()
    with pytest.raises(FetchError) as caught:
        await crawler.read_article(make_entry(url="no address"), source=source)
    assert caught.value.answer is Answer.ADDRESS
