"""An index of copies in memory: finds the copies within a file of texts, without a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from core.near_duplicates import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from core.item import ItemId
    from core.near_duplicates import Words


class CopyShelf:
    """Implements `core.near_duplicate_repository.CopyIndex`; items are told it by `add` before their keys are put."""

    def __init__(self) -> None:
        self._items: dict[ItemId, Candidate] = {}
        self._seen_at: dict[ItemId, datetime] = {}
        self._holders: dict[int, list[ItemId]] = defaultdict(list)
        self._lines: Counter[int] = Counter()

    def add(self, item_id: ItemId, words: Words, *, source_id: str) -> None:
        """Take the words of an item; stories are none of this index's business."""
        self._items[item_id] = Candidate(item_id=item_id, story_id=None, source_id=source_id, words=words)

    def put(self, item_id: ItemId, keys: Collection[int], *, seen_at: datetime, version: str) -> None:  # noqa: ARG002 - of the protocol
        """Store the keys of an item that has none yet."""
        self._seen_at[item_id] = seen_at
        for key in keys:
            self._holders[key].append(item_id)

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[Candidate, ...]:
        """Return items that have keys in common, those with the most first."""
        hits = Counter(item_id for key in keys for item_id in self._holders.get(key, ())[-limit:])
        wanted = [one for one in hits if self._seen_at[one] >= since and one != besides]
        return tuple(self._items[one] for one in sorted(wanted, key=lambda one: (-hits[one], one))[:limit])

    def recurring(self, lines: Collection[int], *, least: int) -> frozenset[int]:
        """Return those of the lines that were noted for at least so many items."""
        return frozenset(line for line in lines if self._lines[line] >= least)

    def note_lines(self, lines: Iterable[int], *, seen_at: datetime) -> None:  # noqa: ARG002 - of the protocol
        """Count the lines of one more item."""
        self._lines.update(lines)
