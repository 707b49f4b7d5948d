"""An article put together from several answers: its page, the pages that follow, and the file of a cover notice.

Pure but for the extractor: it says what to ask for next, and takes in what came. Bounded in pages, files and text; no
address is asked for twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.documents import find_document_numbers
from core.errors import DecodeError
from core.item import BodyOrigin, DocumentFacts, PageMark
from crawler.decode import decode
from crawler.files.reading import is_file, is_readable_name, read_file
from crawler.pages.dom import parse_page
from crawler.pages.further import MAX_PAGES, further_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.item import Article, Attachment

MAX_FILES = 2
"""Files of one article that are read: the document itself and its annex."""
COVER_TEXT = 400
"""Characters of a notice up to which its document is in a file: `现将……印发给你们`, signature and list of files. The
State Council's own covers have 60 to 250."""
_MAX_TEXT = 400_000
_FORM = re.compile(
    r"申请表|申报书|申报表|报名表|回执|登记表|汇总表|推荐表|意见表|反馈表|承诺书|模板|application form|template",
    re.IGNORECASE,
)
"""Files to fill in rather than to read."""


class PartKind(StrEnum):
    """What a further answer holds."""

    PAGE = "page"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One more thing to ask for."""

    url: str
    kind: PartKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An article as far as it has come."""

    article: Article
    waiting: tuple[Part, ...] = ()
    """What to ask for, in this order; empty when it is done."""
    asked: frozenset[str] = frozenset()
    """Addresses that were asked for or are waiting."""
    encoding: str = ""
    """Charset that its source is configured with."""

    @property
    def next(self) -> Part | None:
        """What to ask for next; None when the article is done."""
        return self.waiting[0] if self.waiting else None


def begin(article: Article, body: bytes, *, content_type: str, encoding: str = "") -> Whole:
    """Return an article with what it waits for: its further pages, or the files of a cover notice.

    Args:
        article: As read from its page.
        body: The page.
        content_type: The Content-Type header, empty when there was none.
        encoding: Charset that its source is configured with, empty for none.
    """
    whole = Whole(article=article, asked=frozenset({article.url}), encoding=encoding)
    if article.page_problem is not None or is_file(body):
        return whole
    whole = _with_links(whole, body, content_type=content_type)
    return whole if whole.waiting else _with_files(whole)


def with_page(whole: Whole, page: Article, body: bytes, *, content_type: str) -> Whole:
    """Take in the page that was asked for; one that says nothing new ends the article there.

    Args:
        whole: What it belongs to.
        page: As read from its bytes.
        body: The page.
        content_type: The Content-Type header, empty when there was none.
    """
    text = page.text.strip()
    article = whole.article
    if page.page_problem is not None or page.body_origin is not BodyOrigin.PAGE:
        return without(whole)
    if not text or text in article.text:
        return replace(whole, waiting=())
    facts = article.facts or DocumentFacts()
    known = {file.url for file in article.attachments}
    joined = replace(
        article,
        text=f"{article.text}\n{text}"[:_MAX_TEXT],
        document_numbers=tuple(dict.fromkeys([*article.document_numbers, *page.document_numbers])),
        attachments=(*article.attachments, *(file for file in page.attachments if file.url not in known)),
        facts=replace(facts, pages=facts.pages + 1),
    )
    return _with_links(replace(whole, article=joined, waiting=whole.waiting[1:]), body, content_type=content_type)


def with_file(whole: Whole, body: bytes) -> Whole:
    """Take in the file that was asked for: its text behind the notice's own, or the mark that says why not."""
    found = read_file(body)
    article = whole.article
    if found.text:
        numbers = dict.fromkeys([*article.document_numbers, *find_document_numbers(found.text)])
        text = f"{article.text}\n{found.text}".strip()[:_MAX_TEXT]
        article = replace(article, text=text, document_numbers=tuple(numbers), body_origin=BodyOrigin.PAGE)
    article = replace(article, facts=with_marks(article.facts, found.mark))
    return replace(whole, article=article, waiting=whole.waiting[1:])


def without(whole: Whole) -> Whole:
    """Note that what was asked for could not be had; pages after a missing one are not asked for."""
    part = whole.waiting[0]
    is_page = part.kind is PartKind.PAGE
    mark = PageMark.PAGES_MISSING if is_page else PageMark.FILE_MISSING
    article = replace(whole.article, facts=with_marks(whole.article.facts, mark))
    return replace(whole, article=article, waiting=() if is_page else whole.waiting[1:])


def with_marks(facts: DocumentFacts | None, *marks: PageMark) -> DocumentFacts:
    """Return facts with more marks, each once and in their order."""
    known = facts or DocumentFacts()
    return replace(known, marks=tuple(mark for mark in PageMark if mark in {*known.marks, *marks}))


def _with_links(whole: Whole, body: bytes, *, content_type: str) -> Whole:
    """Add the further pages that a page links, as many as one article may have."""
    try:
        root = parse_page(decode(body, content_type=content_type, override=whole.encoding).text)
    except DecodeError:
        return whole
    found = () if root is None else further_pages(root, url=whole.article.url)
    fresh = [url for url in found if url not in whole.asked]
    room = MAX_PAGES - len(whole.asked)
    article = whole.article
    if len(fresh) > room:
        article = replace(article, facts=with_marks(article.facts, PageMark.PAGES_MISSING))
    parts = [Part(url=url, kind=PartKind.PAGE) for url in fresh[: max(0, room)]]
    asked = whole.asked.union(part.url for part in parts)
    return replace(whole, article=article, waiting=(*whole.waiting, *parts), asked=asked)


def _with_files(whole: Whole) -> Whole:
    article = whole.article
    documents = [file for file in article.attachments if not _FORM.search(file.name)]
    if len(article.text) > COVER_TEXT or article.body_origin is BodyOrigin.LIST or not documents:
        return whole
    readable = list(_readable(documents))[:MAX_FILES]
    if not readable:
        return replace(whole, article=replace(article, facts=with_marks(article.facts, PageMark.FILE_UNSUPPORTED)))
    parts = tuple(Part(url=file.url, kind=PartKind.FILE) for file in readable)
    return replace(whole, waiting=parts, asked=whole.asked.union(part.url for part in parts))


def _readable(files: Iterable[Attachment]) -> Iterable[Attachment]:
    return (file for file in files if is_readable_name(urlsplit(file.url).path) or is_readable_name(file.name))
