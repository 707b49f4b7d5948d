"""Silences that users made, in SQL."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.alert import RouteMatch, Silence
from storage.tables import SilenceRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class SqlSilenceRepository:
    """Implements `core.delivery_repositories.SilenceRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, silence: Silence) -> int:
        """Store a silence (its `id` is ignored); return its id."""
        row = SilenceRow(
            match=_plain(silence.match),
            routes=sorted(silence.routes),
            starts_at=silence.starts_at,
            ends_at=silence.ends_at,
            comment=silence.comment,
            created_at=silence.created_at,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def end(self, silence_id: int, *, at: datetime) -> bool:
        """End a silence now; False when there is none, or it has ended."""
        row = self._session.get(SilenceRow, silence_id)
        if row is None or row.ends_at <= at:
            return False
        row.ends_at = at
        self._session.flush()
        return True

    def active(self, *, at: datetime) -> tuple[Silence, ...]:
        """Return the silences that hold at a moment, the oldest first."""
        row = SilenceRow
        now = select(row).where(row.ends_at > at, row.starts_at <= at).order_by(row.id)
        return tuple(_silence(one) for one in self._session.scalars(now))

    def all(self, *, limit: int) -> tuple[Silence, ...]:
        """Return silences, the newest first."""
        found = self._session.scalars(select(SilenceRow).order_by(SilenceRow.id.desc()).limit(limit))
        return tuple(_silence(one) for one in found)


def _plain(match: RouteMatch) -> dict[str, Any]:
    values = {field.name: getattr(match, field.name) for field in fields(match)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items() if value}


def _silence(row: SilenceRow) -> Silence:
    match: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in row.match.items()
    }
    return Silence(
        id=row.id,
        match=RouteMatch(**match),
        routes=frozenset(row.routes),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        comment=row.comment,
        created_at=row.created_at,
    )
