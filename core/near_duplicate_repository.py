"""What a use case may ask of the database about copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from core.item import Item, ItemId
    from core.near_duplicates import Candidate


class CopyIndex(Protocol):
    """The keys under which items are found by their copies, and the lines that recur in sources."""

    def put(self, item_id: ItemId, keys: Collection[int], *, seen_at: datetime, version: str) -> None:
        """Store the keys of an item, in place of those it had.

        Args:
            item_id: The item; it need not be stored.
            keys: Signed 64-bit numbers, each once; none for a text that tells nothing.
            seen_at: When the item was first seen; counts for the window.
            version: Of the fingerprinter that made the keys.
        """
        ...

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[Candidate, ...]:
        """Return stored items first seen since a moment that have keys in common, those with the most first.

        Of the items that share a key only the `limit` newest are looked at, so that the cost is bounded however common
        a key is. Items with equally many keys in common come in order of their ids.

        Args:
            keys: As given to `put`.
            since: Beginning of the window.
            limit: How many at most, > 0.
            besides: An item to leave out.
        """
        ...

    def recurring(self, lines: Collection[int], *, least: int) -> frozenset[int]:
        """Return those of the lines that were noted for at least so many items."""
        ...

    def note_lines(self, lines: Iterable[int], *, seen_at: datetime) -> None:
        """Count the lines of one more item; to be called once an item, with each line once."""
        ...


class NearDuplicateRepository(CopyIndex, Protocol):
    """The same in the database, where it must be kept small and whole."""

    def unindexed(self, *, since: datetime, version: str, limit: int) -> tuple[Item, ...]:
        """Return items first seen since a moment that have no keys of this version, the oldest first."""
        ...

    def prune(self, *, before: datetime, limit: int) -> int:
        """Forget the keys of at most `limit` items first seen before a moment; return how many there were."""
        ...

    def prune_lines(self, *, before: datetime, rare_before: datetime, least: int) -> int:
        """Forget lines not seen since a moment, those of fewer items than `least` sooner; return how many.

        Args:
            before: Since when a line must have been seen.
            rare_before: The same for rare lines; not earlier.
            least: Items from which a line is not rare.
        """
        ...
