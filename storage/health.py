"""What is remembered of the health of sources, in SQL."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from core.incident import Incident, IncidentId
from core.source import SourceId
from storage.tables import IncidentRow, NewsHourRow
from storage.upsert import insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


class SqlHealthRepository:
    """Implements `core.repositories.HealthRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note_news(self, source_id: SourceId, moments: Iterable[datetime]) -> None:
        """Add news to the hours in which a source had them."""
        counts: dict[datetime, int] = {}
        for moment in moments:
            hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            counts[hour] = counts.get(hour, 0) + 1
        if not counts:
            return
        statement = insert_into(self._session, NewsHourRow)
        more = table_of(NewsHourRow).c["items"] + statement.excluded["items"]
        adding = statement.on_conflict_do_update(index_elements=["source_id", "hour"], set_={"items": more})
        rows = [{"source_id": source_id, "hour": hour, "items": items} for hour, items in sorted(counts.items())]
        self._session.execute(adding, rows)

    def news_hours(self, source_id: SourceId, *, since: datetime) -> tuple[datetime, ...]:
        """Return the beginnings of the hours in which a source had news since a moment, oldest first."""
        table = table_of(NewsHourRow)
        wanted = select(table.c.hour).where(table.c.source_id == source_id, table.c.hour >= since)
        return tuple(self._session.scalars(wanted.order_by(table.c.hour)))

    def news_counts(self, source_id: SourceId, *, since: datetime) -> dict[datetime, int]:
        """Return how many items a source had in each hour with news that began since a moment, oldest first."""
        table = table_of(NewsHourRow)
        wanted = select(table.c.hour, table.c["items"]).where(table.c.source_id == source_id, table.c.hour >= since)
        return {row[0]: row[1] for row in self._session.execute(wanted.order_by(table.c.hour))}

    def forget_news(self, *, before: datetime) -> int:
        """Delete hours that ended before a moment; return how many there were."""
        table = table_of(NewsHourRow)
        old = delete(table).where(table.c.hour < before - timedelta(hours=1)).returning(table.c.hour)
        return len(self._session.scalars(old).all())

    def open_incidents(self, source_id: SourceId) -> tuple[Incident, ...]:
        """Return a source's incidents that have not ended, the oldest first."""
        row = IncidentRow
        wanted = select(row).where(row.source_id == source_id, row.ended_at.is_(None)).order_by(row.id)
        return tuple(_incident(found) for found in self._session.scalars(wanted))

    def unsettled(self) -> tuple[Incident, ...]:
        """Return the incidents about which something is still to be said, the oldest first."""
        row = IncidentRow
        wanted = select(row).where(row.settled.is_(False)).order_by(row.started_at, row.id)
        return tuple(_incident(found) for found in self._session.scalars(wanted))

    def incidents_of(self, source_id: SourceId, *, limit: int) -> tuple[Incident, ...]:
        """Return a source's incidents, the newest first."""
        row = IncidentRow
        wanted = select(row).where(row.source_id == source_id).order_by(row.started_at.desc(), row.id.desc())
        return tuple(_incident(found) for found in self._session.scalars(wanted.limit(limit)))

    def put_incident(self, incident: Incident) -> IncidentId:
        """Store an incident, as a new one when its id is 0; return its id."""
        values = _values(incident)
        if incident.id:
            self._session.execute(update(IncidentRow).where(IncidentRow.id == incident.id).values(values))
            return incident.id
        row = IncidentRow(**values)
        self._session.add(row)
        self._session.flush()
        return IncidentId(row.id)

    def delete_incident(self, incident_id: IncidentId) -> None:
        """Forget an incident that never was one."""
        self._session.execute(delete(IncidentRow).where(IncidentRow.id == incident_id))


def _values(incident: Incident) -> dict[str, object]:
    return {
        "source_id": incident.source_id,
        "fault": incident.fault,
        "started_at": incident.started_at,
        "last_seen_at": incident.last_seen_at,
        "polls": incident.polls,
        "detail": incident.detail,
        "told": incident.told,
        "told_at": incident.told_at,
        "ended_at": incident.ended_at,
        "settled": incident.settled,
    }


def _incident(row: IncidentRow) -> Incident:
    return Incident(
        id=IncidentId(row.id),
        source_id=SourceId(row.source_id),
        fault=row.fault,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        polls=row.polls,
        detail=row.detail,
        told=row.told,
        told_at=row.told_at,
        ended_at=row.ended_at,
        settled=row.settled,
    )
