"""How large a database is, and how it is kept tidy."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, func, select, text
from sqlalchemy.exc import DatabaseError

from core.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine


_UNUSED = 0.25
"""Share of a file from which it is worth to be written anew; less is filled again by what comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStats:
    """One table."""

    name: str
    rows: int
    size: int | None
    """Bytes with its indexes; None where the database does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStats:
    """A whole database."""

    size: int
    """Bytes, of a file with its write-ahead log."""
    unused: int
    """Of them, bytes that hold nothing; 0 where the database does not tell."""
    tables: tuple[TableStats, ...]
    """The largest first, then by rows."""


def read_stats(connection: Connection, file: Path | None) -> DatabaseStats:
    """Return the sizes of a database.

    Args:
        connection: To it.
        file: Of SQLite; None on PostgreSQL.
    """
    found = MetaData()
    found.reflect(connection)
    rows = {
        name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in found.tables.items()
    }
    sizes = _postgres_sizes(connection) if file is None else _sqlite_sizes(connection)
    tables = [TableStats(name=name, rows=count, size=sizes.get(name)) for name, count in rows.items()]
    return DatabaseStats(
        size=_database_size(connection) if file is None else _file_size(file),
        unused=0 if file is None else _unused(connection),
        tables=tuple(sorted(tables, key=lambda table: (-(table.size or 0), -table.rows, table.name))),
    )


def tidy(engine: Engine, *, whole: bool) -> None:
    """Refresh the planner's statistics, and on SQLite give unused space back and cut the log.

    Args:
        engine: Of the database.
        whole: Whether the file is written anew however little of it is unused: writers wait as long as that takes.

    Raises:
        StorageError: The database cannot be used, or is in use just now.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
        return
    raw = engine.raw_connection()
    try:
        # Outside of any transaction, which neither VACUUM nor a checkpoint can be part of.
        cursor = raw.cursor()
        unused, pages = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
        rewrite = ("VACUUM",) if whole or unused >= _UNUSED * pages else ()
        for statement in ("PRAGMA optimize", "ANALYZE", *rewrite, "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
    except sqlite3.Error as error:
        raise StorageError(f"The database could not be tidied: {error}.") from error
    finally:
        raw.close()


def _sqlite_sizes(connection: Connection) -> dict[str, int]:
    """Return bytes by table, where SQLite was built to tell."""
    asked = text(
        "SELECT coalesce(master.tbl_name, stat.name), sum(stat.pgsize) FROM dbstat AS stat "
        "LEFT JOIN sqlite_master AS master ON master.name = stat.name GROUP BY 1"
    )
    try:
        return {name: int(size) for name, size in connection.execute(asked)}
    except (DatabaseError, StorageError):
        return {}


def _unused(connection: Connection) -> int:
    pages = connection.execute(text("PRAGMA freelist_count")).scalar() or 0
    size = connection.execute(text("PRAGMA page_size")).scalar() or 0
    return int(pages) * int(size)


def _file_size(file: Path) -> int:
    parts = (file, file.with_name(f"{file.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _postgres_sizes(connection: Connection) -> dict[str, int]:
    asked = text(
        "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = current_schema()::regnamespace"
    )
    return {name: int(size) for name, size in connection.execute(asked)}


def _database_size(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar() or 0)
