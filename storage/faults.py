"""What a database driver's fault means to a user; decides which faults are expected and which are bugs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.errors import SchemaError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ExceptionContext

_SQLITE = {
    "SQLITE_BUSY": "is locked by another program; try again when that has finished",
    "SQLITE_LOCKED": "is locked by another program; try again when that has finished",
    "SQLITE_FULL": "cannot grow: the disk is full",
    "SQLITE_READONLY": "cannot be written; check the owner and permissions of the file, of its folder and of the mount",
    "SQLITE_PERM": "cannot be used; check the owner and permissions of the file and of its folder",
    "SQLITE_AUTH": "cannot be used; check the owner and permissions of the file and of its folder",
    "SQLITE_CANTOPEN": "cannot be opened; check that its folder exists and may be written",
    "SQLITE_IOERR": "cannot be read or written: the disk or its mount has a fault",
    "SQLITE_CORRUPT": "is damaged; restore a backup",
    "SQLITE_NOTADB": "is no SQLite database; check the address, or restore a backup",
    "SQLITE_NOMEM": "needs more memory than there is",
    "SQLITE_PROTOCOL": "cannot be locked; its file system may not support locks",
    "SQLITE_NOLFS": "is larger than its file system allows",
    "SQLITE_INTERRUPT": "was interrupted",
}
"""Primary result codes (sqlite.org/rescode.html) that are no fault of the program."""

_POSTGRES = {
    "08": "cannot be reached",
    "25006": "is read-only",
    "28": "refuses the user or password",
    "3D000": "does not exist on its server; create it first",
    "40": "was busy with a conflicting change; try again",
    "42501": "does not allow this user to do that; grant the rights on it",
    "53100": "cannot grow: its disk is full",
    "53200": "needs more memory than its server has",
    "53300": "has no free connection; raise max_connections or stop other programs",
    "55P03": "is locked by another program; try again when that has finished",
    "57014": "took too long to answer",
    "57P": "went away; its server was stopped or is starting",
    "58": "cannot be read or written: its server's disk has a fault",
    "XX": "is damaged, or its server has a fault",
}
"""Prefixes of SQLSTATE (PostgreSQL manual, appendix A) that are no fault of the program."""

_OPERATIONAL = (OperationalError, InterfaceError)
_MISSING = {"42P01", "42703"}
"""undefined_table, undefined_column."""
_SCHEMA = "lacks a table or column that this program needs; upgrade it, or restore a backup"


def fault_handler(name: str) -> Callable[[ExceptionContext], StorageError | None]:
    """Make a handler of SQLAlchemy's `handle_error` event for a database.

    Args:
        name: What to call the database to the user, without secrets.

    Returns:
        A function that returns the `StorageError` to raise in place of a driver's fault, or None for a bug, which
        passes through as it is.
    """

    def handle(context: ExceptionContext) -> StorageError | None:
        error = context.original_exception
        if isinstance(error, sqlite3.Error):
            return _of_sqlite(error, name)
        if isinstance(context.sqlalchemy_exception, DBAPIError):
            return _of_postgres(error, name, is_operational=isinstance(context.sqlalchemy_exception, _OPERATIONAL))
        return None

    return handle


def _of_sqlite(error: sqlite3.Error, name: str) -> StorageError | None:
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_ERROR" and str(error).startswith(("no such table", "no such column")):
        return SchemaError(f"The database {name} {_SCHEMA} ({error}).")
    primary = "_".join(code.split("_")[:2])
    meaning = _SQLITE.get(primary)
    return StorageError(f"The database {name} {meaning} ({error}).") if meaning else None


def _of_postgres(error: BaseException, name: str, *, is_operational: bool) -> StorageError | None:
    state: str | None = getattr(error, "sqlstate", None)
    detail = (str(error).splitlines() or [""])[0]
    if state in _MISSING:
        return SchemaError(f"The database {name} {_SCHEMA} ({detail}).")
    # Without a SQLSTATE the server said nothing: the connection could not be made, or was lost.
    meaning = "cannot be reached" if is_operational and state is None else None
    if state is not None:
        meaning = next((text for prefix, text in _POSTGRES.items() if state.startswith(prefix)), None)
    return StorageError(f"The database {name} {meaning} ({detail}).") if meaning else None
