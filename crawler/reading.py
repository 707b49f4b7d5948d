"""From one answer of a server to a list or an article: classify, then parse. Safe in any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from core.errors import DecodeError, ListParseError, ParseError
from core.hashing import body_hash
from core.item import BodyOrigin
from core.listing import Listing
from core.outcome import Answer
from core.source import SourceKind
from crawler import hints
from crawler.addresses import host_of
from crawler.answers import Expected, classify_answer
from crawler.dialects import DIALECTS, Ask, Page
from crawler.fields import absolute_link
from crawler.files.from_entry import article_from_file
from crawler.files.reading import is_file
from crawler.lists import parse_list
from crawler.lists.identity import with_sound_identity
from crawler.lists.row import ListContext, to_entry
from crawler.lists.sitemap import unpacked
from crawler.pages.from_entry import article_from_entry
from crawler.pages.index_page import IndexPageError
from crawler.pageshape import ENOUGH
from crawler.whole import PartKind, Whole, begin, with_file, with_page, without

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scrapy.http import Response

    from core.item import Article, Entry
    from core.ports import Extractor
    from core.source import Source, SourceState
    from crawler.dialects import Dialect

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
    needs: tuple[Ask, ...] = ()
    """What has to be asked for besides, or instead when there is no listing."""
    following: Ask | None = None
    """The next page of the list, where there may be one."""


def read_list(
    source: Source,
    state: SourceState,
    answer: Received,
    *,
    expected: Expected,
    now: datetime,
    ask: Ask | None = None,
) -> ReadList:
    """Read a source's list, or one answer on the way to it.

    Args:
        source: Whose list it is.
        state: What is remembered of it: the very same body as the last time is not read again.
        answer: What the server sent.
        expected: What was asked for.
        now: The present, aware UTC.
        ask: What the answer answers; None for a request for the source's own address.

    Returns:
        The class of the answer, with validators and body hash in its listing.
    """
    ask = ask or Ask(url=source.url, expected=expected)
    digest = body_hash(answer.body)
    if answer.status == 200 and digest == state.body_hash and ask.number == 1 and not ask.shared:
        return ReadList(answer=Answer.NOT_MODIFIED)
    try:
        read = _judged(source, ask, _unpacked(source, answer), now)
    except ParseError as error:
        return ReadList(answer=_answer_of(error), detail=str(error))
    if read.listing is None:
        return read
    listing = replace(read.listing, validators=hints.validators(answer.headers), body_hash=digest)
    return replace(read, detail=_moved(ask.url, answer.url), listing=listing)


def _unpacked(source: Source, answer: Received) -> Received:
    """Undo the gzip that is a sitemap's own, not its transport's."""
    if source.kind is not SourceKind.SITEMAP or answer.status != 200:
        return answer
    return replace(answer, body=unpacked(answer.body, answer.url))


def _judged(source: Source, ask: Ask, answer: Received, now: datetime) -> ReadList:
    """Read an answer that is worth it.

    A page of a dialect may show next to nothing, because its rows stand in scripts or come from elsewhere: it is a
    list, or the way to one, if it can be read as such.
    """
    kind, detail = classify(answer, ask.expected)
    dialect = DIALECTS.get(source.kind)
    if kind is Answer.OK:
        return _read_dialect(dialect, source, ask, answer, now) if dialect else _read_plain(source, answer, now)
    failed = ReadList(answer=kind, detail=detail)
    if kind is not Answer.SOFT_404 or dialect is None:
        return failed
    try:
        read = _read_dialect(dialect, source, ask, answer, now)
    except ParseError:
        return failed
    return read if read.answer is Answer.OK else failed


def _read_plain(source: Source, answer: Received, now: datetime) -> ReadList:
    listing = parse_list(source, answer.body, url=answer.url, content_type=answer.content_type, now=now)
    if listing.skipped and not listing.entries:
        raise ListParseError(f"none of {listing.skipped} rows has a title or a link", url=answer.url)
    return ReadList(answer=Answer.OK, listing=listing) if listing.entries else _NO_ROW


def _read_dialect(dialect: Dialect, source: Source, ask: Ask, answer: Received, now: datetime) -> ReadList:
    reading = dialect.read(source, ask, Page(url=answer.url, body=answer.body, content_type=answer.content_type))
    context = ListContext(source=source, url=reading.base or answer.url, now=now, url_dates=True)
    found = [to_entry(row, context) for row in reading.rows]
    entries = with_sound_identity(entry for entry in found if entry and entry.url and entry.title)
    if found and not entries:
        raise ListParseError(f"none of {len(found)} rows has both a title and a link", url=answer.url)
    needs = tuple(need for need in reading.needs if absolute_link(need.url, need.url))
    if not entries:
        return ReadList(answer=Answer.OK, needs=needs) if needs else _NO_ROW
    listing = Listing(entries=entries, degraded=reading.degraded, skipped=len(found) - len(entries))
    following = reading.following
    if following is not None and not absolute_link(following.url, following.url):
        following = None
    return ReadList(answer=Answer.OK, listing=listing, needs=needs, following=following)


_NO_ROW = ReadList(answer=Answer.EMPTY, detail="a list without a row")


def read_page(extractor: Extractor, answer: Received, *, source: Source, entry: Entry) -> Article:
    """Read an entry's article from its page, or from the entry when there is none on the page.

    An answer that is a PDF or DOCX file is read as the article itself. A page that shows nothing but carries its
    article as data for a script is read from that.

    Args:
        extractor: Reads articles.
        answer: What the server sent.
        source: Where the entry was listed.
        entry: What the list said.
    """
    if answer.status == 200 and is_file(answer.body):
        return article_from_file(entry, answer.body, url=answer.url, source=source)
    kind, _ = classify(answer, Expected.PAGE)
    if kind not in (Answer.OK, Answer.SOFT_404):
        return article_from_entry(entry, source=source, problem=kind)
    try:
        article = extractor.extract(
            answer.body, url=answer.url, content_type=answer.content_type, source=source, entry=entry
        )
    except ParseError as error:
        problem = _answer_of(error) if kind is Answer.OK else kind
        return article_from_entry(entry, source=source, problem=problem)
    except Exception:  # a page that breaks the extractor would break it every time: its item is kept without it
        log.exception("extractor failed", url=answer.url, source=source.id)
        return article_from_entry(entry, source=source, problem=Answer.CRASHED)
    if kind is Answer.OK or _is_carried(article):
        return article
    return article_from_entry(entry, source=source, problem=kind)


def read_whole(extractor: Extractor, answer: Received, *, source: Source, entry: Entry) -> Whole:
    """Read an entry's article with what it still waits for; the arguments are those of `read_page`."""
    article = read_page(extractor, answer, source=source, entry=entry)
    return begin(article, answer.body, content_type=answer.content_type, encoding=source.encoding)


def read_part(extractor: Extractor, answer: Received, *, source: Source, entry: Entry, whole: Whole) -> Whole:
    """Take in the answer to what an article waited for; the other arguments are those of `read_page`.

    Args:
        extractor: Reads articles.
        answer: What the server sent.
        source: Where the entry was listed.
        entry: What the list said.
        whole: What the answer is a part of.
    """
    part = whole.next
    if part is not None and part.kind is PartKind.FILE:
        return with_file(whole, answer.body) if 200 <= answer.status < 300 else without(whole)
    # The list's title and time are the first page's; without them a further page is judged by itself.
    page = read_page(extractor, answer, source=source, entry=replace(entry, title="", text="", summary=""))
    return with_page(whole, page, answer.body, content_type=answer.content_type)


def _is_carried(article: Article) -> bool:
    """Whether a page that shows next to nothing gave an article all the same: more than such a page can show."""
    return article.body_origin is BodyOrigin.PAGE and len(article.text) >= ENOUGH


def _answer_of(error: ParseError) -> Answer:
    if isinstance(error, DecodeError):
        return Answer.DECODE
    if isinstance(error, IndexPageError):
        return Answer.SOFT_404
    return Answer.SELECTOR_BROKEN if isinstance(error, ListParseError) else Answer.PARSE


def _moved(asked: str, answered: str) -> str:
    """Say that a list came from another host, or without TLS, for the record; empty when it did not."""
    if host_of(asked) != host_of(answered):
        return f"redirected to {host_of(answered)}"
    if asked.startswith("https:") and answered.startswith("http:"):
        return "redirected from https to http"
    return ""
