"""What it costs to find copies among many stored items: time of a lookup and an insert, bytes on disk, memory.

    python -m benchmarks.near_duplicates_cost [--sizes 10000 100000 1000000] [--indexes sqlite postgresql datasketch]

Stored items have 38 random keys each; one in ten shares half of its keys with another. At each size so many items are
looked up and stored, each in a transaction of its own, by the program's own repository in a process of its own;
`cpu_ms` is the processor time of both with the commit, a local server's included, and is right also on a busy
machine. What is stored before is loaded past it (`benchmarks.stored_keys`). datasketch is no dependency of ours: it is
measured where it is installed (PYTHONPATH), up to 100,000 items, as its index lives in memory.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.stored_keys import (
    NOW,
    ONE_BY_ONE,
    Tables,
    in_own_process,
    measure_database,
    memory_mb,
    server_cpu_s,
    spread,
)
from core.item import ItemId
from core.near_duplicates import MAX_CANDIDATES
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.stored_keys import Keys

KEYS = 38
TABLES = Tables(
    keys="copy_keys",
    known="fingerprints",
    types=("int8", "timestamptz", "text", "bytea"),
    row=lambda item, keys: (item, NOW, "1", keys),
)


def make_keys(count: int, seed: int) -> Keys:
    """Return random keys, shape `(count, KEYS)`; every tenth row shares half of them with another."""
    random = np.random.default_rng(seed)
    keys = random.integers(-(1 << 63), 1 << 63, (count, KEYS), dtype=np.int64)
    keys[::10, : KEYS // 2] = keys[random.integers(0, count, len(keys[::10])), : KEYS // 2]
    return keys


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
            results = measure_database(
                name, TABLES, sizes=options.sizes, operations=options.operations, make_keys=make_keys, operate=operate
            )
        for figures in results:
            print(json.dumps({"load": os.getloadavg()[0], **figures}), flush=True)


if __name__ == "__main__":
    main()
