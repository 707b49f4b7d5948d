"""What users said of items, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from core.item import ItemId
from core.labels import Candidate, Label
from storage.tables import ItemRow, LabelRow
from storage.upsert import in_portions, insert_into

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.labels import Wanted


class SqlLabelRepository:
    """Implements `core.repositories.LabelRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, label: Label) -> None:
        """Store a label, replacing an earlier one of the same article or of the same item."""
        if label.item_id is not None:  # the item's words were edited since it was labelled first
            earlier = delete(LabelRow).where(LabelRow.item_id == label.item_id, LabelRow.key != label.key)
            self._session.execute(earlier)
        stored = insert_into(self._session, LabelRow)
        values = _values(label)
        anew = {column: stored.excluded[column] for column in values if column != "key"}
        self._session.execute(stored.on_conflict_do_update(index_elements=["key"], set_=anew), values)

    def remove(self, key: str) -> bool:
        """Forget a label; False when there is none with this key."""
        gone = delete(LabelRow).where(LabelRow.key == key).returning(LabelRow.key)
        return self._session.scalar(gone) is not None

    def of_items(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, Label]:
        """Return the labels of these items; absent for those that have none."""
        found: dict[ItemId, Label] = {}
        for portion in in_portions(item_ids):
            rows = self._session.scalars(select(LabelRow).where(LabelRow.item_id.in_(portion)))
            found |= {ItemId(row.item_id): _label(row) for row in rows if row.item_id is not None}
        return found

    def all(self) -> tuple[Label, ...]:
        """Return every label, in the order in which they were given."""
        rows = self._session.scalars(select(LabelRow).order_by(LabelRow.labelled_at, LabelRow.key))
        return tuple(_label(row) for row in rows)

    def count(self) -> int:
        """Return how many labels there are."""
        return self._session.scalars(select(func.count()).select_from(LabelRow)).one()

    def candidates(self, wanted: Wanted, *, limit: int) -> tuple[Candidate, ...]:
        """Return judged items without a label, the last seen first."""
        item = ItemRow
        unlabelled = ~select(LabelRow.key).where(LabelRow.item_id == item.id).exists()
        found = (
            select(item.id, item.score, item.relevant, item.source_id)
            .where(item.relevant.is_not(None), unlabelled, *_conditions(wanted))
            .order_by(item.first_seen_at.desc(), item.id.desc())
            .limit(limit)
        )
        return tuple(
            Candidate(item_id=ItemId(item_id), score=score or 0.0, relevant=bool(relevant), source_id=source_id)
            for item_id, score, relevant, source_id in self._session.execute(found)
        )


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    item = ItemRow
    if wanted.since is not None:
        yield item.first_seen_at >= wanted.since
    if wanted.sources:
        yield item.source_id.in_(wanted.sources)
    if wanted.flagged is not None:
        yield item.relevant.is_(wanted.flagged)
    for word in wanted.query.split():
        yield item.title.icontains(word, autoescape=True) | item.text.icontains(word, autoescape=True)


def _values(label: Label) -> dict[str, Any]:
    return {
        "key": label.key,
        "item_id": label.item_id,
        "relevant": label.relevant,
        "topics": list(label.topics),
        "labelled_at": label.labelled_at,
        "title": label.title,
        "text": label.text,
        "language": label.language,
        "source_id": label.source_id,
        "url": label.url,
        "published_at": label.published_at,
        "jurisdiction": label.jurisdiction,
        "act": label.act,
        "hard": label.hard,
    }


def _label(row: LabelRow) -> Label:
    return Label(
        relevant=row.relevant,
        topics=tuple(row.topics),
        labelled_at=row.labelled_at,
        title=row.title,
        text=row.text,
        language=row.language,
        source_id=row.source_id,
        url=row.url,
        published_at=row.published_at,
        item_id=None if row.item_id is None else ItemId(row.item_id),
        jurisdiction=row.jurisdiction,
        act=row.act,
        hard=row.hard,
    )
