"""`scrapy crawl KIND -a source=ID` for the kinds of dialects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

import crawler.byhand
from core.outcome import Answer
from crawler.watch import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twisted.internet.asyncioreactor import AsyncioSelectorReactor

    from core.source import Source
    from tests.integration.crawler.conftest import Site
    from tests.integration.crawler.dialects.conftest import Rehearsal

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


async def test_a_source_is_polled_by_hand(
    site: Site,
    rehearsal: Rehearsal,
    reactor: AsyncioSelectorReactor,
    make_source: Callable[..., Source],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every document of the list is exported, with its number, though its page is not there."""
    del reactor
    source = make_source(id="mine", url=site.url(rehearsal.start), kind=rehearsal.kind)
    monkeypatch.setattr(crawler.byhand, "load_catalogue", lambda: {source.id: source})
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
    (spider,) = (kind for kind in KINDS if kind.kind is rehearsal.kind)
    await Crawler(spider, settings).crawl_async(source="mine")
    items = json.loads(out.read_text(encoding="utf-8"))
    assert [(item["title"], item["page_problem"]) for item in items] == [
        (doc.title, Answer.GONE) for doc in rehearsal.docs()
    ]
    assert [item["document_numbers"] for item in items] == [
        [doc.number] if rehearsal.numbered else [] for doc in rehearsal.docs()
    ]
