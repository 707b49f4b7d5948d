"""What it costs to find an item's story among many stored items: time of a lookup, a decision and an insert, and bytes.

    python -m benchmarks.story_cost [--sizes 10000 100000 1000000] [--indexes sqlite postgresql] [--operations 1000]

Stored items have 24 keys each, as common as those of written items: eight of their own, four that they share with the
two others of their story, and twelve of a vocabulary of 200,000 in which the second is half as common as the first and
so on, so that the most common ones stand in most items. Their traits are those of written items, half of which are
relevant, so that they are looked for among those of two years as well. At each size so many items are looked up,
decided on and stored, each in a transaction of its own, by what intake uses; `cpu_ms` is the processor time of all with
the commit, a local server's included. `benchmarks.near_duplicates_cost` measures copies, and
datasketch, in the same way.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.stored_keys import NOW, STORY_ITEMS, Tables, measure_database, memory_mb, server_cpu_s, spread
from classifier.lexicon_classifier import LexiconClassifier
from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from core.item import ItemId
from core.linking import decide
from core.near_duplicates import WINDOW
from core.story_packing import pack
from core.story_traits import StoryMarks
from hongtou.evaluation import read_labelled
from hongtou.linking_files import tell
from hongtou.story_finding import StoryFinder
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from benchmarks.stored_keys import Keys
    from core.story_traits import StoryTraits

WRITTEN = Path(__file__).parents[1] / "tests" / "data" / "eval" / "own.jsonl"
OWN, SHARED, COMMON = 8, 4, 12
VOCABULARY = 200_000


def make_keys(count: int, first: int) -> Keys:
    """Return the keys of items that follow so many others, shape `(count, 24)`."""
    random = np.random.default_rng(first)
    own = random.integers(-(1 << 63), 1 << 63, (count, OWN), dtype=np.int64)
    stories = np.arange(first, first + count, dtype=np.int64) // STORY_ITEMS
    shared = _spread(stories[:, None] * SHARED + np.arange(SHARED))
    ranks = np.exp(random.random((count, COMMON)) * np.log(VOCABULARY)).astype(np.int64)
    # No key twice in an item: each of the twelve has a vocabulary of its own.
    common = _spread(-1 - (ranks * COMMON + np.arange(COMMON)))
    return np.concatenate([own, shared, common], axis=1)


def _spread(numbers: Keys) -> Keys:
    """Scatter numbers over all of 64 bits, each to another."""
    spread_out: Keys = (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)).astype(np.int64)
    return spread_out


@cache
def written_traits() -> tuple[StoryTraits, ...]:
    """Return the traits of written items."""
    lexicon = load_lexicon()
    classifier, reader = LexiconClassifier(lexicon, threshold=0.5), LexiconStoryReader(lexicon)
    items = read_labelled(WRITTEN.read_text(encoding="utf-8").splitlines())
    return tuple(replace(reader.read(tell(item, classifier)).traits, published_at=NOW) for item in items)


@cache
def packed_traits() -> tuple[bytes, ...]:
    """Return the same as they are stored."""
    return tuple(map(pack, written_traits()))


def stored_row(item: int, keys: bytes) -> tuple[Any, ...]:
    """Return a stored item's row."""
    packed = packed_traits()
    return item, NOW, item % 30 == 0, "1", keys, packed[item % len(packed)]


TABLES = Tables(
    keys="story_keys", known="story_traits", types=("int8", "timestamptz", "bool", "text", "bytea", "bytea"),
    row=stored_row,
)  # fmt: skip


def operate(address: str, stored: int, operations: int) -> dict[str, Any]:
    """Look items up, decide on them and store them, each in a transaction of its own."""
    traits = written_traits()
    finder = StoryFinder(LexiconStoryReader(load_lexicon()), decide, window=WINDOW)
    times: dict[str, list[float]] = {"lookup": [], "decide": [], "insert": [], "commit": []}
    before, cpu_s, found = memory_mb("VmRSS"), 0.0, 0
    with SqlDatabase(address) as database:
        for n, row in enumerate(make_keys(operations + 20, stored)):
            if n == 20:  # from here on everything is prepared
                cpu_s = server_cpu_s(address) + time.process_time()
            marks = StoryMarks(traits=traits[n % len(traits)], keys=tuple(row.tolist()))
            moments = [time.perf_counter()]
            with database.unit_of_work() as unit:
                candidates = finder.candidates(unit.stories.index, marks, copies=(), now=NOW)
                moments.append(time.perf_counter())
                finder.decide(marks, candidates)
                moments.append(time.perf_counter())
                finder.keep(unit.stories.index, ItemId(stored + 1 + n), marks, seen_at=NOW)
                moments.append(time.perf_counter())
                unit.commit()
            moments.append(time.perf_counter())
            found += len(candidates)
            for name, started, ended in zip(times, moments, moments[1:], strict=False):
                times[name].append(ended - started)
        cpu_s = server_cpu_s(address) + time.process_time() - cpu_s
    return {
        "cpu_ms": cpu_s * 1000 / operations, **{name: spread(some[20:]) for name, some in times.items()},
        "candidates": found / (operations + 20), "memory_mb": memory_mb("VmHWM") - before,
    }  # fmt: skip


def main() -> None:
    """Measure, and print one line of JSON a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--indexes", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--operations", type=int, default=1000)
    options = parser.parse_args()
    for name in options.indexes:
        for figures in measure_database(
            name, TABLES, sizes=options.sizes, operations=options.operations, make_keys=make_keys, operate=operate
        ):
            print(json.dumps({"load": os.getloadavg()[0], **figures}), flush=True)


if __name__ == "__main__":
    main()
