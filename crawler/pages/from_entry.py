"""An article from what the list said, for entries whose page is not needed or could not be had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.documents import find_document_numbers
from core.item import Article, Attachment, BodyOrigin, DateOrigin, DocumentFacts, Published
from core.language import detect_language
from core.outcome import Answer
from crawler.dates import date_from_url
from crawler.files.reading import read_file
from crawler.pages.cleaning import clean_lines

if TYPE_CHECKING:
    from core.item import Entry
    from core.source import Source


def article_from_entry(entry: Entry, *, source: Source, problem: Answer | None) -> Article:
    """Return the article that an entry alone makes.

    Args:
        entry: The list's words; its full text is used when it has one, else its summary.
        source: Where it was listed.
        problem: Why its page could not be had; None when it was not needed.
    """
    text = text_from_entry(entry)
    return Article(
        url=entry.url,
        title=entry.title,
        text=text,
        language=detect_language(f"{entry.title}\n{text}") or source.language,
        published=entry.published,
        author=entry.author,
        issuer=entry.issuer,
        document_numbers=entry.document_numbers or find_document_numbers(f"{entry.title}\n{text}"),
        facts=entry.facts,
        body_origin=BodyOrigin.LIST if text else BodyOrigin.NONE,
        page_problem=problem,
    )


def article_from_file(entry: Entry, body: bytes, *, url: str, source: Source) -> Article:
    """Return the article that an entry makes whose link leads to a file, with the file's text when it can be read.

    Args:
        entry: What the list said.
        body: The file.
        url: Its address after redirects.
        source: Where it was listed.
    """
    found = read_file(body)
    problem = None if found.text else Answer.DECODE
    article = article_from_entry(entry, source=source, problem=problem)
    name = unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or entry.title
    told = replace(
        article,
        url=url,
        attachments=(Attachment(url=url, name=name),),
        facts=replace(entry.facts or DocumentFacts(), marks=(found.mark,)),
    )
    if not found.text:
        return told
    return replace(
        told,
        text=found.text,
        language=detect_language(f"{entry.title}\n{found.text}") or source.language,
        published=entry.published or _day_of(url, source),
        document_numbers=find_document_numbers(f"{entry.title}\n{found.text}"),
        body_origin=BodyOrigin.PAGE,
    )


def _day_of(url: str, source: Source) -> Published | None:
    found = date_from_url(url, zone=source.zone)
    if found is None:
        return None
    return Published(at=found.at, precision=found.precision, origin=DateOrigin.URL, raw=found.raw)


def text_from_entry(entry: Entry) -> str:
    """Return the text that an entry carries, cleaned: the whole article's when it has that, else its summary's."""
    raw = entry.text or entry.summary
    return "\n".join(clean_lines([line for line in map(str.strip, raw.split("\n")) if line]))
