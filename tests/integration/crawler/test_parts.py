"""Articles of several pages and files, from a site that serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.item import DocumentFacts, PageMark
from core.outcome import Answer

if TYPE_CHECKING:
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

PAGE = "<h1>某市区块链行动计划</h1><p>第{}页的文字写在这里，说明建设公共服务平台的任务与期限。</p>{}"


def page(number: int, links: str = "") -> bytes:
    """Return one page of an article."""
    return (PAGE.format(number, links) + "<!-- " + "x" * 100 + " -->").encode()


async def test_pages_of_one_article_are_joined(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Further pages are asked for one after another, and counted as one article."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/a.html"), site.url("/b.html")))
    site.serve("/a.html", page(1, "<a href='a_2.html'>下一页</a>"))
    site.serve("/a_2.html", page(2, "<a href='a.html'>上一页</a><a href='a_3.html'>下一页</a>"))
    site.serve("/a_3.html", page(3, "<a href='a_2.html'>上一页</a>"))
    site.serve("/b.html", page(1))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new, outcome.pages) == (Answer.OK, 2, 2)
    assert [path for path in site.paths() if path.startswith("/a")] == ["/a.html", "/a_2.html", "/a_3.html"]
    article = next(article for entry, article in intake.accepted if entry.url == site.url("/a.html"))
    assert [line[:3] for line in article.text.split("\n")] == ["第1页", "第2页", "第3页"]
    assert article.facts == DocumentFacts(pages=3)
    assert article.url == site.url("/a.html")


@pytest.mark.parametrize("fault", ["gone", "hung up", "no address"])
async def test_a_missing_page_is_marked(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes, fault: str
) -> None:
    """What came of an article is kept with a mark when the rest cannot be had."""

    async def hang_up(writer: object) -> None:
        del writer

    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/a.html")))
    site.serve("/a.html", page(1, "<a href='a_2.html'>2</a><a href='a_3.html'>3</a>"))
    if fault == "hung up":
        site.answers["/a_2.html"] = hang_up
    elif fault == "no address":
        site.serve("/a_2.html", status=302, headers={"Location": "ftp://nowhere.example/x"})
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.new, outcome.pages_missing) == (1, 0)
    ((_, article),) = intake.accepted
    assert article.text.startswith("第1页")
    assert article.facts == DocumentFacts(marks=(PageMark.PAGES_MISSING,))
    assert "/a_3.html" not in site.paths()


async def test_an_entry_may_lead_to_a_file(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
) -> None:
    """A broken PDF in place of a page keeps the list's words and says so."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/plan.pdf")))
    site.serve("/plan.pdf", b"%PDF-1.7 broken")
    await crawler.submit(poll_of(site.url("/feed")))
    await intake.next_outcome()
    ((entry, article),) = intake.accepted
    assert (article.title, article.page_problem) == (entry.title, Answer.DECODE)
    assert article.facts == DocumentFacts(marks=(PageMark.FILE_MISSING,))
