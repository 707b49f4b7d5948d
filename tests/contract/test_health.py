"""What is remembered of the health of sources, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from core.incident import NO_SOURCE, Fault, Incident, IncidentId
from core.source import SourceId

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import SqlDatabase

A, B = SourceId("a"), SourceId("b")
HOUR = timedelta(hours=1)


def incident(now: datetime, **fields: object) -> Incident:
    """A new incident of source `a`."""
    defaults = {"id": IncidentId(0), "source_id": A, "fault": Fault.GONE, "started_at": now, "last_seen_at": now}
    return Incident(**{**defaults, **fields})  # type: ignore[arg-type]


def test_news_are_counted_by_the_hour(database: SqlDatabase, now: datetime) -> None:
    """News of one hour share a row whatever zone their times are in; counts add up."""
    east = timezone(8 * HOUR)
    with database.unit_of_work() as unit:
        unit.health.note_news(A, [])
        unit.health.note_news(A, [now + timedelta(minutes=59), now.astimezone(east), now - HOUR])
        unit.health.note_news(A, [now + timedelta(seconds=1)])
        unit.health.note_news(B, [now + HOUR])
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.health.news_hours(A, since=now - 9 * HOUR) == (now - HOUR, now)
        assert unit.health.news_hours(B, since=now - 9 * HOUR) == (now + HOUR,)
        assert unit.health.news_hours(A, since=now) == (now,)
        assert unit.health.forget_news(before=now + HOUR) == 1
        assert unit.health.news_hours(A, since=now - 9 * HOUR) == (now,)


def test_counts_of_an_hour_add_up(database: SqlDatabase, now: datetime) -> None:
    """Two polls within the hour are one row with the sum of both."""
    with database.unit_of_work() as unit:
        unit.health.note_news(A, [now, now])
        unit.health.note_news(A, [now])
        unit.commit()
    with database._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT source_id, items FROM news_hours").all() == [("a", 3)]


def test_counts_are_given_hour_by_hour(database: SqlDatabase, now: datetime) -> None:
    """Items of each hour with news come with its beginning, oldest first, of one source and since a moment."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    with database.unit_of_work() as unit:
        unit.health.note_news(A, [hour + HOUR / 2, hour - 3 * HOUR, hour - 3 * HOUR, hour - 9 * HOUR])
        unit.health.note_news(B, [hour])
        counts = unit.health.news_counts(A, since=hour - 4 * HOUR)
    assert list(counts.items()) == [(hour - 3 * HOUR, 2), (hour, 1)]


def test_every_field_of_an_incident_comes_back(database: SqlDatabase, now: datetime) -> None:
    """What is put is what is got; a change of it replaces it under the same id."""
    with database.unit_of_work() as unit:
        first = replace(incident(now), id=unit.health.put_incident(incident(now)))
        assert first.id > 0
        assert unit.health.open_incidents(A) == (first,)
        full = replace(
            first, fault=Fault.BLOCKED, last_seen_at=now + HOUR, polls=7, detail="瑞数", told=2, told_at=now + HOUR
        )
        assert unit.health.put_incident(full) == first.id
        assert unit.health.open_incidents(A) == (full,)
        assert unit.health.open_incidents(B) == ()
        over = replace(full, ended_at=now + 2 * HOUR, settled=True)
        unit.health.put_incident(over)
        assert unit.health.open_incidents(A) == ()
        assert unit.health.incidents_of(A, limit=9) == (over,)


def test_what_is_still_to_be_said_comes_oldest_first(database: SqlDatabase, now: datetime) -> None:
    """Open incidents, and ended ones whose end is to be told, but no settled ones; the network's among them."""
    with database.unit_of_work() as unit:
        ids = [
            unit.health.put_incident(one)
            for one in (
                incident(now, source_id=NO_SOURCE, fault=Fault.NETWORK),
                incident(now - HOUR, ended_at=now),
                incident(now - 2 * HOUR, ended_at=now, settled=True),
                incident(now + HOUR, source_id=B),
            )
        ]
        assert [one.id for one in unit.health.unsettled()] == [ids[1], ids[0], ids[3]]
        assert [one.id for one in unit.health.incidents_of(A, limit=9)] == [ids[1], ids[2]]
        assert [one.id for one in unit.health.incidents_of(A, limit=1)] == [ids[1]]
        [network] = unit.health.open_incidents(NO_SOURCE)
        unit.health.delete_incident(network.id)
        assert unit.health.open_incidents(NO_SOURCE) == ()
        assert unit.health.put_incident(incident(now)) > max(ids)
