"""Which way a request is downloaded."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from OpenSSL.crypto import X509
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spiders import Spider

from config.settings import CrawlSettings
from core.source import Tls
from crawler.certificates import CertificateRefusedError
from crawler.handlers import PollBoundHandler, open_browser, tls_of
from crawler.rendering import SETTLE_MS, page_methods
from crawler.settings import scrapy_settings
from crawler.tls import verdict_on

if TYPE_CHECKING:
    from twisted.python.failure import Failure


class FakeBrowser:
    """Stands in for scrapy-playwright's handler."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.state = "made"
        self.asked: list[str] = []

    async def _maybe_launch_in_thread(self) -> None:
        self.state = "open"

    async def download_request(self, request: Request) -> Response:
        """Return a page as long as its address says."""
        self.asked.append(request.url)
        return Response(request.url, body=b"x" * int(request.url.rpartition("/")[2]))

    async def close(self) -> None:
        """Close."""
        self.state = "closed"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a fake of scrapy-playwright where it would be."""
    handler, page = ModuleType("scrapy_playwright.handler"), ModuleType("scrapy_playwright.page")
    handler.ScrapyPlaywrightDownloadHandler = FakeBrowser  # type: ignore[attr-defined]
    page.PageMethod = lambda *words: words  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scrapy_playwright", ModuleType("scrapy_playwright"))
    monkeypatch.setitem(sys.modules, "scrapy_playwright.handler", handler)
    monkeypatch.setitem(sys.modules, "scrapy_playwright.page", page)


@pytest.fixture
def handler() -> PollBoundHandler:
    """A handler of a crawler that does not run, limited to 1,024 bytes; it has no connections to close."""
    made = PollBoundHandler.__new__(PollBoundHandler)
    settings = scrapy_settings(CrawlSettings())
    made._crawler = Crawler(Spider, Settings(settings))
    made._default_maxsize = 1024
    made._relaxed = {}
    made._browser = None
    made._opening = asyncio.Lock()
    return made


def test_tls_is_relaxed_for_the_sources_own_host_only() -> None:
    """Another host, and a request of no source, are strict."""
    meta = {"own_host": "old.example", "tls": Tls.WEAK_DH}
    assert tls_of(Request("https://old.example/1", meta=meta)) is Tls.WEAK_DH
    assert tls_of(Request("https://new.example/1", meta=meta)) is Tls.STRICT
    assert tls_of(Request("https://old.example/1")) is Tls.STRICT


def test_a_certificate_that_cannot_be_read_is_refused() -> None:
    """A fault of ours inside OpenSSL's callback refuses the connection, and is not lost."""
    refused: list[Failure] = []
    judge = verdict_on("h.example", refused.append)
    assert judge(SimpleNamespace(), X509(), 0, 0, 1) is False  # type: ignore[arg-type]  # a certificate without content
    assert isinstance(refused[0].value, CertificateRefusedError)
    assert "cannot be read" in str(refused[0].value)


@pytest.mark.usefixtures("browser")
async def test_a_browser_is_opened_once_and_closed(handler: PollBoundHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marked requests go through one browser, opened by the first; a page over the limit is refused."""
    for length in (5, 7):
        response = await handler._download(Request(f"https://h.example/{length}", meta={"playwright": True}))
        assert len(response.body) == length
    opened = cast("FakeBrowser", handler._browser)
    assert (opened.state, len(opened.asked)) == ("open", 2)
    with pytest.raises(DownloadCancelledError, match="once rendered"):
        await handler._download(Request("https://h.example/2000", meta={"playwright": True}))
    monkeypatch.setattr("scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler.close", FakeBrowser.close)
    await handler.close()
    assert opened.state == "closed"


@pytest.mark.usefixtures("browser")
async def test_the_extra_is_used_as_it_is_made(handler: PollBoundHandler) -> None:
    """The handler is started when it is opened, and pages get their time to settle."""
    opened = cast("FakeBrowser", await open_browser(handler._crawler))
    assert opened.state == "open"
    assert page_methods() == [("wait_for_timeout", SETTLE_MS)]
