"""Reads the archive in portions: what is needed to judge stored items again, and no more.

Whole items cost five times as much: their evidence alone is as long as their text.
"""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.backtest import Archived, Span, Verdict
from core.item import ItemId, Published, StoryId
from core.source import SourceId
from storage.tables import ItemRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

_FETCH = 10_000
"""Numbers fetched at once: some hundred kilobytes."""


def find_spans(session: Session, *, since: datetime, size: int, limit: int | None) -> tuple[Span, ...]:
    """Divide the items first seen since a moment into spans of at most `size` items, by number.

    Args:
        session: Where to read.
        since: Aware UTC.
        size: Items a span, > 0.
        limit: About how many items, the last seen; None for all.
    """
    since = max(since, _nth_newest(session, limit) or since) if limit is not None else since
    # Sorted here: told to sort, SQLite would walk through the whole wide table by number instead of the index on times.
    wanted = select(ItemRow.id).where(ItemRow.first_seen_at >= since)
    ids = array("q", session.scalars(wanted, execution_options={"yield_per": _FETCH}))
    return tuple(_spans(iter(sorted(ids)), since=since, size=size))


def _spans(ids: Iterator[int], *, since: datetime, size: int) -> Iterator[Span]:
    while portion := list(islice(ids, size)):
        yield Span(first=ItemId(portion[0]), last=ItemId(portion[-1]), since=since, items=len(portion))


def _nth_newest(session: Session, number: int) -> datetime | None:
    """Return when the item was first seen that `number` - 1 are younger than; None when there are fewer."""
    newest = select(ItemRow.first_seen_at).order_by(ItemRow.first_seen_at.desc()).offset(max(number, 1) - 1).limit(1)
    return session.scalar(newest)


_COLUMNS = (
    ItemRow.id, ItemRow.source_id, ItemRow.url, ItemRow.title, ItemRow.text, ItemRow.summary, ItemRow.language,
    ItemRow.published_at, ItemRow.published_precision, ItemRow.published_origin, ItemRow.published_raw,
    ItemRow.issuer, ItemRow.document_numbers, ItemRow.first_seen_at, ItemRow.baseline, ItemRow.story_id,
    ItemRow.relevant, ItemRow.score, ItemRow.topics, ItemRow.act,
)  # fmt: skip


def read_span(session: Session, span: Span) -> tuple[Archived, ...]:
    """Return the items of a span, by number."""
    row = ItemRow
    wanted = (
        select(*_COLUMNS)
        .where(row.id >= span.first, row.id <= span.last, row.first_seen_at >= span.since)
        .order_by(row.id)
    )
    return tuple(_archived(found) for found in session.execute(wanted))


def _archived(row: Any) -> Archived:  # noqa: ANN401 - a row of the columns above
    return Archived(
        id=ItemId(row.id),
        source_id=SourceId(row.source_id),
        url=row.url,
        title=row.title,
        text=row.text,
        summary=row.summary,
        language=row.language,
        published=Published(
            at=row.published_at,
            precision=row.published_precision,
            origin=row.published_origin,
            raw=row.published_raw,
        ),
        issuer=row.issuer,
        document_numbers=tuple(row.document_numbers),
        first_seen_at=row.first_seen_at,
        baseline=row.baseline,
        story_id=None if row.story_id is None else StoryId(row.story_id),
        stored=_verdict(row),
    )


def _verdict(row: Any) -> Verdict | None:  # noqa: ANN401 - same
    if row.relevant is None:
        return None
    return Verdict(relevant=row.relevant, score=row.score or 0.0, topics=tuple(row.topics or ()), act=row.act or "none")
