"""The database as the rest of the program sees it; everything SQL is behind it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from core.errors import SchemaError, StorageError
from storage.backup import backup_name, copy_sqlite, read_export, restore_sqlite, write_export
from storage.engine import build_engine, name_of, parse_address
from storage.schema import check_schema, current_revision, downgrade, upgrade
from storage.stats import read_stats, tidy
from storage.transfer import export_lines, import_lines, read_revision
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from storage.backup import Backup
    from storage.stats import DatabaseStats

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

    def revision(self) -> str | None:
        """Return the schema revision that the database is at; None for one that is empty, or not there yet.

        Raises:
            StorageError: It cannot be used.
        """
        if self._file is not None and not self._file.exists():
            return None
        return current_revision(self._read_engine)

    def back_up(self, folder: Path, *, now: datetime) -> Backup:
        """Copy the whole database into a folder, while it is in use: SQLite as a file, PostgreSQL as an export.

        Raises:
            StorageError: It is empty or damaged, cannot be used, or the copy cannot be written.
        """
        revision = self.revision()
        if revision is None:
            raise StorageError(f"There is nothing to back up: the database {self.name} is empty.")
        target = folder / backup_name(now, revision, is_file=self._file is not None)
        return copy_sqlite(self._file, target) if self._file is not None else self.export_to(target, now=now)

    def restore(self, backup: Path, *, now: datetime) -> Path | None:
        """Put a backup in the place of this database, which nobody may be using; upgrade it.

        A file of SQLite replaces the old one, which is put aside; an export fills an empty database.

        Returns:
            Where the old file was put; None where there was none.

        Raises:
            SchemaError: The backup is of a newer program; the old database is in its place then.
            StorageError: It is damaged, or of the other kind of database, or the database is not empty.
        """
        aside = None
        if backup.suffix == ".db":
            if self._file is None:
                raise StorageError(f"{backup} is a file of SQLite, and the database {self.name} is none.")
            self.close()
            aside = restore_sqlite(backup, self._file, now=now)
        else:
            self.import_from(backup)
        self.migrate()
        return aside

    def export_to(self, path: Path, *, now: datetime) -> Backup:
        """Write everything as lines of JSON, as one moment saw it; compressed when the name ends in `.gz`.

        Raises:
            StorageError: The database is empty or cannot be used, or the file cannot be written.
        """
        with self._snapshot() as connection:
            return write_export(connection, path, now=now)

    def import_from(self, path: Path) -> Mapping[str, int]:
        """Fill this database, which must be empty, from an export, and upgrade it; return the rows by table.

        Raises:
            SchemaError: The export is of a newer program.
            StorageError: It is damaged, or this database holds something; nothing was stored then.
        """
        with read_export(path) as (revision, lines):
            return self._fill(revision, lines)

    def copy_to(self, other: SqlDatabase, *, now: datetime) -> Mapping[str, int]:
        """Copy everything into another database, which must be empty; return the rows by table.

        Raises:
            StorageError: Either cannot be used, or the other holds something; nothing was stored then.
        """
        with self._snapshot() as connection:
            lines = export_lines(connection, now=now)
            return other._fill(read_revision(next(lines)), lines)

    def stats(self) -> DatabaseStats:
        """Return how large the database and its tables are.

        Raises:
            StorageError: It cannot be used.
        """
        with self._read_engine.connect() as connection:
            return read_stats(connection, self._file)

    def tidy(self, *, whole: bool = True) -> None:
        """Refresh the planner's statistics, and on SQLite give unused space back and cut the log; may take minutes.

        Args:
            whole: False leaves a file as it is of which less than a quarter is unused.

        Raises:
            StorageError: It cannot be used, or is in use just now.
        """
        tidy(self._engine, whole=whole)

    def _fill(self, revision: str, lines: Iterable[str]) -> Mapping[str, int]:
        if self._file is not None:
            _make_folder(self._file.parent)
        with self._without_foreign_keys() as engine:
            if current_revision(engine) not in (None, revision):
                raise StorageError(f"The database {self.name} is in use already. Import into a new one.")
            upgrade(engine, name=self.name, to=revision)
            with engine.begin() as connection:
                rows = import_lines(connection, lines)
        self.migrate()
        return rows

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Lend a connection whose transaction sees one state of the database."""
        steady = {"isolation_level": "REPEATABLE READ"} if self._file is None else {}
        with self._read_engine.connect().execution_options(**steady) as connection, connection.begin():
            yield connection

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
