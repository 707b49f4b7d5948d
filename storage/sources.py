"""What is remembered of sources, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from core.closing import ClosedTimes
from core.outcome import Validators
from core.polling_budget import Spent
from core.source import SourceId, SourceState
from storage.tables import PollHourRow, SourceStateRow
from storage.upsert import insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session


class SqlSourceRepository:
    """Implements `core.repositories.SourceRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, source_ids: Sequence[SourceId], *, now: datetime) -> tuple[SourceId, ...]:
        """Make a state row, due at once, for every id that has none; return those ids, in the order given."""
        if not source_ids:
            return ()
        fresh = [_values(SourceState(source_id=source_id, next_due_at=now)) for source_id in dict.fromkeys(source_ids)]
        statement = insert_into(self._session, SourceStateRow).on_conflict_do_nothing(index_elements=["source_id"])
        made = set(self._session.scalars(statement.returning(table_of(SourceStateRow).c.source_id), fresh))
        return tuple(source_id for source_id in dict.fromkeys(source_ids) if source_id in made)

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, among: Sequence[SourceId], ignore_due: bool = False
    ) -> tuple[SourceState, ...]:
        """Claim sources that are due (or all, with `ignore_due`) and not under a live lease, the longest due first."""
        if not among:
            return ()
        row = SourceStateRow
        wanted = (
            select(row)
            .where(row.source_id.in_(among), or_(row.claimed_until.is_(None), row.claimed_until <= now))
            .order_by(row.next_due_at, row.source_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if not ignore_due:
            wanted = wanted.where(row.next_due_at <= now)
        claimed = self._session.scalars(wanted).all()
        for one in claimed:
            one.claimed_until = now + lease
        self._session.flush()
        return tuple(_state(one) for one in claimed)

    def release_claims(self) -> int:
        """Give up every lease; return how many there were."""
        held = update(SourceStateRow).where(SourceStateRow.claimed_until.is_not(None)).values(claimed_until=None)
        return len(self._session.scalars(held.returning(SourceStateRow.source_id)).all())

    def get(self, source_id: SourceId) -> SourceState | None:
        """Return one state."""
        row = self._session.scalar(select(SourceStateRow).where(SourceStateRow.source_id == source_id))
        return _state(row) if row else None

    def all(self) -> tuple[SourceState, ...]:
        """Return every state, by id."""
        # Sorted here: PostgreSQL's order of text depends on the server's locale.
        rows = self._session.scalars(select(SourceStateRow))
        return tuple(_state(row) for row in sorted(rows, key=lambda row: row.source_id))

    def put(self, state: SourceState) -> None:
        """Store one state, replacing what was there."""
        statement = insert_into(self._session, SourceStateRow)
        anew = statement.on_conflict_do_update(index_elements=["source_id"], set_=dict(statement.excluded))
        self._session.execute(anew, _values(state))

    def note_spent(self, spent: Spent) -> None:
        """Add requests to an hour, made and planned; its price becomes this one."""
        table = table_of(PollHourRow)
        statement = insert_into(self._session, PollHourRow)
        new = statement.excluded
        sums = {name: table.c[name] + new[name] for name in ("requests", "planned")}
        adding = statement.on_conflict_do_update(index_elements=["hour"], set_={**sums, "price": new.price})
        self._session.execute(
            adding, {"hour": spent.hour, "requests": spent.requests, "planned": spent.planned, "price": spent.price}
        )

    def spent(self, *, since: datetime, until: datetime) -> tuple[Spent, ...]:
        """Return what each hour came to that began since a moment and not after another, oldest first."""
        table = table_of(PollHourRow)
        wanted = select(table.c.hour, table.c.requests, table.c.planned, table.c.price)
        rows = self._session.execute(wanted.where(table.c.hour >= since, table.c.hour <= until).order_by(table.c.hour))
        return tuple(Spent(hour=row[0], requests=row[1], planned=row[2], price=row[3]) for row in rows)

    def forget_spent(self, *, before: datetime) -> int:
        """Delete hours that began before a moment; return how many there were."""
        table = table_of(PollHourRow)
        return len(self._session.scalars(delete(table).where(table.c.hour < before).returning(table.c.hour)).all())


def _packed(closed: ClosedTimes | None) -> dict[str, list[int]] | None:
    return {"hours": sorted(closed.hours), "weekdays": sorted(closed.weekdays)} if closed else None


def _unpacked(stored: dict[str, list[int]] | None) -> ClosedTimes | None:
    if stored is None:
        return None
    return ClosedTimes(hours=frozenset(stored["hours"]), weekdays=frozenset(stored["weekdays"]))


def _values(state: SourceState) -> dict[str, object]:
    return {
        "source_id": state.source_id,
        "next_due_at": state.next_due_at,
        "claimed_until": state.claimed_until,
        "first_synced_at": state.first_synced_at,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "last_answer": state.last_answer,
        "last_status": state.last_status,
        "last_detail": state.last_detail,
        "failures": state.failures,
        "empties": state.empties,
        "polls": state.polls,
        "items": state.items,
        "interval_s": state.interval,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "ttl_s": state.ttl,
        "closed": _packed(state.closed),
    }


def _state(row: SourceStateRow) -> SourceState:
    return SourceState(
        source_id=SourceId(row.source_id),
        next_due_at=row.next_due_at,
        first_synced_at=row.first_synced_at,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
        last_answer=row.last_answer,
        last_status=row.last_status,
        last_detail=row.last_detail,
        failures=row.failures,
        empties=row.empties,
        polls=row.polls,
        items=row.items,
        interval=row.interval_s,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        body_hash=row.body_hash,
        ttl=row.ttl_s,
        closed=_unpacked(row.closed),
        claimed_until=row.claimed_until,
    )
