"""Writes a whole database as lines of JSON and reads it back, on SQLite and PostgreSQL and from one to the other.

Tables are taken as the database says they are, not as this program knows them: what an older program stored can be
written before it is upgraded, and read back into a database of its time. Lines::

    {"format": "hongtou-export", "version": 1, "revision": "0010", "created_at": "…"}
    {"table": "items", "columns": ["id", …]}
    [1, "…", {"$time": "2026-11-26T01:00:00+00:00"}, …]
    {"sequence": "items", "last": 4711}
    {"end": true, "rows": {"items": 4711, …}}
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from alembic.migration import MigrationContext
from sqlalchemy import JSON, MetaData, bindparam, func, insert, select, text, update

from core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Table

FORMAT = "hongtou-export"
VERSION = 1
_VERSION_TABLE = "alembic_version"
_AT_ONCE = 500
"""Rows read or written in one go: bounds the memory, whatever the table's size."""


def export_lines(connection: Connection, *, now: datetime) -> Iterator[str]:
    """Yield the lines of a whole database, as one moment saw it, without line ends.

    Args:
        connection: In a transaction that sees one state: any of SQLite, REPEATABLE READ on PostgreSQL.
        now: Written into the first line.

    Raises:
        StorageError: The database is empty or cannot be read.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise StorageError("There is nothing to export: the database is empty.")
    tables = _tables(connection)
    yield _line({"format": FORMAT, "version": VERSION, "revision": revision, "created_at": now.isoformat()})
    counts: dict[str, int] = {}
    for table in tables:
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        counts[table.name] = 0
        for row in _rows(connection, table):
            counts[table.name] += 1
            yield _line([_encoded(value) for value in row])
    for name, last in _sequences(connection, tables):
        yield _line({"sequence": name, "last": last})
    yield _line({"end": True, "rows": counts})


def read_revision(first_line: str) -> str:
    """Return the schema revision of an export.

    Raises:
        StorageError: The line does not begin an export that this program can read.
    """
    head = _parsed(first_line, 1)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise StorageError("The file is no export of Hongtou.")
    if head.get("version") != VERSION:
        raise StorageError(f"The export is of version {head.get('version')}, and this program reads {VERSION}.")
    return str(head.get("revision"))


def import_lines(connection: Connection, lines: Iterable[str]) -> Mapping[str, int]:
    """Fill the empty tables of a database with all lines of an export but its first; return the rows by table.

    Args:
        connection: In a transaction, to a database at the export's revision; on SQLite without foreign keys.
        lines: The rest of the export.

    Raises:
        StorageError: A table holds rows already, or the export is damaged or ends too soon. The transaction is to be
            given up.
    """
    reader = _Reader(connection)
    for number, line in enumerate(lines, start=2):
        if line.strip():
            reader.take(_parsed(line, number), number)
    return reader.finish()


class _Reader:
    """Takes the lines of an export one by one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in _tables(connection)}
        self._counts: dict[str, int] = {}
        self._fill: _Filling | None = None
        self._told: Mapping[object, object] | None = None
        for table in self._tables.values():
            if connection.scalar(select(func.count()).select_from(table)):
                raise StorageError(f"The database is not empty: table {table.name} holds rows. Import into a new one.")

    def take(self, line: Any, number: int) -> None:  # noqa: ANN401 - any JSON
        match line:
            case list() if self._fill is not None and len(line) == len(self._fill.columns):
                self._fill.add(line)
            case {"table": str(name), "columns": [*columns]} if name in self._tables:
                self._close()
                self._fill = _Filling(self._connection, self._tables[name], [str(column) for column in columns])
            case {"sequence": str(name), "last": int(last)} if name in self._tables:
                self._close()
                _set_sequence(self._connection, name, last)
            case {"end": True, "rows": {**rows}}:
                self._close()
                self._told = rows
            case _:
                raise StorageError(f"Line {number} of the export cannot be read.")

    def finish(self) -> Mapping[str, int]:
        if self._told is None:
            raise StorageError("The export ends too soon; it was not written to its end.")
        if self._told != self._counts:
            raise StorageError("The export lacks rows that it says it has.")
        return self._counts

    def _close(self) -> None:
        if self._fill is not None:
            self._counts[self._fill.table.name] = self._fill.finish()
            self._fill = None


class _Filling:
    """Fills one table, in portions."""

    def __init__(self, connection: Connection, table: Table, columns: list[str]) -> None:
        unknown = set(columns) - {column.name for column in table.columns}
        if unknown:
            raise StorageError(f"The export has columns that table {table.name} lacks: {', '.join(sorted(unknown))}.")
        self.table = table
        self.columns = columns
        self._connection = connection
        self._decoders = [_decoder(table, name, connection.dialect.name) for name in columns]
        self._own = [column.name for column in table.columns if _refers_to_itself(column)]
        self._rows: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []
        self._count = 0

    def add(self, values: list[Any]) -> None:
        row = {name: decode(value) for name, decode, value in zip(self.columns, self._decoders, values, strict=True)}
        if any(row.get(name) is not None for name in self._own):
            # What it refers to may come later in the same table.
            key = {f"key_{column.name}": row[column.name] for column in self.table.primary_key}
            self._later.append(key | {name: row[name] for name in self._own})
            row |= dict.fromkeys(self._own)
        self._rows.append(row)
        if len(self._rows) >= _AT_ONCE:
            self._write()

    def finish(self) -> int:
        self._write()
        if self._later:
            keys = [column == bindparam(f"key_{column.name}") for column in self.table.primary_key]
            values: dict[str, Any] = {name: bindparam(name) for name in self._own}
            self._connection.execute(update(self.table).where(*keys).values(values), self._later)
        return self._count

    def _write(self) -> None:
        if self._rows:
            self._connection.execute(insert(self.table), self._rows)
            self._count += len(self._rows)
            self._rows = []


def _tables(connection: Connection) -> list[Table]:
    """Return the tables, each after those it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSION_TABLE]


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    ordered = select(table).order_by(*table.primary_key)
    # Not streamed through a cursor of the server: that one ends with a fault when the reader gives up half-way.
    result = connection.execution_options(yield_per=_AT_ONCE).execute(ordered)
    while rows := list(islice(result, _AT_ONCE)):
        yield from (tuple(row) for row in rows)


def _encoded(value: Any) -> Any:  # noqa: ANN401 - any column's
    match value:
        case datetime():
            return {"$time": (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case bytes() | memoryview():
            return {"$bytes": base64.b64encode(value).decode()}
        case Decimal():
            return float(value)
        case _:
            return value


def _decoder(table: Table, name: str, dialect: str) -> Callable[[Any], Any]:
    """Return what makes a value of JSON one of a column."""
    if isinstance(table.columns[name].type, JSON):
        return lambda value: value

    def decode(value: Any) -> Any:  # noqa: ANN401 - any column's
        match value:
            case {"$time": str(moment)}:
                at = datetime.fromisoformat(moment)
                return at.astimezone(UTC).replace(tzinfo=None) if dialect == "sqlite" else at
            case {"$date": str(day)}:
                return date.fromisoformat(day)
            case {"$bytes": str(encoded)}:
                return base64.b64decode(encoded)
            case _:
                return value

    return decode


def _refers_to_itself(column: Any) -> bool:  # noqa: ANN401 - a reflected column
    return any(key.column.table is column.table for key in column.foreign_keys)


def _sequences(connection: Connection, tables: Iterable[Table]) -> Iterator[tuple[str, int]]:
    """Yield the last number that each numbered table gave, also when its row is gone."""
    if connection.dialect.name == "sqlite":
        if connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")):
            given = connection.execute(text("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
            yield from ((str(name), int(last)) for name, last in given)
        return
    for table in tables:
        for column in table.primary_key:
            if sequence := _sequence_of(connection, table.name, column.name):
                last = connection.scalar(
                    text("SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename) = :name"),
                    {"name": sequence},
                )
                yield table.name, int(last or 0)


def _sequence_of(connection: Connection, table: str, column: str) -> str | None:
    found: str | None = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column}
    )
    return found


def _set_sequence(connection: Connection, table: str, last: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": table, "seq": last}
        )
        return
    sequence = _sequence_of(connection, table, "id")
    if sequence is not None:
        connection.execute(
            text("SELECT setval(CAST(:name AS regclass), :last, :used)"),
            {"name": sequence, "last": max(last, 1), "used": last > 0},
        )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parsed(line: str, number: int) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(line)
    except ValueError as error:
        raise StorageError(f"Line {number} of the export cannot be read.") from error
