"""Keeps what is known of a story up to date with its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.story_facts import Report, tell_story

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from core.item import Item
    from core.repositories import UnitOfWork
    from core.source import Source
    from core.stories import Story

    FindSource = Callable[[str], Source | None]
    """Looks a source up by its id; None for one that is not configured."""

_TOLD_FROM = 200
"""Items that a story is told from, the first published: their texts are read anew with each report."""


def reports_of(items: Iterable[Item], sources: FindSource) -> list[Report]:
    """Return items with their sources."""
    return [Report(item=item, source=sources(item.source_id)) for item in items]


def refresh_story(uow: UnitOfWork, before: Story, sources: FindSource, *, besides: Collection[Item] = ()) -> Story:
    """Store and return what is known of a story by its items now.

    Args:
        uow: The transaction that changed them.
        before: What was known of it.
        sources: Looks a source up by its id.
        besides: Items of it that count though there may be more than are read.
    """
    items = {item.id: item for item in (*uow.stories.items(before.id, limit=_TOLD_FROM), *besides)}
    count = uow.stories.count_items(before.id) if len(items) >= _TOLD_FROM else len(items)
    story = tell_story(before.id, reports_of(items.values(), sources), before=before, items=count)
    uow.stories.put(story)
    return story
