"""Reads an article from the bytes of its page: the one object that the crawler asks, and the order of the steps."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.documents import find_document_numbers
from core.errors import DecodeError, ExtractionError
from core.item import Article, BodyOrigin, DocumentFacts
from core.language import detect_language
from core.source import ArticleSelectors
from crawler.decode import decode
from crawler.pages.attachments import find_attachments
from crawler.pages.blocks import page_lines, texts
from crawler.pages.body import choose_body, select_body, without_link_tail
from crawler.pages.cleaning import clean_lines
from crawler.pages.credits import find_author, find_issuer, find_numbers
from crawler.pages.dom import one_line, parse_page, remove, select, text_of
from crawler.pages.embedded import embedded_article
from crawler.pages.facts import find_facts, labels_outside, without_table
from crawler.pages.from_entry import text_from_entry
from crawler.pages.index_page import IndexPageError, looks_like_index
from crawler.pages.labels import read_labels
from crawler.pages.marks import page_marks
from crawler.pages.metadata import PageMetadata, read_metadata
from crawler.pages.pruning import prune
from crawler.pages.published import DateContext, DatePlaces, find_published
from crawler.pages.refill import with_lead
from crawler.pages.regions import find_header
from crawler.pages.titles import TitleClues, find_title
from crawler.pages.tongue import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import html

    from core.item import Entry, Published
    from core.ports import Clock
    from core.source import Source
    from crawler.pages.blocks import Line
    from crawler.pages.regions import Header

MAX_BYTES = 5_242_880
"""Bytes of a page that are read: what the crawler lets through by default."""
_MAX_TEXT = 400_000
"""Characters of an article that are kept; the longest captured one has 40,000."""
_LEAST_TEXT = 20
"""Characters without a title under which there is no article."""
_LITTLE_TEXT = 100
"""Characters of visible text below which a page whose script writes the article is asked for its JSON-LD text."""
_MUCH_LONGER = 2
"""How many times longer than the page's text a feed's whole text is when the page shows only a teaser to visitors."""
_HOME_ZONE = "Asia/Shanghai"
"""Zone of Chinese pages from nowhere; others are taken to mean UTC."""
_LEAD_LINE = 60
"""Characters of the longest of an article's first lines that may be its date line."""

_SENTENCE = re.compile(r".{20,}[。！？.!?]")
_NOT_WORD = re.compile(r"[\W_]+")
_BEFORE_TITLE = 30
"""Lines of an article among which its title is looked for behind a menu."""
_MOSTLY_LINKS = 0.5
_HEAD_LINES = 6
_SHORT_LINE = 30
_STOPS = re.compile(r"[。！？!?：:；;，,.]$")
_PICTURES = 20
"""Pictures whose words are looked at for a stamp (`已废止`)."""
_SIGNATURE_LINES = 6
_BYLINE_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page in the forms that the steps need."""

    root: html.HtmlElement
    """As it came."""
    pruned: html.HtmlElement
    """Without what surrounds articles."""
    metadata: PageMetadata
    selectors: ArticleSelectors
    url: str
    zone: str
    entry: Entry | None


class PageExtractor:
    """Extracts articles from HTML pages; implements `core.ports.Extractor`.

    Pure but for the clock, which only tells which dates lie in the future. Safe in any thread, and picklable when its
    clock is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def extract(
        self, body: bytes, *, url: str, content_type: str, source: Source | None, entry: Entry | None
    ) -> Article:
        """Read an article.

        Args:
            body: The page as it came; at most `MAX_BYTES` of it are read.
            url: Its address after redirects.
            content_type: The Content-Type header, empty when there was none.
            source: Its source, for selectors, zone and charset; None for a page from nowhere.
            entry: What the list said of it, to fall back on; None when there is no list.

        Raises:
            ExtractionError: There is no article on the page, or its bytes are no text.
        """
        page = _open(body[:MAX_BYTES], url, content_type=content_type, source=source, entry=entry)
        lines = page_lines(page.root)
        context = DateContext(zone=page.zone, now=self._clock.now())
        raw = _body_of(page)
        if _says_little(raw):
            page, raw = _with_carried(page, raw)
        raw = without_table(without_link_tail(raw, lines))
        labels = read_labels(line.text for line in lines[:200])
        title = _title_of(page, labels, texts(lines), body=raw)
        _refuse_index(page, lines, source)
        raw = with_lead(raw, page_lines(page.pruned), title=title)
        raw = _without_title(raw, title, lines)
        header = find_header(lines, title=title, body=raw)
        labels = read_labels(texts(header.lines)) or labels
        text, origin = _text_of(raw, entry)
        if not title and len(text) < _LEAST_TEXT:
            raise ExtractionError("the page holds neither a title nor a text", url=url, source_id=_id_of(source))
        attachments = find_attachments(page.pruned, url=url, whole=page.root)
        marks = page_marks(page.pruned, text=text, attachments=attachments)
        facts = _facts_of(page, lines, labels, header=header, title=title, raw=raw, context=context)
        return Article(
            url=url,
            title=title,
            text=text,
            language=language_of(title, text.split("\n")),
            published=_published(page, header, labels, raw=raw, context=context),
            author=_author_of(page, labels, header),
            issuer=find_issuer(labels, page.metadata),
            document_numbers=find_numbers(labels, title, texts(header.below), raw),
            attachments=attachments,
            body_origin=origin,
            facts=replace(facts or DocumentFacts(), marks=marks) if marks else facts,
        )


def _published(
    page: _Page, header: Header, labels: Mapping[str, str], *, raw: Sequence[str], context: DateContext
) -> Published | None:
    lead = {line for line in raw[:4] if len(line) <= _LEAD_LINE}
    inside = [line for line in page_lines(page.pruned) if line.text in lead]
    places = DatePlaces(
        root=page.root,
        selector=page.selectors.date,
        metadata=page.metadata,
        header=[*header.lines, *inside],
        behind=header.behind,
        signature=raw[-_SIGNATURE_LINES:],
        signed=labels.get("signed", ""),
        url=page.url,
        entry=page.entry,
    )
    return find_published(places, context)


def _facts_of(
    page: _Page,
    lines: Sequence[Line],
    labels: Mapping[str, str],
    *,
    header: Header,
    title: str,
    raw: Sequence[str],
    context: DateContext,
) -> DocumentFacts | None:
    pictures = [one_line(image.get("alt") or image.get("title") or "") for image in page.pruned.iter("img")]
    notes = [*texts(header.lines), *texts(header.behind), *raw[:2], *pictures[:_PICTURES]]
    told = {**labels_outside(texts(lines), raw), **labels}
    return find_facts(told, title=title, notes=notes, metadata=page.metadata, context=context)


def _open(body: bytes, url: str, *, content_type: str, source: Source | None, entry: Entry | None) -> _Page:
    try:
        decoded = decode(body, content_type=content_type, override=source.encoding if source else "")
    except DecodeError as exc:
        raise ExtractionError(str(exc), url=url, source_id=_id_of(source)) from exc
    root = parse_page(decoded.text)
    if root is None:
        raise ExtractionError("the page is empty", url=url, source_id=_id_of(source))
    selectors = source.article if source else ArticleSelectors()
    for element in select(root, selectors.drop):
        remove(element)
    pruned = deepcopy(root)
    prune(pruned)
    metadata = read_metadata(root)
    language = detect_language(metadata.title) or _language_of(pruned)
    zone = source.zone if source else (_HOME_ZONE if language.startswith("zh") else "UTC")
    return _Page(
        root=root,
        pruned=pruned,
        metadata=metadata,
        selectors=selectors,
        url=url,
        zone=zone,
        entry=entry,
    )


def _body_of(page: _Page) -> list[str]:
    own = select_body(page.root, page.selectors.body)
    if own:
        return own
    chosen = choose_body(page.pruned, language=_language_of(page.pruned))
    told = page.metadata.article_body()
    return told if sum(map(len, chosen)) < _LITTLE_TEXT < sum(map(len, told)) else chosen


def _says_little(lines: Sequence[str]) -> bool:
    """Whether what was found may be anything but an article: too short, or without a sentence."""
    return sum(map(len, lines)) < _LITTLE_TEXT or not any(_SENTENCE.search(line) for line in lines)


def _with_carried(page: _Page, raw: list[str]) -> tuple[_Page, list[str]]:
    """Return a page and its lines, those of the article that its scripts carry when there is more in that."""
    listed = page.entry.title if page.entry else ""
    carried = embedded_article(page.root, titles=(page.metadata.title, listed))
    if carried is None or len(carried["articleBody"]) <= sum(map(len, raw)):
        return page, raw
    metadata = page.metadata.with_article(carried)
    return replace(page, metadata=metadata), carried["articleBody"].split("\n")


def _refuse_index(page: _Page, lines: Sequence[Line], source: Source | None) -> None:
    entry = page.entry
    if entry and looks_like_index(
        lines, titles=page.metadata.titles(), listed=entry.title, url=page.url, asked=entry.url
    ):
        raise IndexPageError("a list in place of the article", url=page.url, source_id=_id_of(source))


def _without_title(raw: list[str], title: str, lines: Sequence[Line]) -> list[str]:
    """Return an article's lines without its title at their head and without links before that, which are the site's.

    A title broken over several lines is the document's own.
    """
    name = _fold(title)
    links = {line.text for line in lines if line.link_share >= _MOSTLY_LINKS}
    for index, line in enumerate(raw[:_BEFORE_TITLE]):
        if name and _fold(line) == name:
            return raw[index + 1 :]
        if line not in links and not (index < _HEAD_LINES and _is_heading(line)):
            break
    return raw


def _is_heading(line: str) -> bool:
    """Whether a line above a title is a column, a place or a date rather than the document's number or addressee."""
    return len(line) <= _SHORT_LINE and not _STOPS.search(line) and not find_document_numbers(line)


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _language_of(root: html.HtmlElement) -> str:
    return detect_language(text_of(root)[:20_000])


def _text_of(lines: Sequence[str], entry: Entry | None) -> tuple[str, BodyOrigin]:
    """Return the article's text and where it is from: the list, when the page shows only part of what the list has."""
    text = "\n".join(clean_lines(lines))[:_MAX_TEXT]
    listed = text_from_entry(entry)[:_MAX_TEXT] if entry else ""
    if entry and entry.text:
        is_more = len(listed) > _MUCH_LONGER * len(text)
    else:
        is_more = len(text) < _LITTLE_TEXT and len(listed) > len(text)
    if is_more:
        return listed, BodyOrigin.LIST
    return text, BodyOrigin.PAGE if text else BodyOrigin.NONE


def _title_of(page: _Page, labels: Mapping[str, str], lines: Sequence[str], *, body: Sequence[str]) -> str:
    return find_title(
        page.root,
        page.metadata,
        TitleClues(
            selector=page.selectors.title,
            listed=page.entry.title if page.entry else "",
            labelled=labels.get("title", "") if labels.keys() & {"number", "issuer"} else "",
            lines=lines,
            lead=body[:1],
        ),
    )


def _author_of(page: _Page, labels: Mapping[str, str], header: Header) -> str:
    selected = next((text_of(element) for element in select(page.root, page.selectors.author)), "")
    listed = page.entry.author if page.entry else ""
    short = [line for line in header.below if len(line.text) <= _BYLINE_LINE]
    pieces = [piece for line in short for piece in (*map(str, line.element.itertext()), line.text)]
    return find_author(labels, page.metadata, selected=selected, header=pieces, listed=listed)


def _id_of(source: Source | None) -> str:
    return source.id if source else ""
