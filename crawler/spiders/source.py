"""What the spiders of all kinds share: the way to a list, and the pages it leads to. It knows nothing of formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import CloseSpider

from core.errors import ConfigError
from crawler.addresses import host_of
from crawler.archive import crawled_page
from crawler.byhand import services_by_hand, shipped_poll
from crawler.failures import classify_failure
from crawler.items import FoundArticle
from crawler.reading import read_part, read_whole, received
from crawler.spiders.walk import PAGE_ACCEPT, ListWalk, error_of, request_headers, request_meta, without_page
from crawler.whole import without

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from core.item import Entry
    from crawler.polls import PollRun
    from crawler.services import Services
    from crawler.whole import Whole

PART_PRIORITY = 5
"""Above other articles' pages, so that an article that is begun is done before the poll's time is up; below lists."""


class SourceSpider(ListWalk):
    """Polls sources of one kind.

    By hand it polls one source of the shipped catalogue and stores nothing; in the daemon a `WatchSpider` feeds it.
    """

    def __init__(self, source: str = "", *, services: Services | None = None, **kwargs: str) -> None:
        """Make a spider.

        Args:
            source: Id of the one source to poll by hand.
            services: What to work through; None to work by hand.
            kwargs: Further spider arguments, kept as attributes.
        """
        super().__init__(**kwargs)
        self.services = services or services_by_hand()
        self._source_id = source

    async def start(self) -> AsyncIterator[Request]:
        """Poll the one source that was named.

        Raises:
            CloseSpider: No source was named, or none of this kind has that id; the reason is logged.
        """
        try:
            poll = shipped_poll(self._source_id, self.kind, now=self.services.clock.now())
        except ConfigError as error:
            self.logger.error(str(error))  # noqa: TRY400 (the message is meant for a person)
            raise CloseSpider("no such source") from error
        yield self.list_request(self.services.polls.open(poll))

    def page_request(self, run: PollRun, entry: Entry) -> Request:
        """Return the request for an entry's page.

        Raises:
            ValueError: The entry's link is no address.
        """
        return Request(
            entry.url,
            callback=self.parse_page,
            errback=self.page_failed,
            headers=request_headers(run.poll.source, PAGE_ACCEPT),
            meta=request_meta(run),
            cb_kwargs={"run": run, "entry": entry},
            dont_filter=True,
        )

    async def parse_page(self, response: Response, run: PollRun, entry: Entry) -> AsyncIterator[Request | FoundArticle]:
        """Read an article from its page, and ask for what it waits for: further pages, the file of a cover notice."""
        if not run.over:
            whole = await self.services.offload.run(
                read_whole, self.services.extractor, received(response), source=run.poll.source, entry=entry
            )
            self._keep(run, response, entry)
            yield self._rest_or_article(run, entry, whole)

    def _keep(self, run: PollRun, response: Response, entry: Entry) -> None:
        """Hold a page until its item is judged, when pages of flagged items are archived."""
        if self.services.archive is not None:
            now = self.services.clock.now()
            run.kept[entry.url] = crawled_page(response, requested_url=entry.url, now=now)

    async def parse_part(
        self, response: Response, run: PollRun, entry: Entry, whole: Whole
    ) -> AsyncIterator[Request | FoundArticle]:
        """Take in a further page or file of an article."""
        if not run.over:
            more = await self.services.offload.run(
                read_part,
                self.services.extractor,
                received(response),
                source=run.poll.source,
                entry=entry,
                whole=whole,
            )
            yield self._rest_or_article(run, entry, more)

    async def page_failed(self, failure: Failure) -> AsyncIterator[FoundArticle]:
        """Keep an entry whose page could not be had, with the list's own text."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        run: PollRun = request.cb_kwargs["run"]
        if not run.over:
            problem, _ = classify_failure(error_of(failure), host=host_of(request.url))
            yield without_page(run, request.cb_kwargs["entry"], problem)

    async def part_failed(self, failure: Failure) -> AsyncIterator[Request | FoundArticle]:
        """Go on without a further page or file that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        run: PollRun = request.cb_kwargs["run"]
        if not run.over:
            yield self._rest_or_article(run, request.cb_kwargs["entry"], without(request.cb_kwargs["whole"]))

    def _rest_or_article(self, run: PollRun, entry: Entry, whole: Whole) -> Request | FoundArticle:
        """Return the request for what an article waits for next, or the article when it is done."""
        while whole.next is not None:
            try:
                return self._part_request(run, entry, whole, url=whole.next.url)
            except ValueError:  # no address
                whole = without(whole)
        return FoundArticle(run=run, entry=entry, article=whole.article)

    def _part_request(self, run: PollRun, entry: Entry, whole: Whole, *, url: str) -> Request:
        return Request(
            url,
            callback=self.parse_part,
            errback=self.part_failed,
            headers=request_headers(run.poll.source, PAGE_ACCEPT),
            meta=request_meta(run),
            cb_kwargs={"run": run, "entry": entry, "whole": whole},
            priority=PART_PRIORITY,
            dont_filter=True,
        )
