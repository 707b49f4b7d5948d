"""What a list says (`Entry`), what a page says (`Article`), and what is kept of both (`Item`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.classification import Classification
    from core.outcome import Answer
    from core.source import SourceId

ItemId = NewType("ItemId", int)
StoryId = NewType("StoryId", int)


class DatePrecision(StrEnum):
    """How much of a date was given."""

    MINUTE = "minute"
    DAY = "day"


class DateOrigin(StrEnum):
    """Where a publish time was read, from the most to the least trusted."""

    SELECTOR = "selector"
    JSON_LD = "json-ld"
    META = "meta"
    TEXT = "text"
    LIST = "list"
    """The list or feed entry."""
    URL = "url"
    FIRST_SEEN = "first-seen"
    """None was given, or it lay in the future; this is when Hongtou first saw the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When something was published, as far as can be told."""

    at: datetime
    """Aware UTC. A day without a time is midnight in the source's zone."""
    precision: DatePrecision
    origin: DateOrigin
    raw: str = ""
    """The characters it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a page offers."""

    url: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a list or feed, as the source gave it."""

    source_id: SourceId
    url: str
    """Absolute address of the article; empty when the row has none."""
    title: str
    """Plain text on one line, entities resolved."""
    guid: str | None = None
    summary: str = ""
    """Plain text; paragraphs separated by newlines."""
    text: str = ""
    """Plain text of the whole article when the list carries it."""
    published: Published | None = None
    author: str = ""
    issuer: str = ""
    """Issuing organ, where the list names it for each document."""
    document_numbers: tuple[str, ...] = ()
    """Numbers of the document, where the list prints them."""
    facts: DocumentFacts | None = None
    """What the list says of a document besides; None when it says nothing of that kind."""


class BodyOrigin(StrEnum):
    """Where an article's text came from."""

    PAGE = "page"
    LIST = "list"
    """The feed's or list's own text, because the page was not needed or could not be had."""
    NONE = "none"
    """There is only a title."""


class Validity(StrEnum):
    """Whether a document is in force, as its page says (有效性, 效力状态, 已废止)."""

    EFFECTIVE = "effective"
    AMENDED = "amended"
    NOT_YET = "not-yet"
    """Issued, but not in force yet."""
    ABOLISHED = "abolished"
    """Abolished, repealed or expired."""


class PageMark(StrEnum):
    """What is particular about the page that an article was read from."""

    IMAGES_ONLY = "images-only"
    """Its text is in pictures, which are not read."""
    FILES_ONLY = "files-only"
    """There is no text on it but files to open."""
    FILE_TEXT = "file-text"
    """Text of an attached file is part of the article."""
    FILE_UNSUPPORTED = "file-unsupported"
    """The attached document is of a kind that is not read: OFD, WPS, DOC, a scan."""
    FILE_MISSING = "file-missing"
    """The attached document could not be had, or was damaged or too large."""
    PAGES_MISSING = "pages-missing"
    """Some of its further pages could not be had, or there are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What the page's own table says of a document, and what is particular about the page; any part may be empty."""

    index_number: str = ""
    """索引号."""
    topic_class: str = ""
    """主题分类, as printed."""
    written_on: date | None = None
    """成文日期, in the source's zone."""
    effective_on: date | None = None
    """施行日期: the day from which it is in force."""
    ends_on: date | None = None
    """失效日期 or 废止日期: the day from which it is not."""
    validity: Validity | None = None
    """None when the page does not say."""
    pages: int = 1
    """How many pages were joined to the article."""
    marks: tuple[PageMark, ...] = ()
    """Each once, in the order of `PageMark`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as read from its page, or from its entry when there is no page."""

    url: str
    """The address after redirects."""
    title: str
    text: str
    """Plain text, paragraphs separated by one newline; boilerplate removed."""
    language: str
    """`zh`, `zh-Hant`, `en` or another ISO 639-1 code, judged from the text."""
    published: Published | None = None
    author: str = ""
    issuer: str = ""
    """Issuing organ (发文机关) of a government document; else empty."""
    document_numbers: tuple[str, ...] = ()
    """Of this document itself first, e.g. 沪府办发〔2023〕10号."""
    attachments: tuple[Attachment, ...] = ()
    body_origin: BodyOrigin = BodyOrigin.PAGE
    page_problem: Answer | None = None
    """Why the page could not be had, when the body is the list's own text because of that."""
    facts: DocumentFacts | None = None
    """None when the page tells nothing of that kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One stored article, in its newest revision."""

    id: ItemId
    source_id: SourceId
    url: str
    canonical_url: str
    guid: str | None
    title: str
    text: str
    summary: str
    language: str
    published: Published
    first_seen_at: datetime
    updated_at: datetime
    author: str = ""
    issuer: str = ""
    document_numbers: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    body_origin: BodyOrigin = BodyOrigin.PAGE
    page_problem: Answer | None = None
    page_attempts: int = 0
    content_hash: str = ""
    entry_hash: str = ""
    """Hash of the list's own words about it, to notice an edited title or summary without fetching the page."""
    revision: int = 1
    baseline: bool = False
    """True for what was there already at the first sync, older than the configured age: never alerted."""
    story_id: StoryId | None = None
    """The event that it tells; None until it is linked."""
    classification: Classification | None = None
    """None while it waits to be classified, or when classification failed and is to be tried again."""
    also_seen: tuple[SourceId, ...] = field(default=())
    """Other sources whose lists led to the same address."""
    facts: DocumentFacts | None = None
    """What its page says of the document."""
