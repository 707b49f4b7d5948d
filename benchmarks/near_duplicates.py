"""How well copies are found: precision and recall on generated edited copies and on texts that only look like copies.

    python -m benchmarks.near_duplicates [--stories 3000] [--seed 1] [--clusters FILE.csv]

Texts come one after the other and go through what intake uses, on an index in memory; what recurs in a source is
learned on the way. 3,000 stories make some 10,000 true pairs: all pairs of an original and its copies, and of two
copies of one. With `--clusters` the titles and beginnings of texts in a table of captured pages are measured instead:
pages of `same_document` should be found, those of other relations must not be.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.copies import Text, background_flashes, corpus, true_pairs
from classifier.fingerprints import ShingleFingerprinter
from core.item import ItemId
from core.near_duplicates import Words, compare
from hongtou.copies import CopyFinder
from hongtou.copy_shelf import CopyShelf

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.near_duplicates import Candidate

    Pair = tuple[int, int]

NOW = datetime(2023, 6, 15, tzinfo=UTC)


class WatchedShelf(CopyShelf):
    """An index that remembers its candidates."""

    def __init__(self) -> None:
        super().__init__()
        self.given: tuple[Candidate, ...] = ()

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[Candidate, ...]:
        """Return candidates."""
        self.given = super().candidates(keys, since=since, limit=limit, besides=besides)
        return self.given


def find_pairs(texts: list[Text]) -> tuple[set[Pair], set[Pair]]:
    """Return the pairs of positions that were found to be copies, and those that were candidates; lower ones first."""
    finder, shelf = CopyFinder(ShingleFingerprinter()), WatchedShelf()
    found: set[Pair] = set()
    candidates: set[Pair] = set()
    for position, text in enumerate(texts):
        reading = finder.read(shelf, text.words, source_id=text.source)
        found |= {(copy.item_id, position) for copy in finder.find(shelf, reading, now=NOW)}
        candidates |= {(one.item_id, position) for one in shelf.given}
        shelf.add(ItemId(position), text.words, source_id=text.source)
        finder.keep(shelf, ItemId(position), reading, seen_at=NOW, is_new=True)
    return found, candidates


def kinds_of(texts: list[Text], pair: Pair) -> str:
    """Return how the two texts of a pair were made, in order of name."""
    kinds = sorted({texts[one].kind for one in pair} - {"original"})
    return " + ".join(kinds) or "original"


def figures(true: int, found: int, hits: int) -> dict[str, float]:
    """Return precision, recall and F1."""
    precision, recall = hits / max(found, 1), hits / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def linked(true: set[Pair], found: set[Pair]) -> float:
    """Return the share of texts with an earlier copy that were linked to one: what joins them to their story."""
    later = {other for _, other in true}
    return len({other for _, other in found & true}) / len(later)


def report(texts: list[Text], found: set[Pair], candidates: set[Pair]) -> dict[str, Any]:
    """Return all figures; recall by kind for pairs with an original, and in one for pairs of two copies."""
    true = true_pairs(texts)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in true:
        of_original = "original" in {texts[one].kind for one in pair}
        counts = kinds[kinds_of(texts, pair) if of_original else "two copies"]
        counts.update(pairs=1, found=pair in found, candidates=pair in candidates)
    return {
        "texts": len(texts), "pairs": len(true), **figures(len(true), len(found), len(found & true)),
        "linked": linked(true, found), "candidate_pairs": len(candidates),
        "by_kind": {
            kind: {"pairs": counts["pairs"], "recall": counts["found"] / counts["pairs"],
                   "candidate_recall": counts["candidates"] / counts["pairs"]}
            for kind, counts in sorted(kinds.items())
        },
        "wrong": dict(Counter(kinds_of(texts, pair) for pair in found - true).most_common()),
    }  # fmt: skip


def report_clusters(file: Path) -> dict[str, Any]:
    """Return how many pairs of pages of each relation are found to be copies, by titles and beginnings of texts."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    fingerprinter = ShingleFingerprinter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one, other in combinations(rows, 2):
        if one["group"] != other["group"]:  # some pages stand in several groups
            continue
        relation = one["relation"].partition(":")[0]
        made = [fingerprinter.fingerprint(Words(title=row["title"], text=row["text_head"])) for row in (one, other)]
        is_found = not set(made[0].keys).isdisjoint(made[1].keys) and compare(made[0].traits, made[1].traits).is_copy
        with_text = "with text" if one["text_head"] and other["text_head"] else "titles only"
        counts[f"{relation}, {with_text}"].update(pairs=1, found=is_found)
    return {relation: dict(count) for relation, count in sorted(counts.items())}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clusters", type=Path)
    options = parser.parse_args()
    if options.clusters:
        result = report_clusters(options.clusters)
    else:
        texts = corpus(options.stories, seed=options.seed)
        started = time.process_time()
        result = report(texts, *find_pairs(texts))
        result["cpu_ms_per_text"] = 1000 * (time.process_time() - started) / len(texts)
        flashes = background_flashes(250, seed=options.seed)
        result["flashes_on_one_project"] = {"pairs": 250, "wrong": len(find_pairs(flashes)[0])}
    json.dump(result, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
