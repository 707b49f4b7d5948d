"""Gathers the content of an alert that nobody is sent, to show what a channel would get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, Told
from core.errors import HongtouError
from core.message import Content
from hongtou.contents import frame_of, story_told

if TYPE_CHECKING:
    from datetime import datetime

    from core.alert import Match, Route
    from core.item import Item, ItemId, StoryId
    from core.ports import RouteMatcher
    from core.repositories import UnitOfWork
    from hongtou.contents import Lookups

_ZONE = "Asia/Shanghai"
_REPORTS = 50
"""Reports of a story among which one is looked for that stands for it."""


class NothingToShowError(HongtouError):
    """What is to be shown is not stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to show."""

    kind: AlertKind
    """Item, update or digest; several items are a digest whatever it says."""
    channel: ChannelId
    items: tuple[ItemId, ...] = ()
    stories: tuple[StoryId, ...] = ()
    route: Route | None = None
    """For whose zone and reason it is told; None for the first route that wants the first item."""


def stored_content(
    uow: UnitOfWork, wanted: Wanted, *, lookups: Lookups, matcher: RouteMatcher, now: datetime
) -> Content:
    """Return what an alert of these items and stories would tell.

    Args:
        uow: Read only.
        wanted: One item or story at least.
        lookups: Of the configuration in force.
        matcher: Of the configured routes.
        now: The present, aware UTC.

    Raises:
        NothingToShowError: One of them is not stored.
    """
    items = [_item(uow, number) for number in wanted.items] + [_told_first(uow, number) for number in wanted.stories]
    matches = [_match(item, wanted, lookups, matcher) for item in items]
    route = wanted.route or next((match.route for match in matches if match), None)
    zone = route.zone if route else _ZONE
    kind = wanted.kind if len(items) == 1 else AlertKind.DIGEST
    return Content(
        kind=kind,
        now=now,
        told=tuple(
            Told(
                item=item,
                source=lookups.sources(item.source_id),
                reason=match.reason if match else "",
                story=story_told(uow, item.story_id, lookups.sources) if item.story_id else None,
            )
            for item, match in zip(items, matches, strict=True)
        ),
        route=route.id if route else None,
        zone=zone,
        frame=frame_of(uow, _digest(wanted, route, now), zone, lookups, now=now) if kind is AlertKind.DIGEST else None,
    )


def _item(uow: UnitOfWork, number: ItemId) -> Item:
    item = uow.items.get(number)
    if item is None:
        raise NothingToShowError(f"no item {number} is stored; hongtou items list shows those that are")
    return item


def _told_first(uow: UnitOfWork, number: StoryId) -> Item:
    """Return the item by which a story is told: the authority's own document, else its first relevant report."""
    story = uow.stories.get(number)
    items = uow.stories.items(number, limit=_REPORTS) if story else ()
    if story is None or not items:
        raise NothingToShowError(f"no story {number} is stored; hongtou items list shows those that are")
    primary = [item for item in items if item.id == story.primary_item_id]
    relevant = [item for item in items if item.classification and item.classification.relevant]
    return (primary or relevant or list(items))[0]


def _match(item: Item, wanted: Wanted, lookups: Lookups, matcher: RouteMatcher) -> Match | None:
    matches = matcher.match(item, lookups.sources(item.source_id))
    return next((match for match in matches if wanted.route in (None, match.route)), None)


def _digest(wanted: Wanted, route: Route | None, now: datetime) -> Alert:
    """Return the row that the digest would have."""
    return Alert(
        id=AlertId(0),
        dedup_key="preview",
        kind=AlertKind.DIGEST,
        channel=wanted.channel,
        state=AlertState.PENDING,
        created_at=now,
        route=route.id if route else None,
    )
