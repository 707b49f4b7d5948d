"""Tables of items: their newest and earlier revisions, keys, sources, and further looks."""

# ruff: noqa: TC001, TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.classification import Stage
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.outcome import Answer
from storage.tables.base import BIG, Base


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


_UNLINKED = "story_id IS NULL"


class ItemRow(Content, Base):
    """One article in its newest revision."""

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "first_seen_at"),
        Index(None, "relevant", "first_seen_at"),
        Index(None, "story_id", "id"),
        # Few rows at any time: those that wait for their story.
        Index("ix_items_unlinked", "id", sqlite_where=text(_UNLINKED), postgresql_where=text(_UNLINKED)),
        # An id is never given twice, also after its row was pruned: dedup keys of alerts hold it for ever.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    source_id: Mapped[str]
    first_seen_at: Mapped[datetime]
    revision: Mapped[int]
    baseline: Mapped[bool]
    story_id: Mapped[int | None] = mapped_column(BIG)


class ItemKeyRow(Base):
    """One way to recognise an item."""

    __tablename__ = "item_keys"
    __table_args__ = (Index(None, "item_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id", ondelete="CASCADE"))


class ItemSourceRow(Base):
    """A source whose list led to an item."""

    __tablename__ = "item_sources"

    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True)
    entry_hash: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(server_default=func.current_timestamp())


class RevisionRow(Content, Base):
    """What an item was before it was replaced."""

    __tablename__ = "revisions"

    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_hash: Mapped[str]


class RecheckRow(Base):
    """Further looks at a flagged item."""

    __tablename__ = "rechecks"
    __table_args__ = (Index(None, "due_at"),)

    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
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


class GoneKeyRow(Base):
    """A key of an item that was pruned."""

    __tablename__ = "gone_keys"
    __table_args__ = (Index(None, "gone_at"), {"sqlite_with_rowid": False})

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    gone_at: Mapped[datetime]
