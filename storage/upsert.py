"""INSERT … ON CONFLICT, which both databases have and spell alike, but SQLAlchemy keeps apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from sqlalchemy.orm import Session

    from storage.tables import Base

    T = TypeVar("T")

_MAX_PARAMETERS = 1000
"""Values in one IN list: few statements for a long list, far below the limits (SQLite 32,766, PostgreSQL 65,535)."""


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT with `on_conflict_…` methods, for the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def in_portions(values: Sequence[T], size: int = _MAX_PARAMETERS) -> Iterator[Sequence[T]]:
    """Yield the values in portions that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
