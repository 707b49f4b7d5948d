"""Ends polls whose callbacks or pipelines crashed, so that a bug in one place leaves no poll open for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals

from core.outcome import Answer
from crawler.items import FoundArticle
from crawler.polls import OpenPolls, PollRun
from crawler.services import services_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure


class StrayFaults:
    """Listens for what Scrapy could only log. The traceback is in the log already."""

    def __init__(self, polls: OpenPolls) -> None:
        self._polls = polls

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StrayFaults:
        """Build it with the polls of the crawler's spider."""
        extension = cls(services_of(crawler).polls)
        crawler.signals.connect(extension.spider_error, signals.spider_error)
        crawler.signals.connect(extension.item_error, signals.item_error)
        return extension

    def spider_error(self, failure: Failure, response: Response | Failure) -> None:
        """End the poll of a list whose callback crashed; count the entry of a page whose callback did as failed."""
        request = getattr(response, "request", None)
        if request is None:
            return
        run = request.meta.get("run")
        if not isinstance(run, PollRun) or run.over:
            return
        fault = _fault(failure)
        if "entry" in request.cb_kwargs:
            run.failed(fault)
        else:
            run.awaited = 0
            run.fault = fault
            run.answer = run.answer or Answer.CRASHED
        self._polls.settle_soon(run)

    def item_error(self, item: object, failure: Failure) -> None:
        """Count an article whose pipeline crashed as failed."""
        if isinstance(item, FoundArticle) and not item.run.over:
            item.run.failed(_fault(failure))
            self._polls.settle_soon(item.run)


def _fault(failure: Failure) -> str:
    return f"{type(failure.value).__name__}: {failure.value}"
