"""Sends the lists of sources that say `render` through a browser, or skips them when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.failures import NoBrowserError
from crawler.polls import PollRun
from crawler.rendering import page_methods, why_no_browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.crawler import Crawler


class Rendering:
    """Marks list requests for the browser; pages of articles are asked for without."""

    def __init__(self, *, why_not: Callable[[], str]) -> None:
        """Set up the middleware.

        Args:
            why_not: Says why there is no browser; empty when there is. Asked every time, as one may be installed.
        """
        self._why_not = why_not

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Rendering:
        """Build it; with HONGTOU_PROXY there is no browser, as it would go past the proxy."""
        if crawler.settings.get("HONGTOU_PROXY"):
            return cls(why_not=lambda: "needs a browser, which would not go through crawl.proxy")
        return cls(why_not=why_no_browser)

    def process_request(self, request: Request) -> None:
        """Mark a request, or skip it before anybody is contacted.

        Raises:
            NoBrowserError: Its source needs a browser, and there is none.
        """
        run = request.meta.get("run")
        if not isinstance(run, PollRun) or not run.poll.source.render or "entry" in request.cb_kwargs:
            return
        reason = self._why_not()
        if reason:
            raise NoBrowserError(f"skipped: {run.poll.source.id} {reason}")
        request.meta.setdefault("playwright", True)
        request.meta.setdefault("playwright_page_methods", page_methods())
