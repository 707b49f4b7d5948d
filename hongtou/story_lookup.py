"""Gathers all that is known of one story, for whoever shows it: document, outlets, log, lineage, and who was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.stories import Relation
from core.story_facts import list_outlets
from hongtou.story_summary import reports_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from core.item import Item, ItemId, StoryId
    from core.repositories import UnitOfWork
    from core.stories import Kinship, Outlet, Story, StoryAlert, StoryEvent
    from hongtou.story_summary import FindSource

_MOST = 40
"""Stories of one lineage: a national plan may have thirty local ones under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """A story in its lineage, with those that follow from it."""

    story: Story
    tie: Kinship | None = None
    """To the story above it; None for the first."""
    below: tuple[Descent, ...] = ()
    """In order of their beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDetails:
    """All that is known of a story."""

    story: Story
    names: tuple[StoryId, ...]
    """All numbers that lead to it, its own first."""
    items: tuple[Item, ...]
    """The first published first."""
    primary: Item | None
    outlets: tuple[Outlet, ...]
    events: tuple[StoryEvent, ...]
    alerts: tuple[StoryAlert, ...]
    lineage: Descent
    """From the first story of its line of descent; of itself alone where there is none."""
    siblings: tuple[tuple[Kinship, Story], ...]
    """Other acts close to it."""
    apart: tuple[StoryId, ...]
    """Stories that a user split it from."""

    @property
    def reasons(self) -> Mapping[ItemId, str]:
        """Why each item is in it, as far as the log tells."""
        return {event.item_id: event.reason for event in self.events if event.item_id is not None and event.reason}


def look_up(uow: UnitOfWork, story_id: StoryId, sources: FindSource, *, limit: int = 200) -> StoryDetails | None:
    """Return all that is known of a story, or of what it was merged into; None for one that never was.

    Args:
        uow: Where it is looked up.
        story_id: Any of its numbers.
        sources: Looks a source up by its id.
        limit: Items and log entries at most.
    """
    story = uow.stories.get(story_id)
    if story is None:
        return None
    items = uow.stories.items(story.id, limit=limit)
    primary = uow.items.get(story.primary_item_id) if story.primary_item_id is not None else None
    return StoryDetails(
        story=story,
        names=uow.stories.names(story.id),
        items=items,
        primary=primary,
        outlets=list_outlets(reports_of(items, sources), primary),
        events=uow.stories.events(story.id, limit=limit),
        alerts=uow.stories.alerts(story.id),
        lineage=trace_lineage(uow, story),
        siblings=tuple(_siblings(uow, story)),
        apart=tuple(sorted(uow.stories.apart_from([story.id]).get(story.id, ()))),
    )


def trace_lineage(uow: UnitOfWork, story: Story) -> Descent:
    """Return a story's line of descent: from the first draft or plan above it down to all that follows from that."""
    seen, top = {story.id}, story
    while (above := _above(uow, top, seen)) is not None:
        seen.add(above.id)
        top = above
    return _descend(uow, top, None, {top.id})


def _above(uow: UnitOfWork, story: Story, seen: Collection[StoryId]) -> Story | None:
    ties = [tie for tie in _line(uow, story.id) if tie.later == story.id and tie.earlier not in seen]
    return uow.stories.get(ties[0].earlier) if ties else None


def _descend(uow: UnitOfWork, story: Story, tie: Kinship | None, seen: set[StoryId]) -> Descent:
    below = []
    for kinship in _line(uow, story.id):
        if kinship.earlier != story.id or kinship.later in seen or len(seen) >= _MOST:
            continue
        seen.add(kinship.later)
        if (later := uow.stories.get(kinship.later)) is not None:
            below.append(_descend(uow, later, kinship, seen))
    return Descent(story=story, tie=tie, below=tuple(below))


def _line(uow: UnitOfWork, story_id: StoryId) -> Iterator[Kinship]:
    return (tie for tie in uow.stories.kin(story_id) if tie.relation is not Relation.SIBLING)


def _siblings(uow: UnitOfWork, story: Story) -> Iterator[tuple[Kinship, Story]]:
    for tie in uow.stories.kin(story.id):
        if tie.relation is Relation.SIBLING:
            other = uow.stories.get(tie.earlier if tie.later == story.id else tie.later)
            if other is not None:
                yield tie, other
