"""The database as the rest of the program sees it; everything SQL is behind it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from core.errors import SchemaError, StorageError
from storage.engine import build_engine, name_of, parse_address
from storage.schema import check_schema, downgrade, upgrade
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from sqlalchemy import Engine

LOCK_TIMEOUT = timedelta(seconds=30)
"""Longest wait for another's lock; with it, no write failed under four writers (docs/design-notes.md)."""


class SqlDatabase:
    """SQLite in a file, or PostgreSQL; implements `core.repositories.Database`.

    Safe in any thread; each unit of work is used in one. SQLite runs in WAL mode, so that `kill -9` and power cuts
    lose nothing that was committed, and every unit of work takes the write lock with its first statement.

    Args:
        address: SQLAlchemy address, `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.
        lock_timeout: Longest wait for another's lock, after which methods raise `StorageError`.

    Raises:
        StorageError: The address is none, or its driver is missing.
    """

    def __init__(self, address: str, *, lock_timeout: timedelta = LOCK_TIMEOUT) -> None:
        self._url = parse_address(address)
        self._file = Path(str(self._url.database)) if self._url.get_backend_name() == "sqlite" else None
        self._lock_timeout = lock_timeout
        self._engine = build_engine(self._url, lock_timeout=lock_timeout)
        self._read_engine = build_engine(self._url, lock_timeout=lock_timeout, read_only=True)
        self._sessions = _sessions(self._engine)
        self._readers = _sessions(self._read_engine)

    @property
    def name(self) -> str:
        """What to call the database to the user: path or address, without password."""
        return name_of(self._url)

    def unit_of_work(self) -> SqlUnitOfWork:
        """Return a new, unbegun unit of work."""
        return SqlUnitOfWork(self._sessions)

    def reading(self) -> SqlUnitOfWork:
        """Return a new, unbegun unit of work that only reads, and takes no lock that a writer waits for."""
        return SqlUnitOfWork(self._readers)

    def migrate(self) -> None:
        """Create the tables, or bring them to this program's schema; does nothing when they have it.

        Raises:
            SchemaError: The database is newer than this program; nothing was changed.
            StorageError: It cannot be used, or the folder of its file cannot be made.
        """
        if self._file is not None:
            _make_folder(self._file.parent)
        with self._without_foreign_keys() as engine:
            upgrade(engine, name=self.name)

    def downgrade(self, *, to: str) -> None:
        """Take the schema back to an earlier revision, `base` for nothing at all. Loses what that cannot hold.

        Raises:
            SchemaError: The database is newer than this program; nothing was changed.
            StorageError: It cannot be used.
        """
        with self._without_foreign_keys() as engine:
            downgrade(engine, name=self.name, to=to)

    def check(self) -> None:
        """Make sure that the database can be used by this program; changes nothing.

        Raises:
            SchemaError: It is newer, older, empty, or damaged; the message says what to do.
            StorageError: It cannot be used.
        """
        if self._file is not None and not self._file.exists():
            raise SchemaError(f"There is no database {self.name} yet; it must be created first.")
        check_schema(self._engine, name=self.name)

    def close(self) -> None:
        """Give up every connection."""
        self._engine.dispose()
        self._read_engine.dispose()

    def __enter__(self) -> SqlDatabase:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Close."""
        self.close()

    @contextmanager
    def _without_foreign_keys(self) -> Iterator[Engine]:
        """Lend an engine for migrations: on SQLite they rebuild tables, whose references must not follow them."""
        engine = build_engine(self._url, lock_timeout=self._lock_timeout, foreign_keys=False)
        try:
            yield engine
        finally:
            engine.dispose()


def _sessions(engine: Engine) -> sessionmaker[Session]:
    # Rows are read afresh each time: repositories also write past the session, and others write beside it.
    return sessionmaker(engine, class_=Session, expire_on_commit=False, execution_options={"populate_existing": True})


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be made: {error.strerror}.") from error
