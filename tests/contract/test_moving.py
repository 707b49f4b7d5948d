"""Backups, exports, imports and moves between databases: nothing is lost, and nothing half done is left."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from shutil import copyfile
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertId, AlertKind, AlertState, ChannelId, NewAlert, RouteId
from core.errors import SchemaError, StorageError
from storage.backup import drop_old, list_backups
from storage.database import SqlDatabase
from storage.transfer import export_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.classification import Classification
    from core.item import Item

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def fill(
    make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> Callable[[SqlDatabase], SqlDatabase]:
    """Give what puts items, their keys, and a digest whose rows came before it into a database."""
    return lambda database: _fill(database, make_item, make_classification())


@pytest.fixture
def filled(
    own_address: str,
    open_database: Callable[..., SqlDatabase],
    fill: Callable[[SqlDatabase], SqlDatabase],
) -> SqlDatabase:
    """Give a filled database of either kind."""
    return fill(open_database(own_address))


@pytest.fixture
def filled_file(
    tmp_path: Path,
    migrated_file: Path,
    open_database: Callable[..., SqlDatabase],
    fill: Callable[[SqlDatabase], SqlDatabase],
) -> SqlDatabase:
    """Give a filled database of SQLite."""
    copyfile(migrated_file, tmp_path / "filled.db")
    return fill(open_database(f"sqlite:///{tmp_path / 'filled.db'}"))


def _fill(database: SqlDatabase, make_item: Callable[..., Item], judged: Classification) -> SqlDatabase:
    with database.unit_of_work() as uow:
        for number in range(3):
            item = make_item(
                canonical_url=f"https://a.example/{number}",
                title=f"芯片 {number}",
                classification=judged,
            )
            item_id = uow.items.add(item)
            uow.near_duplicates.put(item_id, [number, -5], seen_at=_NOW, version="1")
            alert = NewAlert(
                dedup_key=f"key-{number}",
                kind=AlertKind.ITEM,
                channel=ChannelId("mail"),
                route=RouteId("daily"),
                state=AlertState.HELD,
                created_at=_NOW,
                item_id=item_id,
            )
            uow.outbox.add(alert)
        digest = uow.outbox.bundle(route=RouteId("daily"), channel=ChannelId("mail"), now=_NOW, limit=2)
        assert digest is not None
        uow.outbox.claim(now=_NOW, limit=9, lease=timedelta(minutes=1))
        uow.outbox.mark_sent(digest, at=_NOW)
        uow.commit()
    return database


def _lines(database: SqlDatabase) -> list[str]:
    with database._snapshot() as connection:
        return list(export_lines(connection, now=_NOW))


def _rows(database: SqlDatabase) -> list[str]:
    return sorted(line for line in _lines(database) if line.startswith("["))


@pytest.fixture
def export(filled_file: SqlDatabase) -> list[str]:
    """Give the lines of an export."""
    return _lines(filled_file)


def test_an_export_comes_back_whole(filled: SqlDatabase, empty_address: str, tmp_path: Path) -> None:
    """What was exported and imported exports alike, on either database, and goes on numbering where it was."""
    file = tmp_path / "all.jsonl.gz"
    assert filled.export_to(file, now=_NOW).size == file.stat().st_size
    with SqlDatabase(empty_address) as other:
        rows = other.import_from(file)
        assert rows["items"] == 3
        assert rows["outbox"] == 4
        assert sorted(_lines(other)) == sorted(_lines(filled))
        with other.unit_of_work() as uow:
            assert [alert.id for alert in uow.outbox.members(AlertId(4))] == [1, 2]
            again = NewAlert(
                dedup_key="new", kind=AlertKind.TEST, channel=ChannelId("a"), state=AlertState.PENDING, created_at=_NOW
            )
            assert uow.outbox.add(again) == 5
        other.check()


def test_everything_moves_between_kinds_of_databases(filled: SqlDatabase, tmp_path: Path) -> None:
    """A database copied to SQLite holds the same, whichever kind it came from."""
    with SqlDatabase(f"sqlite:///{tmp_path / 'other.db'}") as other:
        filled.copy_to(other, now=_NOW)
        assert sorted(_lines(other)) == sorted(_lines(filled))


def test_sqlite_moves_to_either_kind(make_item: Callable[..., Item], empty_address: str, tmp_path: Path) -> None:
    """Items of SQLite are found in the new database, which numbers on from there."""
    with SqlDatabase(f"sqlite:///{tmp_path / 'old.db'}") as old, SqlDatabase(empty_address) as new:
        old.migrate()
        with old.unit_of_work() as uow:
            uow.items.add(make_item(canonical_url="https://a.example/1", title="人工智能"))
            uow.commit()
        old.copy_to(new, now=_NOW)
        assert _rows(new) == _rows(old)
        with new.unit_of_work() as uow:
            assert uow.items.add(make_item(canonical_url="https://a.example/2")) == 2


def test_a_database_in_use_is_not_overwritten(filled: SqlDatabase, tmp_path: Path) -> None:
    """An import into a database that holds something is refused, and changes nothing."""
    file = tmp_path / "all.jsonl"
    filled.export_to(file, now=_NOW)
    before = _lines(filled)
    with pytest.raises(StorageError, match="not empty"):
        filled.import_from(file)
    assert _lines(filled) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[:-1], "ends too soon"),
        (lambda lines: [*lines[:-1], lines[-1].replace('"items":3', '"items":4')], "lacks rows"),
        (lambda lines: [lines[0], "[1]", *lines[1:]], "Line 2"),
        (lambda lines: [lines[0], "{", *lines[1:]], "Line 2"),
        (lambda lines: ["{}", *lines[1:]], "no export"),
        (lambda lines: [lines[0].replace('"version":1', '"version":2'), *lines[1:]], "version 2"),
    ],
    ids=["cut", "fewer rows", "other row", "no json", "other file", "newer form"],
)
def test_a_damaged_export_leaves_nothing(
    export: list[str], tmp_path: Path, change: Callable[[list[str]], list[str]], says: str
) -> None:
    """What is cut off or edited is refused with the reason, and the new database stays empty."""
    file = tmp_path / "damaged.jsonl"
    file.write_text("\n".join(change(export)) + "\n", encoding="utf-8")
    with SqlDatabase(f"sqlite:///{tmp_path / 'new.db'}") as other:
        with pytest.raises(StorageError, match=says):
            other.import_from(file)
        other.migrate()
        with other.unit_of_work() as uow:
            assert uow.items.count() == 0


def test_a_cut_archive_is_told(filled_file: SqlDatabase, tmp_path: Path) -> None:
    """Half a compressed file ends in a sentence, not in a traceback."""
    file = tmp_path / "cut.jsonl.gz"
    filled_file.export_to(file, now=_NOW)
    file.write_bytes(file.read_bytes()[:-40])
    with SqlDatabase(f"sqlite:///{tmp_path / 'new.db'}") as other, pytest.raises(StorageError, match="cannot be read"):
        other.import_from(file)


def test_an_export_of_a_newer_program_is_refused(export: list[str], tmp_path: Path) -> None:
    """What this program cannot know is not half read."""
    head, *rest = export
    file = tmp_path / "newer.jsonl"
    file.write_text("\n".join([json.dumps({**json.loads(head), "revision": "9999"}), *rest]), encoding="utf-8")
    with SqlDatabase(f"sqlite:///{tmp_path / 'new.db'}") as other, pytest.raises(SchemaError, match="newer than"):
        other.import_from(file)


def test_an_export_of_an_older_program_is_upgraded(filled: SqlDatabase, empty_address: str, tmp_path: Path) -> None:
    """What was exported before an upgrade comes back into the schema of its time, and is upgraded then."""
    filled.downgrade(to="0008")
    file = tmp_path / "older.jsonl"
    filled.export_to(file, now=_NOW)
    with SqlDatabase(empty_address) as other:
        assert other.import_from(file)["items"] == 3
        other.check()
        with other.unit_of_work() as uow:
            assert uow.items.count() == 3


def test_a_backup_is_restored(filled: SqlDatabase, kind: str, tmp_path: Path, make_item: Callable[..., Item]) -> None:
    """A backup is made in use, and brings back what there was then; the later state is put aside."""
    backup = filled.back_up(tmp_path / "backups", now=_NOW)
    assert list_backups(tmp_path / "backups") == (backup.path,)
    before = _lines(filled)
    with filled.unit_of_work() as uow:
        uow.items.add(make_item(canonical_url="https://a.example/later"))
        uow.commit()
    if kind == "postgresql":
        with pytest.raises(StorageError, match=r"in use|not empty"):
            filled.restore(backup.path, now=_NOW)
        with SqlDatabase(f"sqlite:///{tmp_path / 'new.db'}") as other:
            assert other.restore(backup.path, now=_NOW) is None
            assert sorted(_lines(other)) == sorted(before)
        return
    aside = filled.restore(backup.path, now=_NOW)
    assert _lines(filled) == before
    assert aside is not None
    with SqlDatabase(f"sqlite:///{aside}") as old, old.unit_of_work() as uow:
        assert uow.items.count() == 4


def test_a_damaged_backup_is_not_restored(filled_file: SqlDatabase, tmp_path: Path) -> None:
    """A copy that is no whole database leaves the present one where it is."""
    backup = filled_file.back_up(tmp_path, now=_NOW).path
    damaged = bytearray(backup.read_bytes())
    damaged[4096:12288] = b"x" * 8192
    backup.write_bytes(bytes(damaged))
    before = _lines(filled_file)
    with pytest.raises(StorageError, match=r"damaged|no database"):
        filled_file.restore(backup, now=_NOW)
    assert _lines(filled_file) == before


def test_there_is_nothing_to_back_up(empty_address: str, tmp_path: Path) -> None:
    """A database without tables is no backup, and leaves no file."""
    with SqlDatabase(empty_address) as database:
        assert database.revision() is None
        with pytest.raises(StorageError, match="nothing to back up"):
            database.back_up(tmp_path / "backups", now=_NOW)
    assert list_backups(tmp_path / "backups") == ()


def test_old_backups_go(tmp_path: Path) -> None:
    """The newest are kept by name, and files that are no backups are left alone."""
    for day in (1, 2, 3):
        (tmp_path / f"hongtou-2026010{day}T000000Z-r0010.db").write_text("")
    (tmp_path / "notes.db").write_text("")
    assert [path.name[8:16] for path in drop_old(tmp_path, keep=2)] == ["20260101"]
    assert max(path.name for path in tmp_path.iterdir()) == "notes.db"
    assert drop_old(tmp_path / "none", keep=2) == ()


def test_sizes_and_tidying(filled: SqlDatabase) -> None:
    """Every table is counted, and tidying keeps all there is."""
    before = _lines(filled)
    filled.tidy()
    stats = filled.stats()
    assert {table.name: table.rows for table in stats.tables}["items"] == 3
    assert stats.size > 0
    assert _lines(filled) == before


def test_a_file_is_written_anew_where_much_of_it_is_unused(filled_file: SqlDatabase) -> None:
    """A nightly tidying leaves a full file alone, and shrinks one of which much was deleted; a whole one always."""
    with filled_file._engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (words TEXT)")
        connection.exec_driver_sql("INSERT INTO ballast VALUES (hex(zeroblob(20000)))")
        connection.exec_driver_sql("DELETE FROM ballast")
    filled_file.tidy(whole=False)
    assert filled_file.stats().unused > 0
    filled_file.tidy()
    assert filled_file.stats().unused == 0
    with filled_file._engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO ballast VALUES (hex(zeroblob(2000000)))")
        connection.exec_driver_sql("DELETE FROM ballast")
    filled_file.tidy(whole=False)
    assert filled_file.stats().unused == 0


def test_compressed_and_plain_exports_hold_the_same(filled_file: SqlDatabase, tmp_path: Path) -> None:
    """The name decides whether an export is compressed."""
    filled_file.export_to(tmp_path / "a.jsonl", now=_NOW)
    filled_file.export_to(tmp_path / "a.jsonl.gz", now=_NOW)
    with gzip.open(tmp_path / "a.jsonl.gz", "rt", encoding="utf-8") as packed:
        assert packed.read() == (tmp_path / "a.jsonl").read_text(encoding="utf-8")
