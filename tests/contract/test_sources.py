"""What is remembered of sources, on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.closing import ClosedTimes
from core.outcome import Answer, Validators
from core.polling_budget import Spent
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.source import SourceState
    from storage.database import SqlDatabase

A, B, C = SourceId("a"), SourceId("b"), SourceId("c")
MINUTE = timedelta(minutes=1)


def test_registering_makes_only_what_is_missing_and_due_at_once(database: SqlDatabase, now: datetime) -> None:
    """A registered source is due now; registering it again neither resets nor repeats it."""
    with database.unit_of_work() as unit:
        assert unit.sources.register([B, A, B], now=now) == (B, A)
        assert unit.sources.register([A, C], now=now + MINUTE) == (C,)
        assert unit.sources.register([], now=now) == ()
        assert [(state.source_id, state.next_due_at) for state in unit.sources.all()] == [
            (A, now),
            (B, now),
            (C, now + MINUTE),
        ]


def test_every_field_of_a_state_comes_back(
    database: SqlDatabase, now: datetime, make_state: Callable[..., SourceState]
) -> None:
    """What is put is what is got, to the microsecond, and replaces what was there."""
    full = make_state(
        next_due_at=now + timedelta(microseconds=1),
        first_synced_at=now,
        last_polled_at=now,
        last_success_at=now,
        last_new_at=now,
        last_answer=Answer.SOFT_404,
        last_status=200,
        last_detail="应用外壳",
        failures=1,
        empties=2,
        polls=3,
        items=4,
        interval=timedelta(minutes=7, microseconds=3),
        validators=Validators(etag='W/"1"', last_modified="Thu, 15 Jun 2023 02:00:00 GMT"),
        body_hash="ab",
        ttl=timedelta(minutes=45),
        closed=ClosedTimes(hours=frozenset({3, 4}), weekdays=frozenset({6})),
        claimed_until=now,
    )
    with database.unit_of_work() as unit:
        for state in (make_state(), full, make_state(), full):
            unit.sources.put(state)
            assert unit.sources.get(state.source_id) == state
        assert unit.sources.all() == (full,)
        assert unit.sources.get(C) is None


def test_the_longest_due_are_claimed_first_up_to_the_limit(
    database: SqlDatabase, now: datetime, make_state: Callable[..., SourceState]
) -> None:
    """Claims follow the due time, stop at the limit and leave out what is not due yet."""
    with database.unit_of_work() as unit:
        for source_id, due in ((A, now - MINUTE), (B, now - 2 * MINUTE), (C, now + MINUTE)):
            unit.sources.put(make_state(source_id=source_id, next_due_at=due))
        claim = {"now": now, "lease": MINUTE, "among": [A, B, C]}
        first = unit.sources.claim_due(limit=1, **claim)  # type: ignore[arg-type]
        rest = unit.sources.claim_due(limit=9, **claim)  # type: ignore[arg-type]
        assert [state.source_id for state in first + rest] == [B, A]
        assert first[0].claimed_until == now + MINUTE


def test_only_named_sources_are_claimed(database: SqlDatabase, now: datetime) -> None:
    """Sources outside `among` stay unclaimed, also when they are due; no names, no claims."""
    with database.unit_of_work() as unit:
        unit.sources.register([A, B], now=now)
        assert unit.sources.claim_due(now=now, limit=9, lease=MINUTE, among=[]) == ()
        claimed = unit.sources.claim_due(now=now, limit=9, lease=MINUTE, among=[B, C])
        assert [state.source_id for state in claimed] == [B]


def test_a_lease_ends_by_time_and_by_release(database: SqlDatabase, now: datetime) -> None:
    """A leased source is claimed again only when the lease has ended or was given up."""
    with database.unit_of_work() as unit:
        unit.sources.register([A], now=now)
        for at, claims in ((now, 1), (now, 0), (now + MINUTE, 1), (now + MINUTE, 0)):
            assert len(unit.sources.claim_due(now=at, limit=9, lease=MINUTE, among=[A])) == claims
        assert unit.sources.release_claims() == 1
        assert unit.sources.release_claims() == 0
        assert len(unit.sources.claim_due(now=now + MINUTE, limit=9, lease=MINUTE, among=[A])) == 1


def test_ignoring_the_due_time_still_respects_leases(
    database: SqlDatabase, now: datetime, make_state: Callable[..., SourceState]
) -> None:
    """With `ignore_due`, sources that are not due are claimed, but none that is being polled."""
    with database.unit_of_work() as unit:
        unit.sources.put(make_state(source_id=A, next_due_at=now + MINUTE))
        unit.sources.put(make_state(source_id=B, next_due_at=now, claimed_until=now + MINUTE))
        claimed = unit.sources.claim_due(now=now, limit=9, lease=MINUTE, among=[A, B], ignore_due=True)
        assert [state.source_id for state in claimed] == [A]


def test_what_an_hour_came_to_adds_up(database: SqlDatabase, now: datetime) -> None:
    """Requests of an hour share a row, the last price stays, and old hours are forgotten."""
    hour = timedelta(hours=1)
    with database.unit_of_work() as unit:
        for at, price in ((now, 1.0), (now, 2.0), (now - hour, 3.0), (now + hour, 4.0)):
            unit.sources.note_spent(Spent(hour=at, requests=1, planned=0.25, price=price))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.sources.spent(since=now - hour, until=now) == (
            Spent(hour=now - hour, requests=1, planned=0.25, price=3.0),
            Spent(hour=now, requests=2, planned=0.5, price=2.0),
        )
        assert unit.sources.forget_spent(before=now) == 1
        assert [each.hour for each in unit.sources.spent(since=now - hour, until=now + hour)] == [now, now + hour]
