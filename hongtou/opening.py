"""Opens what most commands need: the data directory, and the database that lies there or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ConfigError, ConfigProblem
from hongtou.backups import migrate
from hongtou.clock import SystemClock
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded


def prepare_data_dir(loaded: Loaded) -> None:
    """Create the data directory.

    Raises:
        ConfigError: It cannot be created or written to.
    """
    folder = loaded.settings.data_dir
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        problem = ConfigProblem(
            where=str(loaded.path or "defaults"),
            key="data_dir",
            message=f"cannot write to {folder.absolute()}: {error.strerror}; make it writable or choose another folder",
        )
        raise ConfigError([problem]) from error


def database_url(loaded: Loaded) -> str:
    """Return the SQLAlchemy address of the database; it may hold a password."""
    if loaded.settings.database is not None:
        return loaded.settings.database.get_secret_value()
    return f"sqlite:///{(loaded.settings.data_dir / 'hongtou.db').absolute()}"


def open_database(loaded: Loaded, *, upgraded: Callable[[str, str], None] = lambda *_: None) -> SqlDatabase:
    """Open the database at the schema of this program, creating or upgrading it, copied before that.

    Args:
        loaded: The configuration.
        upgraded: Told from and to which revision, where it was upgraded.

    Raises:
        ConfigError: The data directory cannot be used.
        SchemaError: The database is newer than this program.
        StorageError: The database cannot be reached.
    """
    prepare_data_dir(loaded)
    database = SqlDatabase(database_url(loaded))
    step = migrate(loaded, database, now=SystemClock().now())
    if step is not None:
        upgraded(*step)
    return database
