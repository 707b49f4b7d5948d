"""Tables of sources: their state between polls, their news and their incidents."""

# ruff: noqa: TC001, TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.incident import Fault
from core.outcome import Answer
from storage.tables.base import BIG, Base


class SourceStateRow(Base):
    """What is remembered of one source between polls."""

    __tablename__ = "source_state"
    __table_args__ = (Index(None, "next_due_at"),)

    source_id: Mapped[str] = mapped_column(primary_key=True)
    next_due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    first_synced_at: Mapped[datetime | None]
    last_polled_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    last_answer: Mapped[Answer | None]
    last_status: Mapped[int | None]
    last_detail: Mapped[str]
    failures: Mapped[int]
    empties: Mapped[int]
    polls: Mapped[int]
    items: Mapped[int]
    interval_s: Mapped[timedelta | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str]
    ttl_s: Mapped[timedelta | None]
    closed: Mapped[dict[str, Any] | None]


class PollHourRow(Base):
    """What one hour's requests for lists came to."""

    __tablename__ = "poll_hours"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    requests: Mapped[int]
    planned: Mapped[float]
    price: Mapped[float]


class NewsHourRow(Base):
    """One hour in which a source had news."""

    __tablename__ = "news_hours"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    items: Mapped[int]


class IncidentRow(Base):
    """A time in which a source, or our own network, was not well."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(None, "source_id", "ended_at"),
        Index(None, "settled", "started_at"),
        # An id is never given twice: dedup keys of notices hold it for ever.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    source_id: Mapped[str]
    fault: Mapped[Fault]
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    polls: Mapped[int]
    detail: Mapped[str]
    told: Mapped[int]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    settled: Mapped[bool]
