"""An article from a file, for entries whose link leads to one."""

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
from crawler.pages.from_entry import article_from_entry

if TYPE_CHECKING:
    from core.item import Entry
    from core.source import Source


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
