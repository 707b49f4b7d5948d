"""The parts in which alerts are sent, in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from core.delivery_repositories import StoredPart
from core.message import Part
from storage.tables import AlertPartRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.alert import AlertId


class SqlPartRepository:
    """Implements `core.delivery_repositories.PartRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, alert_id: AlertId) -> tuple[StoredPart, ...]:
        """Return an alert's parts in order; empty before it was rendered."""
        row = AlertPartRow
        found = self._session.scalars(select(row).where(row.alert_id == alert_id).order_by(row.number))
        return tuple(_stored(one) for one in found)

    def put(self, alert_id: AlertId, parts: Sequence[StoredPart]) -> None:
        """Store the parts of an alert, in place of those it had."""
        self._session.execute(delete(AlertPartRow).where(AlertPartRow.alert_id == alert_id))
        rows = [
            AlertPartRow(alert_id=alert_id, number=one.part.number, part=_plain(one), sent_at=one.sent_at)
            for one in parts
        ]
        self._session.add_all(rows)
        self._session.flush()

    def mark_sent(self, alert_id: AlertId, number: int, *, at: datetime) -> None:
        """The channel accepted a part."""
        row = AlertPartRow
        self._session.execute(update(row).where(row.alert_id == alert_id, row.number == number).values(sent_at=at))


def _plain(stored: StoredPart) -> dict[str, Any]:
    return {**asdict(stored.part), "marked": asdict(stored.marked) if stored.marked else None}


def _stored(row: AlertPartRow) -> StoredPart:
    values = dict(row.part)
    marked = values.pop("marked", None)
    return StoredPart(part=_part(values), sent_at=row.sent_at, marked=_part(marked) if marked else None)


def _part(values: dict[str, Any]) -> Part:
    return Part(**{**values, "stories": tuple(values.get("stories", ()))})
