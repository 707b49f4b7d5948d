"""What a use case may ask of the database about stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from core.item import Item, ItemId, StoryId
    from core.stories import Kinship, Story, StoryAlert, StoryEvent, WantedStories
    from core.story_traits import StoryCandidate, StoryMarks


class StoryIndex(Protocol):
    """The traits of items, and the keys under which tellings of one event find each other."""

    def put(self, item_id: ItemId, marks: StoryMarks, *, seen_at: datetime, version: str) -> None:
        """Store the marks of an item, in place of those it had.

        Args:
            item_id: The item.
            marks: Of the story reader.
            seen_at: When the item was first seen; counts for the window and for what is newest.
            version: Of the reader.
        """
        ...

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[StoryCandidate, ...]:
        """Return items first seen since a moment that have keys in common, those with the most first.

        Of the items that share a key only the `limit` newest are looked at, so that the cost is bounded however common
        a key is. Items with equally many keys in common come in order of their ids. Only items in a story are returned.
        """
        ...

    def of_items(self, item_ids: Collection[ItemId]) -> tuple[StoryCandidate, ...]:
        """Return those of the items that have traits and a story, in order of their ids."""
        ...

    def of_stories(self, story_ids: Collection[StoryId], *, each: int) -> tuple[StoryCandidate, ...]:
        """Return the first `each` items with traits of these stories, in order of their ids."""
        ...


class StoryRepository(Protocol):
    """Stories, their logs and ties, and what users said of them."""

    @property
    def index(self) -> StoryIndex:
        """By which an item's story is found."""
        ...

    def begin(self, story: Story) -> StoryId:
        """Store a new story (its `id` is ignored); ids are never given twice."""
        ...

    def put(self, story: Story) -> None:
        """Store what is known of a story, replacing what was there."""
        ...

    def get(self, story_id: StoryId) -> Story | None:
        """Return a story; for one that was merged into another, that one."""
        ...

    def get_many(self, story_ids: Sequence[StoryId]) -> tuple[Story, ...]:
        """Return stories in the order asked for, merged ones as what they became, each once."""
        ...

    def list(self, wanted: WantedStories, *, limit: int) -> tuple[Story, ...]:
        """Return stories, those seen last first."""
        ...

    def items(self, story_id: StoryId, *, limit: int = 200) -> tuple[Item, ...]:
        """Return a story's items, the first published first."""
        ...

    def count_items(self, story_id: StoryId) -> int:
        """Return how many items a story has."""
        ...

    def move(self, item_ids: Collection[ItemId], to: StoryId) -> None:
        """Put items into a story."""
        ...

    def unlinked(self, *, limit: int) -> tuple[Item, ...]:
        """Return items that are in no story yet, the oldest first."""
        ...

    def merge(self, story_id: StoryId, into: StoryId) -> None:
        """Put all items, ties, log entries and vetoes of a story into another; the old id leads there from now on."""
        ...

    def names(self, story_id: StoryId) -> tuple[StoryId, ...]:
        """Return all ids that lead to a story, its own first, then those merged into it in order."""
        ...

    def keep_apart(self, one: StoryId, other: StoryId) -> None:
        """Remember that a user split these: they are never merged by themselves, nor their items moved between them."""
        ...

    def let_together(self, one: StoryId, other: StoryId) -> None:
        """Forget that these were split."""
        ...

    def apart_from(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, frozenset[StoryId]]:
        """Return which stories each of these must stay apart from; absent for none."""
        ...

    def relate(self, kinship: Kinship) -> None:
        """Store a tie between two stories; what a user said of the two is not replaced by what was found."""
        ...

    def kin(self, story_id: StoryId) -> tuple[Kinship, ...]:
        """Return the ties of a story, in order of the other story's beginning."""
        ...

    def note(self, event: StoryEvent) -> None:
        """Add an entry to a story's log (its `id` is ignored)."""
        ...

    def events(self, story_id: StoryId, *, limit: int = 200) -> tuple[StoryEvent, ...]:
        """Return a story's log, the oldest first."""
        ...

    def alerts(self, story_id: StoryId) -> tuple[StoryAlert, ...]:
        """Return who was or will be told of a story's items, the oldest first."""
        ...

    def prune(self, *, before: datetime, relevant_before: datetime, limit: int) -> int:
        """Forget the keys and traits of at most `limit` items; return how many there were.

        Args:
            before: Items first seen before it are forgotten when they are not relevant.
            relevant_before: The same for relevant ones, which are kept longer for the lineage; not later.
            limit: How many at most.
        """
        ...
