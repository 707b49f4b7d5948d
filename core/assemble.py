"""Puts an item together from what its list and its page say, and an edited one from the stored and the fresh. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.hashing import content_hash, entry_hash
from core.item import Article, BodyOrigin, DateOrigin, DatePrecision, Entry, Item, ItemId, Published
from core.urls import canonical_url
from core.wording import says_the_same

if TYPE_CHECKING:
    from datetime import datetime

    from core.source import Source

_FUTURE = 86_400
"""Seconds beyond which a publish time in the future is not believed: no zone is further off than a day."""


def article_of_entry(entry: Entry) -> Article:
    """Return what an entry alone says, for items that are kept without a look at their page; its language is open."""
    text = entry.text or entry.summary
    return Article(
        url=entry.url,
        title=entry.title,
        text=text,
        language="",
        published=entry.published,
        author=entry.author,
        body_origin=BodyOrigin.LIST if text else BodyOrigin.NONE,
    )


def new_item(source: Source, entry: Entry, article: Article, *, now: datetime) -> Item:
    """Return a new item, not stored and not judged yet.

    Args:
        source: Whose list led to it; gives language and issuer where the page has none.
        entry: What the list says.
        article: What the page says, which goes before the list.
        now: When it is first seen, aware UTC.
    """
    address = article.url or entry.url
    title = article.title or entry.title
    return Item(
        id=ItemId(0),
        source_id=source.id,
        url=address,
        canonical_url=canonical_url(address) if address else "",
        guid=entry.guid,
        title=title,
        text=article.text,
        summary=entry.summary,
        language=article.language or source.language,
        published=believable(article.published or entry.published, now),
        first_seen_at=now,
        updated_at=now,
        author=article.author or entry.author,
        issuer=article.issuer or entry.issuer or source.issuer,
        document_numbers=article.document_numbers or entry.document_numbers,
        attachments=article.attachments,
        body_origin=article.body_origin,
        page_problem=article.page_problem,
        facts=article.facts or entry.facts,
        page_attempts=1,
        content_hash=content_hash(title, article.text),
        entry_hash=entry_hash(entry.title, entry.summary, entry.text),
    )


def entry_of(item: Item) -> Entry:
    """Return what a list may have said of a stored item, with which its page is read again as it was read before.

    A text that came from the list goes before the page's teaser again; the stored title is a clue, no more.
    """
    has_date = item.published.origin is not DateOrigin.FIRST_SEEN
    return Entry(
        source_id=item.source_id,
        url=item.url,
        title=item.title,
        guid=item.guid,
        summary=item.summary,
        text=item.text if item.body_origin is BodyOrigin.LIST else "",
        published=item.published if has_date else None,
        author=item.author,
    )


def is_edit(fresh: Item, stored: Item) -> bool:
    """Whether fresh words are a revision of what is stored.

    The words of a list never replace those of a page, nor another source's list those of the item's own. How words
    are set, and the counters and buttons around them, are no words (`core.wording`).
    """
    is_page = fresh.body_origin is BodyOrigin.PAGE
    is_poorer = not is_page and (stored.body_origin is BodyOrigin.PAGE or fresh.source_id != stored.source_id)
    is_same = says_the_same(fresh.title, stored.title) and says_the_same(fresh.text, stored.text)
    return not is_poorer and not is_same


def revision_of(stored: Item, fresh: Item, *, now: datetime, attempts: int) -> Item:
    """Return the stored item with fresh words: what it is and where it belongs stays, what it says is new."""
    return replace(
        fresh,
        id=stored.id,
        first_seen_at=stored.first_seen_at,
        updated_at=now,
        page_attempts=attempts,
        revision=stored.revision + 1,
        baseline=stored.baseline,
        story_id=stored.story_id,
        source_id=stored.source_id,
        guid=stored.guid or fresh.guid,
        published=stored.published if fresh.published.origin is DateOrigin.FIRST_SEEN else fresh.published,
    )


def believable(published: Published | None, now: datetime) -> Published:
    """Return a publish time to work with: the claimed one, or now when there is none or it lies in the future."""
    if published is not None and (published.at - now).total_seconds() <= _FUTURE:
        return published
    raw = published.raw if published is not None else ""
    return Published(at=now, precision=DatePrecision.MINUTE, origin=DateOrigin.FIRST_SEEN, raw=raw)
