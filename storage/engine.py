"""Builds the SQLAlchemy engine for a database address: locks, durability, foreign keys, and typed faults."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import StorageError
from storage.faults import fault_handler

if TYPE_CHECKING:
    import sqlite3
    from datetime import timedelta

    from sqlalchemy import URL, Connection, Engine

_WAL_LIMIT_BYTES = 64 * 1024 * 1024
"""Size to which SQLite cuts its write-ahead log back after a checkpoint; a long reader can have let it grow."""
_CONNECT_TIMEOUT_S = 10
_HALF_OPEN = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
"""After a minute of silence a connection to PostgreSQL is taken for lost (seconds, but for the last, milliseconds): by
itself the system waits for a quarter of an hour for what it sent, and for two hours where it sent nothing."""


def parse_address(address: str) -> URL:
    """Read a database address.

    Raises:
        StorageError: It is none, or not of SQLite in a file or PostgreSQL. The message never holds the address, which
            may contain a password.
    """
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StorageError("The database address cannot be read; write sqlite:///PATH or postgresql://…") from error
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return url.set(drivername="sqlite+pysqlite")
        case "sqlite":
            raise StorageError("The database address names no file; write sqlite:///PATH")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise StorageError(f"Databases of kind {other} are not supported; write sqlite:///PATH or postgresql://…")


def name_of(url: URL) -> str:
    """Return what to call a database to the user: the path of a file, else the address without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def build_engine(url: URL, *, lock_timeout: timedelta, foreign_keys: bool = True, read_only: bool = False) -> Engine:
    """Return an engine whose expected faults are `StorageError`.

    Args:
        url: A parsed address.
        lock_timeout: Longest wait for another's lock.
        foreign_keys: False only for migrations on SQLite, which rebuild tables.
        read_only: True for transactions that neither wait for writers nor hold them up; what writes is refused.

    Raises:
        StorageError: The driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_reader(url, lock_timeout) if read_only else _sqlite(url, lock_timeout, foreign_keys)
    else:
        engine = _postgres(url, lock_timeout, {"postgresql_readonly": True} if read_only else {})
    event.listen(engine, "handle_error", fault_handler(name_of(url)), retval=True)
    return engine


def _sqlite(url: URL, lock_timeout: timedelta, foreign_keys: bool) -> Engine:  # noqa: FBT001 - a switch of the caller's
    engine = _sqlite_engine(url, lock_timeout)
    event.listen(engine, "connect", partial(_on_sqlite_connect, foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _sqlite_reader(url: URL, lock_timeout: timedelta) -> Engine:
    engine = _sqlite_engine(url, lock_timeout)
    event.listen(engine, "connect", _on_sqlite_reader_connect)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _sqlite_engine(url: URL, lock_timeout: timedelta) -> Engine:
    return create_engine(
        url, connect_args={"timeout": lock_timeout.total_seconds()}, json_serializer=_dump, max_overflow=-1
    )


def _postgres(url: URL, lock_timeout: timedelta, options: dict[str, bool]) -> Engine:
    arguments: dict[str, object] = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "hongtou"}
    if "options" not in url.query:
        arguments["options"] = f"-c lock_timeout={int(lock_timeout.total_seconds() * 1000)}"
    arguments |= {name: value for name, value in _HALF_OPEN.items() if name not in url.query}
    try:
        # pool_pre_ping: a server that was restarted costs one look, not one failed poll for every idle connection.
        return create_engine(
            url,
            connect_args=arguments,
            json_serializer=_dump,
            max_overflow=-1,
            pool_pre_ping=True,
            execution_options=options,
        )
    except ModuleNotFoundError as error:
        raise StorageError("PostgreSQL needs its driver: install hongtou[postgres]") from error


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object, *, foreign_keys: bool) -> None:
    # The driver's own BEGIN comes too late (before the first write) and is deferred; `_begin_immediate` does it.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL, not NORMAL: an accepted alert must be remembered also after a power cut, or it would be sent twice.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")


def _on_sqlite_reader_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _begin_deferred(connection: Connection) -> None:
    # Under the write-ahead log a reader sees one state of the database, and takes no lock that a writer waits for.
    connection.exec_driver_sql("BEGIN DEFERRED")


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock at once waits for it under the lock timeout; a deferred transaction that reads before it
    # writes fails without waiting when another wrote in between (SQLITE_BUSY_SNAPSHOT).
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _dump(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
