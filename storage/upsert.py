"""INSERT … ON CONFLICT, which both databases have and spell alike, but SQLAlchemy keeps apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    T = TypeVar("T")

_MAX_PARAMETERS = 1000
"""Values in one IN list: few statements for a long list, far below the limits (SQLite 32,766, PostgreSQL 65,535)."""


def table_of(row: type[Base]) -> Table:
    """Return the bare table of a mapped class.

    Statements on it, with the values as parameters, cost a third of those on the class with the values in them, which
    SQLAlchemy takes apart column by column each time.
    """
    return Base.metadata.tables[row.__tablename__]


def insert_into(session: Session, row: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT with `on_conflict_…` methods, for the session's database; pass the values as parameters."""
    table = table_of(row)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def in_portions(values: Sequence[T], size: int = _MAX_PARAMETERS) -> Iterator[Sequence[T]]:
    """Yield the values in portions that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
