"""What the spiders of all kinds share: list, decisions, pages, items. It knows nothing of formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider

from core.decide import Intent
from core.errors import ConfigError, StorageError
from core.outcome import Answer
from crawler import hints
from crawler.addresses import host_of
from crawler.byhand import services_by_hand, shipped_poll
from crawler.failures import classify_failure
from crawler.items import FoundArticle
from crawler.pages.from_entry import article_from_entry
from crawler.reading import read_list, read_page, received

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import timedelta

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from core.item import Entry
    from core.listing import Listing
    from core.source import Source, SourceKind
    from crawler.answers import Expected
    from crawler.polls import PollRun
    from crawler.services import Services

LIST_PRIORITY = 10
"""Above pages, so that a short list does not wait behind another source's forty pages on the same host."""
_LANGUAGES = {"zh": "zh-CN,zh;q=0.9,en;q=0.5", "zh-Hant": "zh-HK,zh-TW;q=0.9,zh;q=0.8,en;q=0.5"}
_PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class SourceSpider(Spider):
    """Polls sources of one kind.

    By hand it polls one source of the shipped catalogue and stores nothing; in the daemon a `WatchSpider` feeds it.
    """

    kind: ClassVar[SourceKind]
    expected: ClassVar[Expected]
    accept: ClassVar[str]
    """Accept header of list requests."""

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

    def list_request(self, run: PollRun) -> Request:
        """Return the request for a source's list, conditional if there are validators."""
        source = run.poll.source
        headers = _base_headers(source, self.accept)
        body = urlencode(source.form).encode()
        if source.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        else:
            headers |= hints.conditions(run.poll.state.validators)
        return Request(
            source.url,
            callback=self.parse_list,
            errback=self.list_failed,
            method="POST" if source.form else "GET",
            headers=headers,
            body=body,
            meta=_meta(run),
            cb_kwargs={"run": run},
            priority=LIST_PRIORITY,
            dont_filter=True,
        )

    def page_request(self, run: PollRun, entry: Entry) -> Request:
        """Return the request for an entry's page.

        Raises:
            ValueError: The entry's link is no address.
        """
        return Request(
            entry.url,
            callback=self.parse_page,
            errback=self.page_failed,
            headers=_base_headers(run.poll.source, _PAGE_ACCEPT),
            meta=_meta(run),
            cb_kwargs={"run": run, "entry": entry},
            dont_filter=True,
        )

    async def parse_list(self, response: Response, run: PollRun) -> AsyncIterator[Request | FoundArticle]:
        """Read a list, have it decided about, and yield what is to be done."""
        if run.over:
            return
        listing = await self._read(response, run)
        if listing is not None and not run.over:
            for found in await self._plan(run, listing):
                yield found
        await self.services.polls.settle(run)

    async def list_failed(self, failure: Failure) -> None:
        """Note that a list could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        run: PollRun = request.cb_kwargs["run"]
        if not run.over:
            run.ended(*classify_failure(_error_of(failure), host=host_of(request.url)))
            await self.services.polls.settle(run)

    async def parse_page(self, response: Response, run: PollRun, entry: Entry) -> AsyncIterator[FoundArticle]:
        """Read an article from its page."""
        if not run.over:
            article = await self.services.offload.run(
                read_page, self.services.extractor, received(response), source=run.poll.source, entry=entry
            )
            yield FoundArticle(run=run, entry=entry, article=article)

    async def page_failed(self, failure: Failure) -> AsyncIterator[FoundArticle]:
        """Keep an entry whose page could not be had, with the list's own text."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        run: PollRun = request.cb_kwargs["run"]
        if not run.over:
            problem, _ = classify_failure(_error_of(failure), host=host_of(request.url))
            yield _without_page(run, request.cb_kwargs["entry"], problem)

    async def _read(self, response: Response, run: PollRun) -> Listing | None:
        """Return the list; None when there is none to decide about, which is noted then."""
        answer, now = received(response), self.services.clock.now()
        run.answered(status=answer.status, size_bytes=len(answer.body))
        run.retry_after = hints.retry_after(answer.headers, now=now)
        read = await self.services.offload.run(
            read_list, run.poll.source, run.poll.state, answer, expected=self.expected, now=now
        )
        if read.listing is None:
            run.ended(read.answer, read.detail)
            return None
        run.detail = read.detail
        ttl = read.listing.ttl or self.ttl_of(answer.headers)
        return replace(read.listing, ttl=ttl)

    def ttl_of(self, headers: Mapping[str, str]) -> timedelta | None:
        """Return the wait that an answer's headers ask for when the list itself asks for none."""
        del headers
        return None

    async def _plan(self, run: PollRun, listing: Listing) -> list[Request | FoundArticle]:
        try:
            plan = await self.services.intake.plan(run.poll, listing)
        except StorageError as error:
            run.ended(Answer.CRASHED, f"not stored: {error}")
            return []
        pages, stores = plan.of(Intent.FETCH), plan.of(Intent.STORE)
        run.planned(listing, awaited=len(pages) + len(stores), pages=len(pages), deferred=len(plan.of(Intent.DEFER)))
        found: list[Request | FoundArticle] = [_without_page(run, decision.entry, None) for decision in stores]
        found += [self._page_or_entry(run, decision.entry) for decision in pages]
        return found

    def _page_or_entry(self, run: PollRun, entry: Entry) -> Request | FoundArticle:
        try:
            return self.page_request(run, entry)
        except ValueError:
            return _without_page(run, entry, Answer.ADDRESS)


def _without_page(run: PollRun, entry: Entry, problem: Answer | None) -> FoundArticle:
    article = article_from_entry(entry, source=run.poll.source, problem=problem)
    return FoundArticle(run=run, entry=entry, article=article)


def _meta(run: PollRun) -> dict[str, object]:
    source = run.poll.source
    own_host = host_of(source.url)
    meta: dict[str, object] = {"run": run, "own_host": own_host, "own_headers": dict(source.headers), "tls": source.tls}
    if source.allow_private_addresses:
        meta["private_host"] = own_host
    return meta


def _base_headers(source: Source, accept: str) -> dict[str, str]:
    language = _LANGUAGES.get(source.language, "en,zh;q=0.5")
    return {"Accept": accept, "Accept-Language": language}


def _error_of(failure: Failure) -> BaseException:
    return failure.value or RuntimeError("a failure without a cause")
