"""The HTTP download handler: TLS as the source needs it, and downloads that end with the poll they belong to."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, cast

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadCancelledError

from core.source import Tls
from crawler.addresses import host_of
from crawler.failures import PollOverError
from crawler.polls import PollRun
from crawler.tls import TlsPolicy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.web.iweb import IPolicyForHTTPS


class TlsHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1 with one kind of TLS, on connections of its own."""

    lazy = False

    def __init__(self, crawler: Crawler, tls: Tls = Tls.STRICT) -> None:
        super().__init__(crawler)
        self._contextFactory = cast("IPolicyForHTTPS", TlsPolicy(tls))


class PollBoundHandler(TlsHandler):
    """Downloads, and breaks a download off when its poll is over, so that no host holds the loop.

    A request whose `meta["tls"]` names a relaxation goes through a handler of that relaxation, when it is for the
    source's own host: articles and redirects elsewhere are strict, and no connection is shared between the two.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._relaxed: dict[Tls, TlsHandler] = {}
        self._browser: HTTP11DownloadHandler | None = None
        self._opening = asyncio.Lock()

    async def download_request(self, request: Request) -> Response:
        """Download one request.

        Raises:
            PollOverError: Its poll is over; what came so far is thrown away.
        """
        run = request.meta.get("run")
        if not isinstance(run, PollRun):
            return await self._download(request)
        if run.over:
            raise PollOverError("the poll is over")
        task = asyncio.ensure_future(self._download(request))
        run.downloads.add(task)
        try:
            return await task
        except asyncio.CancelledError as error:
            # Scrapy frees a slot for exceptions only, not for cancellations.
            raise PollOverError("the poll is over") from error
        finally:
            run.downloads.discard(task)

    async def close(self) -> None:
        """Close the connections of all kinds, and the browser."""
        others = [*self._relaxed.values(), *([self._browser] if self._browser else [])]
        await asyncio.gather(super().close(), *(handler.close() for handler in others))

    async def _download(self, request: Request) -> Response:
        if request.meta.get("playwright"):
            return await self._render(request)
        tls = tls_of(request)
        if tls is Tls.STRICT:
            return await super().download_request(request)
        if tls not in self._relaxed:
            self._relaxed[tls] = TlsHandler(self._crawler, tls)
        return await self._relaxed[tls].download_request(request)

    async def _render(self, request: Request) -> Response:
        """Have a browser show a page, and return what it shows.

        Raises:
            DownloadCancelledError: It is larger than the limit.
        """
        async with self._opening:
            if self._browser is None:
                self._browser = await open_browser(self._crawler)
        response = await self._browser.download_request(request)
        if 0 < self._default_maxsize < len(response.body):
            raise DownloadCancelledError(f"{request.url} is larger than the limit once rendered")
        return response


async def open_browser(crawler: Crawler) -> HTTP11DownloadHandler:
    """Return scrapy-playwright's handler, started; only sources that need a browser pay for one.

    Raises:
        ImportError: The `browser` extra is not installed.
    """
    kind = importlib.import_module("scrapy_playwright.handler").ScrapyPlaywrightDownloadHandler
    handler: HTTP11DownloadHandler = kind(crawler)
    # The handler starts itself with the engine, which runs already.
    await kind._maybe_launch_in_thread(handler)  # noqa: SLF001
    return handler


def tls_of(request: Request) -> Tls:
    """Return what the TLS of a request's host needs, as its source says; strict for all other hosts."""
    is_own = host_of(request.url) == request.meta.get("own_host")
    return Tls(request.meta.get("tls", Tls.STRICT)) if is_own else Tls.STRICT
