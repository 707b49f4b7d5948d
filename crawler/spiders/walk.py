"""The way to a source's list: requests, answers, other addresses, further pages. It knows no format and no dialect."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from scrapy import Request, Spider

from core.decide import Intent
from core.errors import StorageError
from core.outcome import Answer
from crawler import hints
from crawler.addresses import host_of
from crawler.answers import Expected
from crawler.dialects import DIALECTS, Ask
from crawler.failures import classify_failure
from crawler.instances import as_from
from crawler.items import FoundArticle
from crawler.pages.from_entry import article_from_entry
from crawler.reading import ReadList, read_list, received
from crawler.source_meta import source_meta

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from core.item import Entry
    from core.listing import Listing
    from core.source import Source, SourceId, SourceKind
    from crawler.gathering import Gathering
    from crawler.polls import PollRun
    from crawler.services import Services

LIST_PRIORITY = 10
"""Above pages, so that a short list does not wait behind another source's forty pages on the same host."""
WAY_LASTS = timedelta(days=1)
"""How long the ids of a column page are believed without a look at it; they are looked up sooner when they fail."""
MOST_TRIES = 3
"""Polls that try to have a further page which an earlier one could not have."""
PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT = {Expected.JSON: "application/json,text/javascript;q=0.9,*/*;q=0.5", Expected.LISTING: PAGE_ACCEPT}
_LANGUAGES = {"zh": "zh-CN,zh;q=0.9,en;q=0.5", "zh-Hant": "zh-HK,zh-TW;q=0.9,zh;q=0.8,en;q=0.5"}


class ListWalk(Spider):
    """The half of a spider that reads lists; the other half reads pages."""

    kind: ClassVar[SourceKind]
    expected: ClassVar[Expected]
    accept: ClassVar[str]
    """Accept header of list requests."""
    services: Services

    def __init__(self, **kwargs: str) -> None:
        """Make a spider; arguments are those of `scrapy.Spider`."""
        super().__init__(**kwargs)
        self._owed: dict[SourceId, tuple[int, int]] = {}
        self._ways: dict[SourceId, tuple[Source, Ask | None, datetime]] = {}

    @abstractmethod
    def page_request(self, run: PollRun, entry: Entry) -> Request:
        """Return the request for an entry's page.

        Raises:
            ValueError: The entry's link is no address.
        """

    def list_request(self, run: PollRun) -> Request:
        """Return the first request for a source's list, conditional if there are validators."""
        source = run.poll.source
        run.gathering.owed = self._owed.get(source.id, (0, 0))[0]
        way = self._way(run)
        run.gathering.is_short = way is not None
        request = self._asking(run, way or self._first(source, source.url))
        if not source.form and way is None:
            request.headers.update(hints.conditions(run.poll.state.validators))
        return request

    def _way(self, run: PollRun) -> Ask | None:
        """Return what a recent poll found the list by; None when it was by what is asked for anyway."""
        source = run.poll.source
        known, ask, since = self._ways.get(source.id, (source, None, run.poll.started_at))
        is_fresh = known == source and run.poll.started_at - since < WAY_LASTS
        return ask if is_fresh else None

    def _remember(self, run: PollRun, ask: Ask) -> None:
        """Remember the way to a list that took more than one step, for the polls of a day."""
        gathering, source = run.gathering, run.poll.source
        is_way = ask.number == 1 and not ask.shared and not gathering.tried and not gathering.pages
        if is_way and gathering.answers > 1:
            self._ways[source.id] = source, ask, run.poll.started_at

    def _first(self, source: Source, url: str) -> Ask:
        dialect = DIALECTS.get(source.kind)
        return dialect.first(replace(source, url=url)) if dialect else Ask(url=url, expected=self.expected)

    def _asking(self, run: PollRun, ask: Ask) -> Request:
        source = run.poll.source
        accept = self.accept if ask.expected is self.expected else _ACCEPT.get(ask.expected, self.accept)
        headers = request_headers(source, accept)
        if ask.referer:
            headers["Referer"] = ask.referer
        if source.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            ask.url,
            callback=self.parse_list,
            errback=self.list_failed,
            method="POST" if source.form else "GET",
            headers=headers,
            body=urlencode(source.form).encode(),
            meta=request_meta(run),
            cb_kwargs={"run": run, "ask": ask},
            priority=LIST_PRIORITY,
            dont_filter=True,
        )

    async def parse_list(self, response: Response, run: PollRun, ask: Ask) -> AsyncIterator[Request | FoundArticle]:
        """Read an answer on the way to a list, and yield what is to be done next."""
        if run.over:
            return
        read = await self._read(response, run, ask)
        if not run.over:
            for found in await self._go_on(run, ask, read):
                yield found
        await self.services.polls.settle(run)

    async def list_failed(self, failure: Failure) -> AsyncIterator[Request | FoundArticle]:
        """Note that an answer could not be had, and yield what is to be done next."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        run: PollRun = request.cb_kwargs["run"]
        if run.over:
            return
        answer, detail = classify_failure(error_of(failure), host=host_of(request.url))
        for found in await self._go_on(run, request.cb_kwargs["ask"], ReadList(answer=answer, detail=detail)):
            yield found
        await self.services.polls.settle(run)

    async def _read(self, response: Response, run: PollRun, ask: Ask) -> ReadList:
        answer, now = received(response), self.services.clock.now()
        run.answered(status=answer.status, size_bytes=len(answer.body))
        run.retry_after = hints.retry_after(answer.headers, now=now) or run.retry_after
        source = replace(run.poll.source, url=run.gathering.origin)
        read = await self.services.offload.run(
            read_list, source, run.poll.state, answer, expected=self.expected, now=now, ask=ask
        )
        if read.listing is None:
            return read
        listing = as_from(read.listing, source.url, run.poll.source.url)
        return replace(read, listing=replace(listing, ttl=listing.ttl or self.ttl_of(answer.headers)))

    def ttl_of(self, headers: Mapping[str, str]) -> timedelta | None:
        """Return the wait that an answer's headers ask for when the list itself asks for none."""
        del headers
        return None

    async def _go_on(self, run: PollRun, ask: Ask, read: ReadList) -> list[Request | FoundArticle]:
        """Return what is to be done after an answer: the next request of the list, or all that the list leads to."""
        gathering = run.gathering
        failed = gathering.take(ask, read)
        if gathering.waiting:
            return [self._asking(run, gathering.waiting.popleft())]
        if failed is None:
            self._remember(run, ask)
            return await self._close_page(run)
        if gathering.pages:
            gathering.end_pages(*failed)
            return self._finish(run)
        if gathering.forget_way(failed[0]):
            self._ways.pop(run.poll.source.id, None)
            return [self._asking(run, self._first(run.poll.source, run.poll.source.url))]
        fallback = gathering.next_fallback(*failed)
        if fallback:
            return [self._asking(run, self._first(run.poll.source, fallback))]
        run.ended(*gathering.first_failure(*failed))
        return []

    async def _close_page(self, run: PollRun) -> list[Request | FoundArticle]:
        """Decide about the pages read so far; ask for the next one, or hand over what they lead to."""
        gathering = run.gathering
        if not gathering.close_page():
            return self._finish(run)
        if gathering.is_unchanged:
            run.ended(Answer.NOT_MODIFIED)
            return []
        listing = gathering.whole()
        try:
            gathering.plan = await self.services.intake.plan(run.poll, listing)
        except StorageError as error:
            run.ended(Answer.CRASHED, f"not stored: {error}")
            return []
        self._note(run, listing)
        following = gathering.next_page()
        run.is_reading = following is not None
        return [self._asking(run, following)] if following else self._finish(run)

    def _finish(self, run: PollRun) -> list[Request | FoundArticle]:
        """Return what the list leads to: articles from its own words, and requests for pages."""
        gathering = run.gathering
        run.is_reading = False
        self._note(run, gathering.whole())
        run.detail = gathering.detail
        self._owe(gathering)
        found: list[Request | FoundArticle] = [
            without_page(run, entry, None) for entry in gathering.wanted(Intent.STORE)
        ]
        return [*found, *(self._page_or_entry(run, entry) for entry in gathering.wanted(Intent.FETCH))]

    def _owe(self, gathering: Gathering) -> None:
        """Remember a page that could not be had, for the polls to come."""
        source_id = gathering.poll.source.id
        _, tries = self._owed.pop(source_id, (0, 0))
        if gathering.cut and tries < MOST_TRIES:
            self._owed[source_id] = len(gathering.pages) + 1, tries + 1

    def _note(self, run: PollRun, listing: Listing) -> None:
        gathering = run.gathering
        pages, stores = len(gathering.wanted(Intent.FETCH)), len(gathering.wanted(Intent.STORE))
        run.planned(listing, awaited=pages + stores, pages=pages, deferred=len(gathering.wanted(Intent.DEFER)))

    def _page_or_entry(self, run: PollRun, entry: Entry) -> Request | FoundArticle:
        try:
            return self.page_request(run, entry)
        except ValueError:
            return without_page(run, entry, Answer.ADDRESS)


def without_page(run: PollRun, entry: Entry, problem: Answer | None) -> FoundArticle:
    """Return an entry as an article of the list's own words, with why its page could not be had, if it was wanted."""
    article = article_from_entry(entry, source=run.poll.source, problem=problem)
    return FoundArticle(run=run, entry=entry, article=article)


def request_meta(run: PollRun) -> dict[str, object]:
    """Return what middlewares and handler need to know of a request of a poll."""
    return {"run": run, **source_meta(run.poll.source)}


def request_headers(source: Source, accept: str) -> dict[str, str]:
    """Return the headers of any request of a poll."""
    language = _LANGUAGES.get(source.language, "en,zh;q=0.5")
    return {"Accept": accept, "Accept-Language": language}


def error_of(failure: Failure) -> BaseException:
    """Return what a request failed with."""
    return failure.value or RuntimeError("a failure without a cause")
