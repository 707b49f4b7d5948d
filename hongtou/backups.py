"""Copies of the database: made before upgrades and on demand, the oldest deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from storage.backup import drop_old
from storage.schema import newest_revision

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from config.loaded import Loaded
    from storage.backup import Backup
    from storage.database import SqlDatabase

log = structlog.get_logger(__name__)


def backup_folder(loaded: Loaded) -> Path:
    """Return the folder that copies are put into."""
    settings = loaded.settings
    return settings.backups.folder or settings.data_dir / "backups"


def back_up(loaded: Loaded, database: SqlDatabase, *, now: datetime) -> Backup:
    """Copy the database, and delete the oldest copies beyond those that are kept.

    Raises:
        StorageError: It cannot be copied; no old copy was deleted then.
    """
    folder = backup_folder(loaded)
    backup = database.back_up(folder, now=now)
    gone = drop_old(folder, keep=loaded.settings.backups.keep)
    log.info("database copied", file=str(backup.path), size_bytes=backup.size, old_copies_deleted=len(gone))
    return backup


def migrate(loaded: Loaded, database: SqlDatabase, *, now: datetime) -> tuple[str, str] | None:
    """Bring the database to the schema of this program, copied before that; return from and to which revision.

    Returns:
        None where nothing was to be done, or the database was made anew.

    Raises:
        SchemaError: The database is newer than this program; nothing was changed.
        StorageError: It cannot be used, or the copy cannot be made; nothing was changed.
    """
    before, newest = database.revision(), newest_revision()
    if before is not None and before < newest and loaded.settings.backups.before_upgrade:
        back_up(loaded, database, now=now)
    database.migrate()
    if before is None or before == newest:
        return None
    log.info("database upgraded", from_revision=before, to_revision=newest)
    return before, newest
