"""An article from what the list said, for entries whose page is not needed or could not be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.documents import find_document_numbers
from core.item import Article, BodyOrigin
from core.language import detect_language
from crawler.pages.cleaning import clean_lines

if TYPE_CHECKING:
    from core.item import Entry
    from core.outcome import Answer
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


def text_from_entry(entry: Entry) -> str:
    """Return the text that an entry carries, cleaned: the whole article's when it has that, else its summary's."""
    raw = entry.text or entry.summary
    return "\n".join(clean_lines([line for line in map(str.strip, raw.split("\n")) if line]))
