"""Tables of what others than the classifier say of items: users, and language models."""

# ruff: noqa: TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import BIG, Base


class LabelRow(Base):
    """What a user said of an article."""

    __tablename__ = "labels"
    __table_args__ = (Index(None, "item_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    # No foreign key: the label, and whose it was, outlive the item.
    item_id: Mapped[int | None] = mapped_column(BIG)
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
