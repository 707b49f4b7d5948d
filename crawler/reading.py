"""From one answer of a server to a list or an article: classify, then parse. Safe in any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from core.errors import DecodeError, ListParseError, ParseError
from core.hashing import body_hash
from core.outcome import Answer
from crawler import hints
from crawler.addresses import host_of
from crawler.answers import Expected, classify_answer
from crawler.lists import parse_list
from crawler.pages.from_entry import article_from_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scrapy.http import Response

    from core.item import Article, Entry
    from core.listing import Listing
    from core.ports import Extractor
    from core.source import Source, SourceState

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer as plain values."""

    url: str
    """The address after redirects."""
    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    """Decompressed, otherwise raw."""

    @property
    def content_type(self) -> str:
        """The Content-Type header, empty when there was none."""
        return self.headers.get("content-type", "")


def received(response: Response) -> Received:
    """Return the plain values of Scrapy's response."""
    return Received(
        url=response.url,
        status=response.status,
        headers=hints.plain_headers(response.headers.items()),
        body=response.body,
    )


def classify(answer: Received, expected: Expected) -> tuple[Answer, str]:
    """Return the class of an answer, and a sentence when it is no success."""
    return classify_answer(
        status=answer.status, headers=answer.headers, body=answer.body, url=answer.url, expected=expected
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What an answer to a list request was."""

    answer: Answer
    detail: str = ""
    listing: Listing | None = None
    """With an OK only, and never without an entry."""


def read_list(source: Source, state: SourceState, answer: Received, *, expected: Expected, now: datetime) -> ReadList:
    """Read a source's list.

    Args:
        source: Whose list it is.
        state: What is remembered of it: the very same body as the last time is not read again.
        answer: What the server sent.
        expected: What was asked for.
        now: The present, aware UTC.

    Returns:
        The class of the answer, with validators and body hash in its listing.
    """
    digest = body_hash(answer.body)
    if answer.status == 200 and digest == state.body_hash:
        return ReadList(answer=Answer.NOT_MODIFIED)
    kind, detail = classify(answer, expected)
    if kind is not Answer.OK:
        return ReadList(answer=kind, detail=detail)
    try:
        listing = parse_list(source, answer.body, url=answer.url, content_type=answer.content_type, now=now)
    except ParseError as error:
        return ReadList(answer=_answer_of(error), detail=str(error))
    if not listing.entries:
        return ReadList(answer=Answer.EMPTY, detail="a list without a row")
    listing = replace(listing, validators=hints.validators(answer.headers), body_hash=digest)
    return ReadList(answer=Answer.OK, detail=_moved(source.url, answer.url), listing=listing)


def read_page(extractor: Extractor, answer: Received, *, source: Source, entry: Entry) -> Article:
    """Read an entry's article from its page, or from the entry when there is none on the page.

    Args:
        extractor: Reads articles.
        answer: What the server sent.
        source: Where the entry was listed.
        entry: What the list said.
    """
    kind, _ = classify(answer, Expected.PAGE)
    if kind is not Answer.OK:
        return article_from_entry(entry, source=source, problem=kind)
    try:
        return extractor.extract(
            answer.body, url=answer.url, content_type=answer.content_type, source=source, entry=entry
        )
    except ParseError as error:
        return article_from_entry(entry, source=source, problem=_answer_of(error))
    except Exception:  # a page that breaks the extractor would break it every time: its item is kept without it
        log.exception("extractor failed", url=answer.url, source=source.id)
        return article_from_entry(entry, source=source, problem=Answer.CRASHED)


def _answer_of(error: ParseError) -> Answer:
    if isinstance(error, DecodeError):
        return Answer.DECODE
    return Answer.SELECTOR_BROKEN if isinstance(error, ListParseError) else Answer.PARSE


def _moved(asked: str, answered: str) -> str:
    """Say that a list came from another host, or without TLS, for the record; empty when it did not."""
    if host_of(asked) != host_of(answered):
        return f"redirected to {host_of(answered)}"
    if asked.startswith("https:") and answered.startswith("http:"):
        return "redirected from https to http"
    return ""
