"""Which faults of a driver are expected, and how they are told."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from core.errors import SchemaError, StorageError
from storage.faults import fault_handler

if TYPE_CHECKING:
    from sqlalchemy import ExceptionContext

HANDLE = fault_handler("data/hongtou.db")


def handled(error: BaseException, base: type[Exception]) -> StorageError | None:
    """Return what the handler makes of a driver's error."""
    wrapped = DBAPIError.instance("SELECT 1", {}, cast("Exception", error), base)
    context = SimpleNamespace(original_exception=error, sqlalchemy_exception=wrapped)
    return HANDLE(cast("ExceptionContext", context))


def of_sqlite(name: str, text: str = "") -> StorageError | None:
    """Return what becomes of an SQLite result code."""
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return handled(error, sqlite3.Error)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SQLITE_BUSY", "is locked by another program"),
        ("SQLITE_BUSY_SNAPSHOT", "is locked by another program"),
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_READONLY_DBMOVED", "cannot be written"),
        ("SQLITE_CANTOPEN", "cannot be opened"),
        ("SQLITE_IOERR_WRITE", "its mount has a fault"),
        ("SQLITE_CORRUPT_INDEX", "is damaged; restore a backup"),
        ("SQLITE_NOTADB", "is no SQLite database"),
    ],
)
def test_faults_of_a_file_are_told_by_their_cause(code: str, words: str) -> None:
    """Every cause that a user can mend has its own sentence, extended codes like their primary one."""
    error = of_sqlite(code, "what the driver said")
    assert type(error) is StorageError
    assert words in str(error)
    assert str(error).startswith("The database data/hongtou.db ")
    assert str(error).endswith("(what the driver said).")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.OperationalError("connection refused"), "cannot be reached (connection refused)"),
        (psycopg.InterfaceError("the connection is closed"), "cannot be reached"),
        (psycopg.errors.AdminShutdown("x"), "went away"),
        (psycopg.errors.LockNotAvailable("x"), "is locked by another program"),
        (psycopg.errors.DiskFull("x"), "its disk is full"),
        (psycopg.errors.TooManyConnections("x"), "has no free connection"),
        (psycopg.errors.ReadOnlySqlTransaction("x"), "is read-only"),
        (psycopg.errors.InsufficientPrivilege("x"), "grant the rights"),
        (psycopg.errors.InvalidPassword("x"), "refuses the user or password"),
        (psycopg.errors.InvalidCatalogName("x"), "create it first"),
        (psycopg.errors.DeadlockDetected("x\nsecond line"), "conflicting change; try again (x)"),
        (psycopg.errors.DataCorrupted("x"), "is damaged"),
    ],
)
def test_faults_of_a_server_are_told_by_their_cause(error: psycopg.Error, words: str) -> None:
    """Every class of SQLSTATE that is no fault of the program has its own sentence, of one line."""
    told = handled(error, psycopg.Error)
    assert type(told) is StorageError
    assert words in str(told)
    assert "\n" not in str(told)


def test_a_missing_table_is_a_schema_error() -> None:
    """What points at a schema that does not fit is told as such."""
    assert isinstance(of_sqlite("SQLITE_ERROR", "no such table: items"), SchemaError)
    assert isinstance(of_sqlite("SQLITE_ERROR", "no such column: x"), SchemaError)
    for kind in (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        assert isinstance(handled(kind("x"), psycopg.Error), SchemaError)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.SyntaxError("x"),
        psycopg.errors.NotNullViolation("x"),
        psycopg.errors.InvalidTextRepresentation("x"),
        psycopg.ProgrammingError("wrong number of parameters"),
    ],
)
def test_bugs_of_statements_pass_through(error: psycopg.Error) -> None:
    """A wrong statement is no fault of the database."""
    assert handled(error, psycopg.Error) is None


def test_other_bugs_pass_through() -> None:
    """A constraint, a syntax error, and what no driver raised, stay what they are."""
    assert of_sqlite("SQLITE_ERROR", 'near "SELEC": syntax error') is None
    assert of_sqlite("SQLITE_CONSTRAINT_NOTNULL") is None
    assert handled(sqlite3.ProgrammingError("closed"), sqlite3.Error) is None
    context = SimpleNamespace(original_exception=KeyError("x"), sqlalchemy_exception=None)
    assert HANDLE(cast("ExceptionContext", context)) is None
