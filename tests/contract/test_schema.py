"""Migrations lead to the very tables the program uses, and back; strange databases are refused, on every database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from core.errors import SchemaError, StorageError
from storage.schema import _newest
from storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.item import Item
    from storage.database import SqlDatabase


@pytest.fixture
def address(own_address: str) -> str:
    """Address of a database whose schema the test may spoil."""
    return own_address


def test_migrations_lead_to_the_tables_of_the_program(database: SqlDatabase) -> None:
    """Nothing is left for a migration to do: tables, columns, types, keys and indexes agree."""
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_lead_down_to_nothing_and_up_again(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """Down to the base removes every table, and up again makes a database that works."""
    with database.unit_of_work() as unit:
        unit.items.add(make_item())
        unit.commit()
    database.downgrade(to="base")
    with database._engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.migrate()
    database.check()
    with database.unit_of_work() as unit:
        assert unit.items.count() == 0
        unit.items.add(make_item())


def test_a_new_database_is_made_with_its_folder(
    empty_address: str, open_database: Callable[..., SqlDatabase], make_item: Callable[..., Item]
) -> None:
    """The first start makes the database; a second one changes nothing and loses nothing."""
    database = open_database(empty_address)
    with pytest.raises(SchemaError, match="must be created first"):
        database.check()
    database.migrate()
    with database.unit_of_work() as unit:
        unit.items.add(make_item())
        unit.commit()
    database.migrate()
    database.check()
    with database.unit_of_work() as unit:
        assert unit.items.count() == 1


def test_several_programs_may_migrate_at_once(empty_address: str, open_database: Callable[..., SqlDatabase]) -> None:
    """Programs that start together take turns; none fails and the schema is made once."""
    databases = [open_database(empty_address) for _ in range(3)]
    threads = [threading.Thread(target=database.migrate) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.check()


def test_a_newer_database_is_refused_and_left_alone(
    database: SqlDatabase, query: Callable[[str], list[tuple[object, ...]]]
) -> None:
    """A database of a newer program is neither used nor changed; the message names both revisions and the cure."""
    query("UPDATE alembic_version SET version_num = '9999'")
    for use in (database.check, database.migrate, lambda: database.downgrade(to="base")):
        with pytest.raises(
            SchemaError, match=rf"revision 9999, which is newer than the {_newest()} .* start the newer program"
        ):
            use()
    assert query("SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_database_at_an_older_revision_is_told(database: SqlDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that waits for a migration is refused by `check`, with both revisions."""
    current = _newest()
    monkeypatch.setattr("storage.schema._newest", lambda: "9998")
    with pytest.raises(SchemaError, match=f"is at revision {current} and this program needs 9998; upgrade it first"):
        database.check()


def test_an_installation_without_migrations_is_told(
    database: SqlDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-copied program does not take an up-to-date database for one from nowhere."""
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    monkeypatch.setattr("storage.schema._MIGRATIONS", tmp_path / "migrations")
    with pytest.raises(SchemaError, match="This installation lacks its migrations"):
        database.check()


def test_a_damaged_schema_is_told(database: SqlDatabase, query: Callable[[str], list[tuple[object, ...]]]) -> None:
    """A missing table or column is named by `check`, and met later it is a typed error too."""
    query("DROP TABLE digests")
    query("ALTER TABLE source_state DROP COLUMN body_hash")
    with pytest.raises(SchemaError, match=r"it lacks digests, source_state\.body_hash; restore a backup"):
        database.check()
    with database.unit_of_work() as unit, pytest.raises(SchemaError, match="lacks a table or column"):
        unit.sources.all()


def test_a_failed_migration_leaves_nothing_behind(
    empty_address: str, open_database: Callable[..., SqlDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that breaks off half way is undone as a whole."""
    database = open_database(empty_address)

    def break_off(*_arguments: object, **_options: object) -> None:
        raise KeyError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_index", break_off)
        with pytest.raises(KeyError):
            database.migrate()
    with database._engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    database.migrate()
    database.check()


def test_what_is_no_database_is_a_storage_error(tmp_path: Path, open_database: Callable[..., SqlDatabase]) -> None:
    """A text file in place of the database, or a folder that cannot be made, is told by its path."""
    (tmp_path / "notes.txt").write_text("dear diary, " * 200)
    with pytest.raises(StorageError, match=r"notes\.txt is no SQLite database"):
        open_database(f"sqlite:///{tmp_path}/notes.txt").check()
    with pytest.raises(StorageError, match=r"The folder .*notes\.txt/data cannot be made: Not a directory"):
        open_database(f"sqlite:///{tmp_path}/notes.txt/data/hongtou.db").migrate()
    with pytest.raises(StorageError, match="cannot be opened; check that its folder exists"):
        open_database(f"sqlite:///{tmp_path}").check()
