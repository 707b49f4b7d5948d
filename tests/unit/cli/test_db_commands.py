"""`hongtou db`: copies, exports, moves and sizes, as a user meets them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.loader import load_settings
from core.errors import StorageError
from hongtou.backups import back_up, backup_folder, migrate
from hongtou.cli.db_commands import human_size
from storage.backup import list_backups
from storage.database import SqlDatabase
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from config.loaded import Loaded
    from core.item import Item

    Commands = Callable[..., Result]

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Give a configuration whose data lie in a folder of the test's own, of which three copies are kept."""
    file = tmp_path / "hongtou.yaml"
    file.write_text(f"data_dir: {tmp_path / 'data'}\nbackups: {{keep: 3}}\n", encoding="utf-8")
    return load_settings(file, environ={})


def _database(loaded: Loaded) -> SqlDatabase:
    return SqlDatabase(f"sqlite:///{loaded.settings.data_dir / 'hongtou.db'}")


def test_an_upgrade_is_preceded_by_a_copy(loaded: Loaded, make_item: Callable[..., Item]) -> None:
    """What an older program stored is copied in its own schema before a newer one changes the tables."""
    with _database(loaded) as database:
        assert migrate(loaded, database, now=_NOW) is None
        with database.unit_of_work() as uow:
            uow.items.add(make_item())
            uow.commit()
        database.downgrade(to="0008")
        newest = _database(loaded)
        changed = migrate(loaded, newest, now=_NOW)
        assert changed is not None
        assert changed[0] == "0008"
        (copy,) = list_backups(backup_folder(loaded))
        assert copy.name == "hongtou-20261126T120000Z-r0008.db"
        with SqlDatabase(f"sqlite:///{copy}") as old:
            assert old.revision() == "0008"
        assert migrate(loaded, database, now=_NOW) is None


def test_without_room_for_a_copy_nothing_is_changed(loaded: Loaded) -> None:
    """When the copy cannot be made, the old database stays as it is, and the reason is told."""
    with _database(loaded) as database:
        database.migrate()
        database.downgrade(to="0008")
        (loaded.settings.data_dir / "backups").write_text("in the way")
        with pytest.raises(StorageError, match="cannot be written"):
            migrate(loaded, database, now=_NOW)
        assert database.revision() == "0008"


def test_only_the_newest_copies_are_kept(loaded: Loaded) -> None:
    """Each copy beyond those that are kept deletes the oldest."""
    with _database(loaded) as database:
        database.migrate()
        for hour in range(5):
            back_up(loaded, database, now=_NOW.replace(hour=hour))
        assert [path.name[17:19] for path in list_backups(backup_folder(loaded))] == ["02", "03", "04"]


def test_a_copy_is_made_listed_and_restored(commands: Commands) -> None:
    """`db backup` names its file, `--list` lists it, and `db restore` puts it back and the present one aside."""
    commands("db", "upgrade")
    made = commands("db", "backup").stdout.split()[0]
    assert made in commands("db", "backup", "--list").output
    restored = commands("db", "restore", made)
    assert restored.exit_code == 0
    assert "before-restore" in restored.output
    assert "can be used" in commands("db", "check").output


def test_everything_is_exported_and_imported(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export fills a new database, and `move` copies it to a further one."""
    commands("db", "upgrade")
    file = tmp_path / "all.jsonl.gz"
    assert "all.jsonl.gz" in commands("db", "export", str(file)).output
    monkeypatch.setenv("HONGTOU_DATA_DIR", str(tmp_path / "other"))
    assert "Imported 0 rows" in commands("db", "import", str(file)).output
    moved = commands("db", "move", f"sqlite:///{tmp_path / 'third.db'}")
    assert "Copied 0 rows" in moved.output
    monkeypatch.setenv("NEW_ADDRESS", f"sqlite:///{tmp_path / 'fourth.db'}")
    assert "fourth.db" in commands("db", "move", "NEW_ADDRESS").output


def test_sizes_are_shown(commands: Commands) -> None:
    """`db stats` names each table, for people and for scripts, and `db tidy` says what it won."""
    commands("db", "upgrade")
    assert "items" in commands("db", "stats").output
    tables = json.loads(commands("db", "stats", "--json").output)["tables"]
    assert {"items", "outbox", "stories"} <= {table["name"] for table in tables}
    assert "now." in commands("db", "tidy").output


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_000_000, "2.0 MB"), (3 * 10**15, "3000.0 TB")]
)
def test_sizes_are_written_for_people(size: int, shown: str) -> None:
    """The largest unit that leaves at least one is used."""
    assert human_size(size) == shown


def test_a_database_in_use_is_neither_replaced_nor_moved(commands: Commands, tmp_path: Path) -> None:
    """While a daemon holds the data directory, restore, import and move are refused."""
    commands("db", "upgrade")
    made = commands("db", "backup").stdout.split()[0]
    file = tmp_path / "all.jsonl"
    commands("db", "export", str(file))
    with InstanceLock(tmp_path / "data"):
        for arguments in (["restore", made], ["import", str(file)], ["move", f"sqlite:///{tmp_path / 'n.db'}"]):
            result = commands("db", *arguments)
            assert result.exit_code != 0, arguments
