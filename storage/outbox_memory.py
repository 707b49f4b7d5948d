"""What is remembered of alerts that are gone: their dedup keys, and how many there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from core.alert import AlertKind, AlertState, Hold
from core.delivery_repositories import OutboxTotals
from storage.tables import AlertRow, OutboxTotalRow, ToldKeyRow
from storage.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

ADDED = "added"
"""Name of the count of all alerts that were ever added; the other names are states."""
_ENDED = (AlertState.SENT, AlertState.DEAD, AlertState.SILENCED)


def was_told(session: Session, dedup_key: str) -> bool:
    """Return whether an alert of this key was there, and was pruned."""
    return session.get(ToldKeyRow, dedup_key) is not None


def count(session: Session, name: str, number: int = 1) -> None:
    """Add to one of the counts."""
    added = insert_into(session, OutboxTotalRow)
    more = added.on_conflict_do_update(
        index_elements=["name"], set_={"alerts": OutboxTotalRow.alerts + added.excluded.alerts}
    )
    session.execute(more, {"name": name, "alerts": number})


def totals(session: Session, states: Mapping[AlertState, int]) -> OutboxTotals:
    """Return all counts.

    Args:
        session: Of the unit of work.
        states: Of the alerts that are there.
    """
    counted = dict(session.execute(select(OutboxTotalRow.name, OutboxTotalRow.alerts)).all())
    held = select(AlertRow.held_for, func.count()).where(AlertRow.state == AlertState.HELD).group_by(AlertRow.held_for)
    return OutboxTotals(
        added=counted.pop(ADDED, 0),
        states=states,
        pruned={AlertState(name): number for name, number in counted.items()},
        holds={Hold(hold or Hold.DIGEST): number for hold, number in session.execute(held)},
    )


def prune(session: Session, *, before: datetime, now: datetime, limit: int) -> int:
    """Forget alerts that have reached their end, but for their keys; return how many.

    A digest goes after the rows that it carries, which would otherwise look as if nothing had carried them.
    """
    row = AlertRow
    carried = select(AlertRow.digest_id).where(AlertRow.digest_id.is_not(None))
    old = select(row.id, row.dedup_key, row.state).where(
        row.state.in_(_ENDED), row.created_at < before, ~((row.kind == AlertKind.DIGEST) & row.id.in_(carried))
    )
    found = session.execute(old.order_by(row.created_at, row.id).limit(limit)).all()
    if not found:
        return 0
    told = insert_into(session, ToldKeyRow).on_conflict_do_nothing(index_elements=["dedup_key"])
    session.execute(told, [{"dedup_key": one.dedup_key, "pruned_at": now} for one in found])
    for state in _ENDED:
        if number := sum(one.state is state for one in found):
            count(session, state.value, number)
    session.execute(delete(row).where(row.id.in_([one.id for one in found])))
    return len(found)


def forget_keys(session: Session, *, before: datetime, limit: int) -> int:
    """Forget dedup keys of alerts pruned before a moment; return how many."""
    old = select(ToldKeyRow.dedup_key).where(ToldKeyRow.pruned_at < before).limit(limit)
    gone = delete(ToldKeyRow).where(ToldKeyRow.dedup_key.in_(old.scalar_subquery()))
    return len(session.scalars(gone.returning(ToldKeyRow.dedup_key)).all())
