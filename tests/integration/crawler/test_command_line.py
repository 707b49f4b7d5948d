"""What a person starts: `scrapy list`, `scrapy crawl KIND -a source=ID`, and any program on the reactor."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

import crawler.byhand
from core.outcome import Answer
from core.source import SourceKind
from crawler.spiders.feed import FeedSpider

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.internet.asyncioreactor import AsyncioSelectorReactor

    from core.source import Source
    from tests.integration.crawler.conftest import MakeBytes, Site

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the scrapy command in the project's folder."""
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


def test_scrapy_lists_one_spider_a_kind() -> None:
    """`scrapy list` shows the kinds of sources, and not the spider of the daemon."""
    assert scrapy("list").stdout.split() == sorted(SourceKind)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("feed", "-a", "source=nobody"), "there is no source 'nobody' in the shipped catalogue"),
        (("feed",), "name a source with -a source=ID"),
    ],
)
def test_a_source_that_is_not_there_is_named(arguments: tuple[str, ...], words: str) -> None:
    """A wrong id, or none, gives one line that says what is wrong, and no traceback."""
    done = scrapy("crawl", *arguments)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.asyncio(loop_scope="session")
async def test_other_commands_of_scrapy_work_too(site: Site, make_page: MakeBytes) -> None:
    """`scrapy fetch` runs with the project's settings, its address guard included."""
    site.serve("/1", make_page("上海发布元宇宙行动方案"))
    fetch = ("fetch", "--nolog", site.url("/1"))
    refused = await asyncio.to_thread(scrapy, *fetch)
    allowed = await asyncio.to_thread(scrapy, *fetch, "-s", "HONGTOU_ALLOW_PRIVATE=1", "-s", "ROBOTSTXT_OBEY=0")
    assert refused.stdout == ""
    assert "上海发布元宇宙行动方案" in allowed.stdout
    assert site.paths() == ["/1"]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_source_is_polled_by_hand_and_exported(
    site: Site,
    reactor: AsyncioSelectorReactor,
    make_source: Callable[..., Source],
    make_feed: MakeBytes,
    make_page: MakeBytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`scrapy crawl feed -a source=ID -o out.json` writes what the pages say, else what the list says."""
    del reactor
    source = make_source(id="mine", url=site.url("/feed"))
    monkeypatch.setattr(crawler.byhand, "load_catalogue", lambda: {source.id: source})
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2")))
    site.serve("/1", make_page("上海发布元宇宙行动方案"))
    out = tmp_path / "out.json"
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict(
        {
            "HONGTOU_ALLOW_PRIVATE": True,
            "DOWNLOAD_DELAY": 0.0,
            "AUTOTHROTTLE_START_DELAY": 0.0,
            "FEEDS": {str(out): {"format": "json"}},
        }
    )
    await Crawler(FeedSpider, settings).crawl_async(source="mine")
    items = sorted(json.loads(out.read_text(encoding="utf-8")), key=lambda item: item["url"])
    assert [item["title"] for item in items] == ["上海发布元宇宙行动方案", "条目2"]
    assert [item["page_problem"] for item in items] == [None, Answer.GONE]
    assert [item["url"] for item in items] == [site.url("/1"), site.url("/2")]


PROGRAM = """
import asyncio, signal, os
from crawler.runtime import run_on_reactor

async def main():
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
    loop.create_task(asyncio.sleep(60))
    await asyncio.to_thread(int)
    await stopped.wait()
    {end}

raise SystemExit(run_on_reactor(main))
"""


@pytest.mark.parametrize(("end", "code", "words"), [("return 3", 3, ""), ("raise ValueError('oops')", 1, "oops")])
def test_a_program_runs_on_the_reactor(end: str, code: int, words: str) -> None:
    """Signals are the program's own, its result comes back, its exception comes through, and nothing warns."""
    program = PROGRAM.format(end=end)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == code
    assert words in done.stderr
    if not words:
        assert done.stderr == ""
