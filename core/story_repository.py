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
            seen_at: When the item was first seen; counts for the window.
            version: Of the reader.
        """
        ...

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[StoryCandidate, ...]:
        """Return items first seen since a moment that have keys in common, those with the most first.

        Of the items that share a key only the `limit` newest are looked at, by number, so that the cost is bounded
        however common a key is. Items with equally many keys in common come in order of their ids. Of at most `limit`
        items found those are returned that are in a story, and whose traits this version of the program can read.

        Args:
            keys: As given to `put`.
            since: Beginning of the window.
            limit: How many at most, > 0.
            besides: An item to leave out.
        """
        ...

    def of_items(self, item_ids: Collection[ItemId]) -> tuple[StoryCandidate, ...]:
        """Return those of the items that have traits and a story, in order of their ids."""
        ...

    def of_stories(self, story_ids: Collection[StoryId], *, each: int) -> tuple[StoryCandidate, ...]:
        """Return the first `each` items with traits of these stories, in order of their ids.

        The ids are those of stories that are there, as items and candidates have them: names of old lead nowhere here.
        """
        ...

    def unread(self, *, since: datetime, version: str, limit: int) -> tuple[Item, ...]:
        """Return relevant items of stories, seen since a moment, whose marks are not of this version, the oldest first.

        They were stored before there were stories, or read by another version of the reader: no other telling of their
        event finds them well until they are read anew.
        """
        ...


class StoryRepository(Protocol):
    """Stories, their logs and ties, and what users said of them.

    Wherever a story is asked for, the id of one that was merged into another stands for that one. A method that changes
    a story that is not stored raises `StorageError`; one that reads it returns nothing.
    """

    @property
    def index(self) -> StoryIndex:
        """By which an item's story is found."""
        ...

    def begin(self, story: Story) -> StoryId:
        """Store a new story (its `id` is ignored); ids are never given twice."""
        ...

    def put(self, story: Story) -> None:
        """Store what is known of a story, replacing what was there.

        Raises:
            StorageError: Also when it was merged into another: what is known of it is not what is known of the other.
        """
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

    def count(self, wanted: WantedStories) -> int:
        """Return how many stories `list` would find without its limit."""
        ...

    def count_items(self, story_id: StoryId) -> int:
        """Return how many items a story has."""
        ...

    def move(self, item_ids: Collection[ItemId], to: StoryId) -> None:
        """Put items into a story; what is known of it, and of the story they were in, is for the caller to store."""
        ...

    def unlinked(self, *, limit: int) -> tuple[Item, ...]:
        """Return items that are in no story yet, the oldest first."""
        ...

    def merge(self, story_id: StoryId, into: StoryId) -> None:
        """Put all items, ties, log entries and vetoes of a story into another; the old id leads there from now on.

        Does nothing when the two are one. A tie and a veto between them go; where both have a tie to a third, the other
        story's stays unless the merged one's weighs more (`relate`). What is known of the other story, such as its
        counts, stays as it was: it is for the caller to store anew.
        """
        ...

    def names(self, story_id: StoryId) -> tuple[StoryId, ...]:
        """Return all ids that lead to a story, its own first, then those merged into it in order; none for none."""
        ...

    def keep_apart(self, one: StoryId, other: StoryId) -> None:
        """Remember that a user split these: they are never merged by themselves, nor their items moved between them.

        For the caller to heed: `merge` and `move` do what they are told.

        Raises:
            ValueError: They are one story.
        """
        ...

    def let_together(self, one: StoryId, other: StoryId) -> None:
        """Forget that these were split."""
        ...

    def apart_from(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, frozenset[StoryId]]:
        """Return which stories each of these must stay apart from; absent for none."""
        ...

    def relate(self, kinship: Kinship) -> None:
        """Store a tie between two stories, in place of one of the same two, in whatever direction.

        What a user said of the two is not replaced by what was found, nor a line of descent by `Relation.SIBLING`. Does
        nothing when the two are one story.
        """
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
        """Return who was or will be told of a story, the oldest alert first; dead alerts do not count.

        Of a story tell alerts about its items, and those that were made under one of its names.
        """
        ...

    def prune(self, *, before: datetime, relevant_before: datetime, limit: int) -> int:
        """Forget the keys and traits of at most `limit` items; return how many there were.

        Args:
            before: Items first seen before it are forgotten when they are not relevant.
            relevant_before: The same for relevant ones, which are kept longer for the lineage; not later.
            limit: How many at most.
        """
        ...
