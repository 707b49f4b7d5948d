"""What is remembered of further looks at flagged items, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from core.item import ItemId
from core.recheck import Recheck
from storage.tables import ItemRow, RecheckRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Any

    from sqlalchemy.orm import Session

    from core.source import SourceId


class SqlRecheckRepository:
    """Implements `core.repositories.RecheckRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enrol(self, *, since: datetime, after: timedelta, limit: int) -> int:
        """Begin to look again at flagged items first seen since a moment; return how many were begun with."""
        item, looked = ItemRow, RecheckRow
        unseen = (
            select(item.id, item.first_seen_at)
            .where(item.relevant.is_(True), item.first_seen_at >= since, item.baseline.is_(False), item.url != "")
            .where(~select(looked.item_id).where(looked.item_id == item.id).exists())
            .order_by(item.first_seen_at)
            .limit(limit)
        )
        rows = [
            _values(Recheck(item_id=ItemId(item_id), due_at=first_seen_at + after))
            for item_id, first_seen_at in self._session.execute(unseen)
        ]
        if rows:
            self._session.execute(insert(table_of(RecheckRow)), rows)
        return len(rows)

    def due(self, *, now: datetime, limit: int, among: Sequence[SourceId]) -> tuple[Recheck, ...]:
        """Return the looks that are due at items of these sources, the longest due first."""
        row = RecheckRow
        wanted = (
            select(row)
            .join(ItemRow, ItemRow.id == row.item_id)
            .where(row.due_at <= now, ItemRow.source_id.in_(among))
            .order_by(row.due_at, row.item_id)
            .limit(limit)
        )
        return tuple(_recheck(found) for found in self._session.scalars(wanted))

    def of_items(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, Recheck]:
        """Return what is remembered of the looks at these items; absent for those never looked at again."""
        found: dict[ItemId, Recheck] = {}
        for portion in in_portions(item_ids):
            rows = self._session.scalars(select(RecheckRow).where(RecheckRow.item_id.in_(portion)))
            found |= {ItemId(row.item_id): _recheck(row) for row in rows}
        return found

    def put(self, recheck: Recheck) -> None:
        """Store what is remembered of the looks at one item, replacing what was there."""
        values = _values(recheck)
        stored = insert_into(self._session, RecheckRow)
        anew = {column: stored.excluded[column] for column in values if column != "item_id"}
        self._session.execute(stored.on_conflict_do_update(index_elements=["item_id"], set_=anew), values)


def _values(recheck: Recheck) -> dict[str, Any]:
    return {
        "item_id": recheck.item_id,
        "due_at": recheck.due_at,
        "looks": recheck.looks,
        "failures": recheck.failures,
        "missing": recheck.missing,
        "last_look_at": recheck.last_look_at,
        "last_reason": recheck.last_reason,
        "removed_at": recheck.removed_at,
        "removal": recheck.removal,
        "removals": recheck.removals,
        "returned_at": recheck.returned_at,
    }


def _recheck(row: RecheckRow) -> Recheck:
    return Recheck(
        item_id=ItemId(row.item_id),
        due_at=row.due_at,
        looks=row.looks,
        failures=row.failures,
        missing=row.missing,
        last_look_at=row.last_look_at,
        last_reason=row.last_reason,
        removed_at=row.removed_at,
        removal=row.removal,
        removals=row.removals,
        returned_at=row.returned_at,
    )
