"""Tables by which copies of a text are found."""

# ruff: noqa: TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import BIG, Base


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
    item_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    version: Mapped[str]
    packed_keys: Mapped[bytes] = mapped_column(LargeBinary)


class SourceLineRow(Base):
    """A line at the edge of a source's pages."""

    __tablename__ = "source_lines"
    __table_args__ = (Index(None, "seen_at"),)

    line: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    pages: Mapped[int]
    seen_at: Mapped[datetime]
