"""Brings a database to the schema of this program, and tells whether it has it; never writes to one that is newer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from core.errors import SchemaError
from storage.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x686F6E67746F75
"""Key of PostgreSQL's advisory lock under which migrations run: `hongtou` in ASCII."""


def upgrade(engine: Engine, *, name: str, to: str = "head") -> None:
    """Run the missing migrations in one transaction; two programs that do so at once take turns.

    Args:
        engine: One without foreign keys on SQLite.
        name: What to call the database to the user.
        to: The revision to bring it to.

    Raises:
        SchemaError: The database, or the revision, is newer than this program.
        StorageError: It cannot be used.
    """
    if to != "head":
        _refuse_unknown(to)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        _refuse_newer(connection, name)
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, *, name: str, to: str) -> None:
    """Undo migrations down to a revision, `base` for all of them.

    Raises:
        SchemaError: The database is newer than this program.
        StorageError: It cannot be used.
    """
    with engine.begin() as connection:
        _refuse_newer(connection, name)
        command.downgrade(_config(connection), to)


def check_schema(engine: Engine, *, name: str) -> None:
    """Make sure that the database has exactly this program's schema.

    Raises:
        SchemaError: It is newer, older, empty, or lacks tables or columns.
        StorageError: It cannot be used.
    """
    with engine.begin() as connection:
        _refuse_newer(connection, name)
        current = MigrationContext.configure(connection).get_current_revision()
        newest = _newest()
        if current is None:
            raise SchemaError(f"The database {name} is empty; it must be created first (revision {newest}).")
        if current != newest:
            raise SchemaError(
                f"The database {name} is at revision {current} and this program needs {newest}; upgrade it first."
            )
        missing = _missing(connection)
        if missing:
            raise SchemaError(f"The database {name} is damaged: it lacks {', '.join(missing)}; restore a backup.")


def current_revision(engine: Engine) -> str | None:
    """Return the revision that a database is at; None for one without tables.

    Raises:
        StorageError: It cannot be used.
    """
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this program needs."""
    return _newest()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}


def _refuse_unknown(revision: str) -> None:
    if revision not in _known():
        raise SchemaError(
            f"The export is of revision {revision}, which is newer than the {_newest()} that this program knows: "
            "import it with the newer program that wrote it."
        )


def _refuse_newer(connection: Connection, name: str) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in _known():
        raise SchemaError(
            f"The database {name} is at revision {current}, which is newer than the {_newest()} that this program "
            "knows: start the newer program that wrote it, or restore a backup made before the upgrade."
        )


def _newest() -> str:
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if head is None:
        raise SchemaError("This installation lacks its migrations; install it again.")
    return head


def _missing(connection: Connection) -> list[str]:
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    lacking = [table for table in Base.metadata.tables if table not in tables]
    for table in Base.metadata.sorted_tables:
        if table.name in tables:
            columns = {column["name"] for column in inspector.get_columns(table.name)}
            lacking += [f"{table.name}.{column.name}" for column in table.columns if column.name not in columns]
    return lacking


def _config(connection: Connection) -> Config:
    config = Config()
    # The option is read with %-interpolation, and a path may hold any character.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
