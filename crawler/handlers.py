"""The HTTP download handler, with downloads that end with the poll they belong to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.failures import PollOverError
from crawler.polls import PollRun

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class PollBoundHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1 and breaks a download off when its poll is over, so that no host holds the loop."""

    lazy = False

    async def download_request(self, request: Request) -> Response:
        """Download one request.

        Raises:
            PollOverError: Its poll is over; what came so far is thrown away.
        """
        run = request.meta.get("run")
        if not isinstance(run, PollRun):
            return await super().download_request(request)
        if run.over:
            raise PollOverError("the poll is over")
        task = asyncio.ensure_future(super().download_request(request))
        run.downloads.add(task)
        try:
            return await task
        except asyncio.CancelledError as error:
            # Scrapy frees a slot for exceptions only, not for cancellations.
            raise PollOverError("the poll is over") from error
        finally:
            run.downloads.discard(task)
