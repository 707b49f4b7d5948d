"""The tables. Private to this package: repositories take and return `core` values.

What every column means is told in `docs/database.md`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, LargeBinary, MetaData, UniqueConstraint, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.alert import AlertKind, AlertState
from core.classification import Stage
from core.incident import Fault
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.outcome import Answer
from storage.columns import PlainJson, PlainText, Seconds, UtcDateTime, word_of

_BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER."""


class Base(DeclarativeBase):
    """Names constraints alike on every database, and says how Python types are stored."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        timedelta: Seconds,
        str: PlainText,
        list[str]: PlainJson,
        list[dict[str, str]]: PlainJson,
        dict[str, Any]: PlainJson,
        **{
            kind: word_of(kind)
            for kind in (AlertKind, AlertState, Answer, BodyOrigin, DateOrigin, DatePrecision, Fault, Stage)
        },
    }


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


class Content:
    """The columns that change from one revision of an item to the next."""

    url: Mapped[str]
    canonical_url: Mapped[str]
    guid: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    summary: Mapped[str]
    language: Mapped[str]
    published_at: Mapped[datetime]
    published_precision: Mapped[DatePrecision]
    published_origin: Mapped[DateOrigin]
    published_raw: Mapped[str]
    updated_at: Mapped[datetime]
    author: Mapped[str]
    issuer: Mapped[str]
    document_numbers: Mapped[list[str]]
    attachments: Mapped[list[dict[str, str]]]
    facts: Mapped[dict[str, Any] | None]
    body_origin: Mapped[BodyOrigin]
    page_problem: Mapped[Answer | None]
    page_attempts: Mapped[int]
    content_hash: Mapped[str]
    relevant: Mapped[bool | None]
    score: Mapped[float | None]
    jurisdiction: Mapped[str | None]
    act: Mapped[str | None]
    topics: Mapped[list[str] | None]
    judgement: Mapped[dict[str, Any] | None]
    classifier: Mapped[str | None]
    stage: Mapped[Stage | None]
    effective_on: Mapped[date | None]
    comments_until: Mapped[date | None]
    gloss: Mapped[str | None]


class ItemRow(Content, Base):
    """One article in its newest revision."""

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "content_hash", "first_seen_at"),
        Index(None, "first_seen_at"),
        Index(None, "relevant", "first_seen_at"),
        Index(None, "story_id"),
        # An id is never given twice, also after its row was pruned: dedup keys of alerts hold it for ever.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
    source_id: Mapped[str]
    first_seen_at: Mapped[datetime]
    revision: Mapped[int]
    baseline: Mapped[bool]
    story_id: Mapped[int | None] = mapped_column(_BIG)


class ItemKeyRow(Base):
    """One way to recognise an item."""

    __tablename__ = "item_keys"
    __table_args__ = (Index(None, "item_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(_BIG, ForeignKey("items.id", ondelete="CASCADE"))


class ItemSourceRow(Base):
    """A source whose list led to an item."""

    __tablename__ = "item_sources"

    item_id: Mapped[int] = mapped_column(_BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    entry_hash: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(server_default=func.current_timestamp())


class RevisionRow(Content, Base):
    """What an item was before it was replaced."""

    __tablename__ = "revisions"

    item_id: Mapped[int] = mapped_column(_BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_hash: Mapped[str]


class AlertRow(Base):
    """One alert on its way."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        Index(None, "state", "created_at"),
        Index(None, "digest_id"),
        Index(None, "item_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
    dedup_key: Mapped[str]
    kind: Mapped[AlertKind]
    channel: Mapped[str]
    route: Mapped[str | None]
    item_id: Mapped[int | None] = mapped_column(_BIG, ForeignKey("items.id", ondelete="SET NULL"))
    digest_id: Mapped[int | None] = mapped_column(_BIG, ForeignKey("outbox.id", ondelete="SET NULL"))
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


class DeliveryRow(Base):
    """One attempt to deliver an alert, and how it ended."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "alert_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
    alert_id: Mapped[int] = mapped_column(_BIG, ForeignKey("outbox.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.current_timestamp())
    outcome: Mapped[AlertState]
    error: Mapped[str]


class DigestRow(Base):
    """When a route's digest was last closed."""

    __tablename__ = "digests"

    route: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


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

    id: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
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


class RecheckRow(Base):
    """Further looks at a flagged item."""

    __tablename__ = "rechecks"
    __table_args__ = (Index(None, "due_at"),)

    item_id: Mapped[int] = mapped_column(_BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime | None]
    looks: Mapped[int]
    failures: Mapped[int]
    missing: Mapped[int]
    last_look_at: Mapped[datetime | None]
    last_reason: Mapped[str]
    removed_at: Mapped[datetime | None]
    removal: Mapped[str]
    removals: Mapped[int]
    returned_at: Mapped[datetime | None]


class LabelRow(Base):
    """What a user said of an article."""

    __tablename__ = "labels"
    __table_args__ = (Index(None, "item_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    # No foreign key: the label, and whose it was, outlive the item.
    item_id: Mapped[int | None] = mapped_column(_BIG)
    relevant: Mapped[bool]
    topics: Mapped[list[str]]
    labelled_at: Mapped[datetime]
    title: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    source_id: Mapped[str]
    url: Mapped[str]
    published_at: Mapped[datetime | None]
    jurisdiction: Mapped[str]
    act: Mapped[str]
    hard: Mapped[bool]


class OpinionRow(Base):
    """A second opinion that was given."""

    __tablename__ = "opinions"
    __table_args__ = (Index(None, "given_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    adviser: Mapped[str]
    given_at: Mapped[datetime]
    opinion: Mapped[dict[str, Any]]


class OpinionMonthRow(Base):
    """What second opinions came to in one calendar month."""

    __tablename__ = "opinion_months"

    month: Mapped[str] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int] = mapped_column(BigInteger)
    questions: Mapped[int] = mapped_column(BigInteger)
    cache_hits: Mapped[int] = mapped_column(BigInteger)
    faults: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    tokens_in: Mapped[int] = mapped_column(BigInteger)
    tokens_out: Mapped[int] = mapped_column(BigInteger)
    last_fault: Mapped[str]
    last_fault_at: Mapped[datetime | None]


class CopyKeyRow(Base):
    """One key under which an item is found by its copies."""

    __tablename__ = "copy_keys"
    # Nothing but the key: what else is known stands once an item in `fingerprints`, which leads back here.
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class FingerprintRow(Base):
    """All keys of one item, so that they can be taken away again."""

    __tablename__ = "fingerprints"
    __table_args__ = (Index(None, "seen_at"),)

    # No foreign key: the keys must be found here when their item is gone.
    item_id: Mapped[int] = mapped_column(_BIG, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    version: Mapped[str]
    packed_keys: Mapped[bytes] = mapped_column(LargeBinary)


class SourceLineRow(Base):
    """A line at the edge of a source's pages."""

    __tablename__ = "source_lines"
    __table_args__ = (Index(None, "seen_at"),)

    line: Mapped[int] = mapped_column(_BIG, primary_key=True, autoincrement=False)
    pages: Mapped[int]
    seen_at: Mapped[datetime]
