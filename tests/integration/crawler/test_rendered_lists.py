"""A list that only a browser can show, through the real thing where it is installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.outcome import Answer
from core.source import RowSelectors, SourceKind
from crawler.rendering import why_no_browser

if TYPE_CHECKING:
    from tests.integration.crawler.conftest import FakeIntake, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

SHELL = """<!doctype html><html><head><title>通知公告</title></head><body><div id="app"></div><script>
fetch('/rows.json').then(r => r.json()).then(rows => {
  document.getElementById('app').innerHTML =
    '<ul>' + rows.map(r => `<li><a href="${r.url}">${r.title}</a><span>2026-11-20</span></li>`).join('') + '</ul>';
});
</script></body></html>"""
TITLES = ["关于印发数据要素行动计划的通知", "关于公开征求意见的公告"]
ROWS = json.dumps([{"url": f"/{n}.html", "title": title} for n, title in enumerate(TITLES)])
FIELDS = {
    "kind": SourceKind.LISTING,
    "rows": RowSelectors(row="li", date="span"),
    "fetch_articles": False,
    "render": True,
}


def serve(site: Site) -> None:
    """Serve a list that a script draws."""
    site.serve("/list", SHELL.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    site.serve("/rows.json", ROWS.encode(), headers={"Content-Type": "application/json"})


async def test_a_source_without_its_browser_is_skipped(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a browser its poll ends at once, says what is missing, and asks nobody; others go on."""
    monkeypatch.setattr("crawler.middlewares.rendering.why_no_browser", lambda: "needs a browser, and none was found")
    serve(site)
    crawler = await make_crawler(obey_robots=True)
    await crawler.submit(poll_of(site.url("/list"), **FIELDS))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.BLOCKED
    assert outcome.detail.endswith("needs a browser, and none was found")
    assert site.asked == []
    await crawler.submit(poll_of(site.url("/list"), **(FIELDS | {"render": False})))
    assert (await intake.next_outcome()).answer is not Answer.OK


@pytest.mark.skipif(bool(why_no_browser()), reason=f"a rendered list {why_no_browser()}")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_list_is_read_as_the_browser_shows_it(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Rows that a script draws are found, and a rendered page that cannot be had has its class."""
    serve(site)
    crawler = await make_crawler()
    await crawler.submit(poll_of(site.url("/list"), deadline_s=30.0, **FIELDS))
    outcome = await intake.next_outcome(within=40.0)
    assert (outcome.answer, outcome.detail) == (Answer.OK, "")
    assert [entry.title for entry in intake.plans[-1].entries] == [
        "关于印发数据要素行动计划的通知",
        "关于公开征求意见的公告",
    ]
    await site.close()
    await crawler.submit(poll_of(site.url("/list"), deadline_s=30.0, **FIELDS))
    assert (await intake.next_outcome(within=40.0)).answer is Answer.REFUSED
