"""Copies of a whole database beside it: a file of SQLite's own, or an export of PostgreSQL."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, cast

from core.errors import StorageError
from storage.transfer import export_lines, read_revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

_NAME = re.compile(r"hongtou-(\d{8}T\d{6}Z)-r(\w+)\.(db|jsonl\.gz)")
_PAGES = 4096
"""Pages copied at once: 16 MB, between which writers get their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One copy of the database."""

    path: Path
    size: int
    """Bytes."""


def backup_name(now: datetime, revision: str, *, is_file: bool) -> str:
    """Return the file name of a backup: when, of which schema, and of which kind."""
    return f"hongtou-{now:%Y%m%dT%H%M%SZ}-r{revision}.{'db' if is_file else 'jsonl.gz'}"


def list_backups(folder: Path) -> tuple[Path, ...]:
    """Return the backups in a folder, the oldest first; other files are left out."""
    if not folder.is_dir():
        return ()
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return tuple(sorted(found, key=lambda path: path.name))


def drop_old(folder: Path, *, keep: int) -> tuple[Path, ...]:
    """Delete all but the newest backups of a folder; return those that are gone."""
    backups = list_backups(folder)
    old = backups[: max(len(backups) - keep, 0)]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def copy_sqlite(source: Path, target: Path) -> Backup:
    """Copy a SQLite database while it is in use, and make sure that the copy is whole.

    Raises:
        StorageError: It cannot be read, the target not written, or the copy is damaged; no file is left then.
    """
    with _written_whole(target) as draft:
        try:
            address = f"file:{_quoted(source)}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as old, closing(sqlite3.connect(draft)) as new:
                old.backup(new, pages=_PAGES)
                new.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise StorageError(f"The database {source} cannot be copied to {target}: {error}.") from error
        check_sqlite(draft)
    return Backup(path=target, size=target.stat().st_size)


def check_sqlite(path: Path) -> None:
    """Make sure that a file is a whole SQLite database.

    Raises:
        StorageError: It is damaged, or none.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as database:
            findings = [str(row[0]) for row in database.execute("PRAGMA quick_check(5)")]
    except sqlite3.Error as error:
        raise StorageError(f"{path} is no database that can be read: {error}.") from error
    if findings != ["ok"]:
        raise StorageError(f"The database {path} is damaged: {'; '.join(findings)}. Restore a backup.")


def restore_sqlite(backup: Path, target: Path, *, now: datetime) -> Path | None:
    """Put a copy in the place of a database that nobody uses; return where the old one was put, if there was one.

    Raises:
        StorageError: The copy is damaged, or a file cannot be written; the old database is where it was then.
    """
    check_sqlite(backup)
    with _written_whole(target.with_name(f"{target.name}.new")) as draft:
        shutil.copyfile(backup, draft)
    aside: Path | None = None
    if target.exists():
        _fold_log_in(target)
        aside = target.with_name(f"{target.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
        target.rename(aside)
    for log in ("-wal", "-shm"):  # of the old database: with another one they would damage it
        target.with_name(target.name + log).unlink(missing_ok=True)
    target.with_name(f"{target.name}.new").rename(target)
    return aside


def _fold_log_in(path: Path) -> None:
    """Write what stands in the write-ahead log into the file itself, so that the file alone is the whole database."""
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        # A database that is too damaged for that is why one restores: it is put aside as it is, its log with it.
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            shutil.copyfile(log, path.with_name(f"{path.name}-wal.damaged"))


def write_export(connection: Connection, target: Path, *, now: datetime) -> Backup:
    """Write an export, compressed when its name ends in `.gz`; no half file is left when it fails.

    Raises:
        StorageError: The database cannot be read, or the file not written.
    """
    with _written_whole(target) as draft, _opened(draft, target.suffix == ".gz", "wt") as file:
        for line in export_lines(connection, now=now):
            file.write(line + "\n")
    return Backup(path=target, size=target.stat().st_size)


@contextmanager
def read_export(path: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Lend an export: its schema revision, and its further lines.

    Raises:
        StorageError: It is none, or cannot be read.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with _opened(path, packed, "rt") as file:
            yield read_revision(file.readline()), iter(file)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise StorageError(f"The export {path} cannot be read: {error}.") from error


@contextmanager
def _opened(path: Path, packed: bool, mode: str) -> Iterator[TextIO]:  # noqa: FBT001 - the two ways to open it
    with gzip.open(path, mode, encoding="utf-8") if packed else path.open(mode, encoding="utf-8") as file:
        yield cast("TextIO", file)


@contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """Lend a path to be written, which becomes the target when all went well and is durable; else nothing is left."""
    draft = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise StorageError(f"The file {target} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):  # whatever kept it from being written was told
            draft.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    """Return a path as SQLite's URIs take it."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
