"""Finds alerts by what people ask for, and tells what was tried to deliver one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.delivery_repositories import Attempt
from storage.alert_rows import alert_of
from storage.tables import AlertRow, DeliveryRow, ItemRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.alert import Alert, AlertId
    from core.delivery_repositories import WantedAlerts


def find(session: Session, wanted: WantedAlerts, *, limit: int) -> tuple[Alert, ...]:
    """Return the alerts that are looked for, newest first."""
    row = AlertRow
    found = select(row).where(*_conditions(wanted)).order_by(row.created_at.desc(), row.id.desc()).limit(limit)
    return tuple(alert_of(one) for one in session.scalars(found))


def _conditions(wanted: WantedAlerts) -> list[ColumnElement[bool]]:
    row = AlertRow
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(row.state.in_(wanted.states))
    if wanted.kinds:
        found.append(row.kind.in_(wanted.kinds))
    if wanted.routes:
        found.append(row.route.in_(wanted.routes))
    if wanted.channels:
        found.append(row.channel.in_(wanted.channels))
    if wanted.story is not None:
        found.append(row.item_id.in_(select(ItemRow.id).where(ItemRow.story_id == wanted.story)))
    if wanted.since is not None:
        found.append(row.created_at >= wanted.since)
    return found


def attempts_of(session: Session, alert_id: AlertId) -> tuple[Attempt, ...]:
    """Return all attempts to deliver an alert, the oldest first."""
    row = DeliveryRow
    tried = session.scalars(select(row).where(row.alert_id == alert_id).order_by(row.id))
    return tuple(Attempt(number=one.attempt, at=one.at, outcome=one.outcome, error=one.error) for one in tried)
