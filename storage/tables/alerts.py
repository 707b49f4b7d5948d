"""Tables of alerts: the outbox, attempts to deliver, and digests."""

# ruff: noqa: TC001, TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from core.alert import AlertKind, AlertState, Hold
from core.notices import NoticeKind
from core.stories import StoryChange
from storage.tables.base import BIG, Base


class AlertRow(Base):
    """One alert on its way."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        Index(None, "state", "created_at"),
        Index(None, "digest_id"),
        Index(None, "item_id"),
        Index(None, "story_id"),
        Index(None, "state", "held_for", "created_at"),
        Index(None, "sent_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    dedup_key: Mapped[str]
    kind: Mapped[AlertKind]
    channel: Mapped[str]
    route: Mapped[str | None]
    item_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("items.id", ondelete="SET NULL"))
    # No foreign key: it is a name of the story, which may have been merged since.
    story_id: Mapped[int | None] = mapped_column(BIG)
    digest_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("outbox.id", ondelete="SET NULL"))
    state: Mapped[AlertState]
    created_at: Mapped[datetime]
    reason: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str]
    possible_repeat: Mapped[bool]
    change: Mapped[StoryChange | None]
    notice: Mapped[NoticeKind | None]
    held_for: Mapped[Hold | None]
    release_at: Mapped[datetime | None]
    held_group: Mapped[str] = mapped_column(server_default="")
    silence_id: Mapped[int | None] = mapped_column(BIG)


class DeliveryRow(Base):
    """One attempt to deliver an alert, and how it ended."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "alert_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    alert_id: Mapped[int] = mapped_column(BIG, ForeignKey("outbox.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.current_timestamp())
    outcome: Mapped[AlertState]
    error: Mapped[str]


class DigestRow(Base):
    """When a route's digest was last closed."""

    __tablename__ = "digests"

    route: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class AlertPartRow(Base):
    """One part of an alert, as it was rendered."""

    __tablename__ = "alert_parts"

    alert_id: Mapped[int] = mapped_column(BIG, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime | None]


class SilenceRow(Base):
    """A time in which what it matches is not told."""

    __tablename__ = "silences"
    __table_args__ = (Index(None, "ends_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    match: Mapped[dict[str, Any]]
    routes: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    comment: Mapped[str]
    created_at: Mapped[datetime]


class ToldKeyRow(Base):
    """The dedup key of an alert that was pruned."""

    __tablename__ = "told_keys"
    __table_args__ = (Index(None, "pruned_at"),)

    dedup_key: Mapped[str] = mapped_column(primary_key=True)
    pruned_at: Mapped[datetime]


class OutboxTotalRow(Base):
    """How many alerts were ever added, and how many were pruned in each state."""

    __tablename__ = "outbox_totals"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    alerts: Mapped[int] = mapped_column(BigInteger)
