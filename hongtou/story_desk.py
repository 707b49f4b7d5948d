"""What users say of stories: these belong apart, those together. Remembered, and never undone by the program itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from core.item import StoryId
from core.stories import StoryEvent, StoryEventKind
from core.story_facts import tell_story
from hongtou.story_summary import refresh_story, reports_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from core.item import Item, ItemId
    from core.repositories import UnitOfWork
    from core.stories import Story
    from hongtou.story_summary import FindSource


_ALL = 10_000
"""Items of one story; more than any event has."""


class StoryDesk:
    """Splits and merges stories, in the caller's transaction."""

    def __init__(self, sources: FindSource) -> None:
        self._sources = sources

    def split(self, uow: UnitOfWork, story_id: StoryId, item_ids: Collection[ItemId], *, now: datetime) -> Story:
        """Part items of a story from the others, and remember that they belong apart.

        The items go into a new story, unless somebody was told of them and not of the others: then the others do, so
        that the story with the old number stays the one that was told.

        Args:
            uow: The transaction.
            story_id: The story.
            item_ids: Some, but not all, of its items.
            now: The present, aware UTC.

        Returns:
            The new story.

        Raises:
            ValueError: There is no such story, an item is not in it, or none would be left; the message tells what
                can be done.
        """
        old = _found(uow, story_id)
        wanted = set(item_ids)
        items = uow.items.get_many(sorted(wanted))
        strangers = wanted - {item.id for item in items if item.story_id == old.id}
        if strangers:
            numbers = ", ".join(map(str, sorted(strangers)))
            raise ValueError(f"not in story {old.id}: item {numbers}; `hongtou stories show {old.id}` lists its items")
        others = [item for item in uow.stories.items(old.id, limit=_ALL) if item.id not in wanted]
        if not others:
            raise ValueError(f"these are all items of story {old.id}: leave at least one of them in it")
        if _were_told(uow, items) and not _were_told(uow, others):
            items = tuple(others)
        new = self._begin(uow, items)
        uow.stories.keep_apart(old.id, new.id)
        refresh_story(uow, old, self._sources)
        numbers = ", ".join(str(item.id) for item in items)
        _note(uow, old.id, StoryEventKind.SPLIT, f"a user put item {numbers} into story {new.id}", now=now)
        _note(uow, new.id, StoryEventKind.SPLIT, f"a user took item {numbers} out of story {old.id}", now=now)
        return new

    def merge(self, uow: UnitOfWork, story_ids: Sequence[StoryId], *, now: datetime) -> Story:
        """Put several stories into the first, and forget that any of them were split.

        Raises:
            ValueError: There is no such story, or all are one already.
        """
        stories = list({story.id: story for story in (_found(uow, story_id) for story_id in story_ids)}.values())
        if len(stories) < 2:
            raise ValueError("these are one story already; name at least two that are not")
        for one, other in combinations(stories, 2):
            uow.stories.let_together(one.id, other.id)
        into, *others = stories
        for other in others:
            uow.stories.merge(other.id, into.id)
            _note(uow, into.id, StoryEventKind.MERGED, f"a user put story {other.id} into this one", now=now)
        return refresh_story(uow, into, self._sources)

    def _begin(self, uow: UnitOfWork, items: Sequence[Item]) -> Story:
        told = tell_story(StoryId(0), reports_of(items, self._sources))
        new = replace(told, id=uow.stories.begin(told))
        uow.stories.move([item.id for item in items], new.id)
        return new


def _were_told(uow: UnitOfWork, items: Iterable[Item]) -> bool:
    return any(uow.outbox.channels_told(item.id) for item in items)


def _found(uow: UnitOfWork, story_id: StoryId) -> Story:
    story = uow.stories.get(story_id)
    if story is None:
        raise ValueError(f"there is no story {story_id}; `hongtou stories list` shows what there is")
    return story


def _note(uow: UnitOfWork, story_id: StoryId, kind: StoryEventKind, reason: str, *, now: datetime) -> None:
    uow.stories.note(StoryEvent(story_id=story_id, kind=kind, at=now, reason=reason))
