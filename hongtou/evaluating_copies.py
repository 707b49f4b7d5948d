"""The part of the eval use case that measures how well copies are found, on items that say which they are copies of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.evaluation import Counts
from core.item import ItemId
from core.near_duplicates import Words
from hongtou.copy_shelf import CopyShelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hongtou.copies import CopyFinder
    from hongtou.evaluation import LabelledItem

    Pair = tuple[str, str]

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReport:
    """How well copies were found. Pairs are of a copy and the earlier item; the order does not count."""

    pairs: Counts
    """Without true negatives: nearly all pairs of items are."""
    missed: tuple[Pair, ...]
    invented: tuple[Pair, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object `near_duplicates` of `hongtou eval --json`."""
        pairs = self.pairs
        return {
            "pairs": pairs.true_positives + pairs.false_negatives,
            "precision": round(pairs.precision, 4),
            "recall": round(pairs.recall, 4),
            "f1": round(pairs.f1, 4),
            "missed": [list(pair) for pair in self.missed],
            "invented": [list(pair) for pair in self.invented],
        }


def read_copies(lines: Iterable[str]) -> Mapping[str, str]:
    """Return which earlier item each copy is of, by the `near_dup_of` of labelled items; by id.

    Args:
        lines: JSON lines that `hongtou.evaluation.read_labelled` has read without a fault.
    """
    rows = [json.loads(line) for line in lines if line.strip()]
    return {row["id"]: row["near_dup_of"] for row in rows if row.get("id") and row.get("near_dup_of")}


def evaluate_copies(items: Sequence[LabelledItem], copies: Mapping[str, str], finder: CopyFinder) -> CopyReport:
    """Give each item to an empty index in order of publication, as intake would, and note the nearest copy found.

    Args:
        items: All items, also those without copies: they are what may be taken for one.
        copies: Which earlier item each copy is of.
        finder: As in intake; its window counts from the items' times of publication.
    """
    found = {frozenset(pair) for pair in find_copies(items, finder)}
    expected = {frozenset(pair) for pair in copies.items()}
    counts = Counts(
        true_positives=len(found & expected),
        false_positives=len(found - expected),
        false_negatives=len(expected - found),
        true_negatives=0,
    )
    return CopyReport(pairs=counts, missed=_sorted(expected - found), invented=_sorted(found - expected))


def find_copies(items: Sequence[LabelledItem], finder: CopyFinder) -> list[Pair]:
    """Return each item for which an earlier copy was found, with the nearest one, by id."""
    shelf, pairs = CopyShelf(), []
    in_order = sorted(items, key=lambda item: item.published_at or _UNDATED)
    numbered = {ItemId(number): item for number, item in enumerate(in_order, start=1)}
    for number, item in numbered.items():
        at = item.published_at or _UNDATED
        words = Words(title=item.title, text=item.text)
        reading = finder.read(shelf, words, source_id=item.source)
        pairs += [(item.id, numbered[copy.item_id].id) for copy in finder.find(shelf, reading, now=at)[:1]]
        shelf.add(number, words, source_id=item.source)
        finder.keep(shelf, number, reading, seen_at=at, is_new=True)
    return pairs


def _sorted(pairs: Iterable[frozenset[str]]) -> tuple[Pair, ...]:
    found = []
    for pair in pairs:
        one, other = sorted(pair)
        found.append((one, other))
    return tuple(sorted(found))
