"""The database as the rest of the program sees it; everything SQL is behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from storage.engine import build_engine, name_of, parse_address
from storage.schema import check_schema, downgrade, upgrade
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from types import TracebackType

LOCK_TIMEOUT = timedelta(seconds=30)
"""Longest wait for another's lock; with it, no write failed under four writers (docs/design-notes.md)."""


class SqlDatabase:
    """SQLite in a file, or PostgreSQL; implements `core.ports.Database`.

    Safe in any thread; each unit of work is used in one. SQLite runs in WAL mode, so that `kill -9` and power cuts
    lose nothing that was committed, and every unit of work takes the write lock with its first statement.

    Args:
        address: SQLAlchemy address, `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.
        lock_timeout: Longest wait for another's lock, after which methods raise `StorageError`.

    Raises:
        StorageError: The address is none, its driver is missing, or the folder of the file cannot be made.
    """

    def __init__(self, address: str, *, lock_timeout: timedelta = LOCK_TIMEOUT) -> None:
        self._url = parse_address(address)
        self._lock_timeout = lock_timeout
        self._engine = build_engine(self._url, lock_timeout=lock_timeout)
        # Rows are read afresh each time: repositories also write past the session, and others write beside it.
        self._sessions = sessionmaker(
            self._engine, class_=Session, expire_on_commit=False, execution_options={"populate_existing": True}
        )

    @property
    def name(self) -> str:
        """What to call the database to the user: path or address, without password."""
        return name_of(self._url)

    def unit_of_work(self) -> SqlUnitOfWork:
        """Return a new, unbegun unit of work."""
        return SqlUnitOfWork(self._sessions)

    def migrate(self) -> None:
        """Create the tables, or bring them to this program's schema; does nothing when they have it.

        Raises:
            SchemaError: The database is newer than this program; nothing was changed.
            StorageError: It cannot be used.
        """
        self._run_migrations(up_to="head")

    def downgrade(self, *, to: str) -> None:
        """Take the schema back to an earlier revision, `base` for nothing at all. Loses what that cannot hold.

        Raises:
            SchemaError: The database is newer than this program; nothing was changed.
            StorageError: It cannot be used.
        """
        engine = build_engine(self._url, lock_timeout=self._lock_timeout, foreign_keys=False)
        try:
            downgrade(engine, name=self.name, to=to)
        finally:
            engine.dispose()

    def check(self) -> None:
        """Make sure that the database can be used by this program.

        Raises:
            SchemaError: It is newer, older, empty, or damaged; the message says what to do.
            StorageError: It cannot be used.
        """
        check_schema(self._engine, name=self.name)

    def close(self) -> None:
        """Give up every connection."""
        self._engine.dispose()

    def __enter__(self) -> SqlDatabase:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Close."""
        self.close()

    def _run_migrations(self, *, up_to: str) -> None:
        engine = build_engine(self._url, lock_timeout=self._lock_timeout, foreign_keys=False)
        try:
            upgrade(engine, name=self.name, to=up_to)
        finally:
            engine.dispose()
