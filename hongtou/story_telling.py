"""Puts into the outbox what routes want to be told of a story: its first report, and what is new in it later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.alert import (
    AlertKind,
    AlertState,
    Cadence,
    GroupBy,
    Hold,
    NewAlert,
    digest_key,
    item_alert_key,
    update_alert_key,
)
from core.stories import StoryChange
from core.story_facts import base_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime, timedelta

    from core.alert import ChannelId, Match, Route
    from core.item import Item, StoryId
    from core.ports import RouteMatcher
    from core.repositories import UnitOfWork
    from core.source import Source

_WEIGHTIEST = (StoryChange.PRIMARY_FOUND, StoryChange.NEW_LANGUAGE, StoryChange.REPORT)
"""An item that changes a story in several ways is told once, by the first of these that its route asks for."""
_LANGUAGES = {"zh": "Chinese", "en": "English", "ja": "Japanese", "ko": "Korean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingRules:
    """By what it is decided who is told."""

    matcher: RouteMatcher
    routes: Sequence[Route]
    """All of them, in order: an update goes to those that were told, whatever they want of items."""
    max_item_age: timedelta
    catch_up: bool = True
    """Whether what a source had already when it was first read is held, to be told together."""


def tell(
    uow: UnitOfWork,
    item: Item,
    source: Source | None,
    rules: TellingRules,
    *,
    now: datetime,
    changes: Collection[StoryChange] = (),
    backlog: bool = False,
) -> int:
    """Put a row into the outbox for every route and channel that wants an item's story, or what is new in it.

    A route tells a channel of a story once, under whatever number the story had; afterwards it is told of the changes
    that the route asks for, or of every report that it wants, where it groups by item. Nothing is said of what a first
    sync stored, nor of items that are too old.

    Args:
        uow: The transaction that linked the item.
        item: The item, in its story.
        source: Its source.
        rules: Who wants what.
        now: The present, aware UTC.
        changes: What the item changed in a story that was there before.
        backlog: Whether it was there before its source was first read.

    Returns:
        How many rows there are now that were not there before.
    """
    if item.story_id is None or item.baseline or now - item.published.at > rules.max_item_age:
        return 0
    matches = rules.matcher.match(item, source)
    wanting = [route for route in rules.routes if route.updates & frozenset(changes) and not _wants_all(route)]
    if not matches and not wanting:
        return 0
    names = uow.stories.names(item.story_id)
    told = _told(uow, names, [*(match.route for match in matches), *wanting])
    rows = [*_reports(item, matches, names, told=told, now=now)]
    if _is_relevant(item) or StoryChange.PRIMARY_FOUND in changes:
        rows += _updates(item, wanting, changes, told=told, now=now)
    is_held = backlog and rules.catch_up
    cadences = {route.id: route.cadence for route in rules.routes} | {
        match.route.id: match.route.cadence for match in matches
    }
    return sum(
        uow.outbox.add(way) is not None
        for row in rows
        for way in _ways(row, cadences[row.route] if row.route else Cadence.NOW, is_held=is_held)
    )


def _ways(row: NewAlert, cadence: Cadence, *, is_held: bool) -> Iterable[NewAlert]:
    """Yield the rows by which one thing is told: at once, in the digest, or both; what is held waits for a lull."""
    if cadence is not Cadence.DIGEST:
        yield replace(row, state=AlertState.HELD, held_for=Hold.CATCH_UP) if is_held else row
    if cadence is not Cadence.NOW:
        key = digest_key(row.dedup_key) if cadence is Cadence.BOTH else row.dedup_key
        yield replace(row, dedup_key=key, state=AlertState.HELD, held_for=Hold.DIGEST)


def _told(uow: UnitOfWork, names: Sequence[StoryId], routes: Iterable[Route]) -> frozenset[tuple[str, str]]:
    """Return the pairs of route and channel that have a row about the story, under any name, or about an item of it.

    An item may have been told as part of a story that it was split from since.
    """
    keys = {
        item_alert_key(route.id, channel, name): (str(route.id), str(channel))
        for route in routes
        for channel in route.channels
        for name in names
    }
    told = {keys[key] for key in uow.outbox.stored_keys(keys)}
    if told < set(keys.values()):
        told |= {(alert.route, alert.channel) for alert in uow.stories.alerts(names[0]) if alert.kind == AlertKind.ITEM}
    return frozenset(told)


def _reports(
    item: Item, matches: Iterable[Match], names: Sequence[StoryId], *, told: Collection[tuple[str, str]], now: datetime
) -> Iterable[NewAlert]:
    for match in matches:
        for channel in match.route.channels:
            if (match.route.id, channel) not in told:
                yield NewAlert(
                    dedup_key=item_alert_key(match.route.id, channel, names[0]),
                    kind=AlertKind.ITEM,
                    channel=channel,
                    state=AlertState.PENDING,
                    created_at=now,
                    route=match.route.id,
                    item_id=item.id,
                    reason=match.reason,
                )
            elif _wants_all(match.route):
                further = _update(item, match.route, channel, StoryChange.REPORT, now=now)
                yield replace(further, kind=AlertKind.ITEM, change=None, reason=match.reason)


def _wants_all(route: Route) -> bool:
    return route.group_by is GroupBy.ITEM


def _updates(
    item: Item,
    routes: Iterable[Route],
    changes: Collection[StoryChange],
    *,
    told: Collection[tuple[str, str]],
    now: datetime,
) -> Iterable[NewAlert]:
    for route in routes:
        change = next(one for one in _WEIGHTIEST if one in route.updates and one in changes)
        for channel in route.channels:
            if (route.id, channel) in told:
                yield _update(item, route, channel, change, now=now)


def _update(item: Item, route: Route, channel: ChannelId, change: StoryChange, *, now: datetime) -> NewAlert:
    story = item.story_id
    assert story is not None  # noqa: S101 - only items in a story come here
    return NewAlert(
        dedup_key=update_alert_key(route.id, channel, story=story, change=change, item=item.id),
        kind=AlertKind.UPDATE,
        channel=channel,
        state=AlertState.PENDING,
        created_at=now,
        route=route.id,
        item_id=item.id,
        reason=f"update of story {story}: {what_is_new(change, item.language)}",
        change=change,
    )


def what_is_new(change: StoryChange, language: str) -> str:
    """Say a change for a person; `language` is that of the item that made it."""
    if change is StoryChange.PRIMARY_FOUND:
        return "the authority's own document"
    if change is StoryChange.NEW_LANGUAGE:
        code = base_language(language)
        return f"the first report in {_LANGUAGES.get(code, code)}"
    return "a further report"


def _is_relevant(item: Item) -> bool:
    return item.classification is not None and item.classification.relevant
