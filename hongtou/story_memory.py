"""Stories and their items in memory: enough of a transaction for items of a file to be linked as intake links them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from core.item import StoryId
from hongtou.story_shelf import StoryShelf, Tie

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from core.item import Item, ItemId
    from core.repositories import UnitOfWork
    from core.stories import Kinship, Story, StoryEvent


class MemoryStories:
    """What linking asks of `core.story_repository.StoryRepository`; nothing is split by hand, and no log is kept."""

    def __init__(self, items: Mapping[ItemId, Item]) -> None:
        """Take the items by number, as far as they are stored."""
        self.index = StoryShelf()
        self._items = items
        self._stories: dict[StoryId, Story] = {}

    def begin(self, story: Story) -> StoryId:
        """Store a new story."""
        number = StoryId(len(self._stories) + 1)
        self._stories[number] = replace(story, id=number)
        return number

    def put(self, story: Story) -> None:
        """Store what is known of a story."""
        self._stories[story.id] = story

    def get(self, story_id: StoryId) -> Story | None:
        """Return a story; for one that was merged into another, that one."""
        return self._stories.get(self.index.name_of(story_id))

    def get_many(self, story_ids: Sequence[StoryId]) -> tuple[Story, ...]:
        """Return stories in the order asked for, merged ones as what they became, each once."""
        return tuple(self._stories[one] for one in dict.fromkeys(map(self.index.name_of, story_ids)))

    def items(self, story_id: StoryId, *, limit: int) -> tuple[Item, ...]:
        """Return a story's items, the first published first."""
        found = [self._items[one] for one in self.index.members(story_id)]
        return tuple(sorted(found, key=lambda item: (item.published.at, item.id))[:limit])

    def count_items(self, story_id: StoryId) -> int:
        """Return how many items a story has."""
        return len(self.index.members(story_id))

    def move(self, item_ids: Collection[ItemId], to: StoryId) -> None:
        """Put items into a story."""
        for item_id in item_ids:
            self.index.move(item_id, to)

    def merge(self, story_id: StoryId, into: StoryId) -> None:
        """Put all items and ties of a story into another."""
        self.index.merge(story_id, into=into)

    def relate(self, kinship: Kinship) -> None:
        """Store a tie between two stories."""
        tie = Tie(later=kinship.later, earlier=kinship.earlier, relation=kinship.relation, reason=kinship.reason)
        self.index.relate(tie)

    def apart_from(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, frozenset[StoryId]]:  # noqa: ARG002 - of the protocol
        """Return nothing: nobody splits stories of a file."""
        return {}

    def note(self, event: StoryEvent) -> None:
        """Keep no log."""


class MemoryUnit:
    """A transaction on stories in memory."""

    def __init__(self) -> None:
        self._items: dict[ItemId, Item] = {}
        self.stories = MemoryStories(self._items)
        self.items = self

    def add(self, item: Item) -> None:
        """Store an item under its number."""
        self._items[item.id] = item

    def get(self, item_id: ItemId) -> Item | None:
        """Return an item."""
        return self._items.get(item_id)

    def as_unit(self) -> UnitOfWork:
        """Return this for a linker, which asks for nothing that is not here."""
        return cast("UnitOfWork", self)
