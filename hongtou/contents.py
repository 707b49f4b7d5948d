"""What an alert tells, gathered from the database at the moment at which it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.alert import AlertKind, OutletTold, StoryTold, Told
from core.incident import NO_SOURCE, Fault
from core.message import Content, DigestFrame, QuietSource
from core.stories import WantedStories
from core.story_facts import Report, list_outlets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from core.alert import Alert, Route, RouteId
    from core.item import StoryId
    from core.message import ChannelForm
    from core.repositories import UnitOfWork
    from core.source import Source
    from core.stories import Relation, Story

_ZONE = "Asia/Shanghai"
_WEEK = 7
_MOST_STORIES = 5_000
"""Relevant stories of a week that are counted for a digest's chart."""
_MOST_REPORTS = 200
"""Reports of one story that are looked at for its outlets."""
_MOST_KIN = 5
_WITH_STORIES = 200
"""Items of one digest that are told with all that is known of their stories; a summary of thousands names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What the configuration knows by name."""

    sources: Callable[[str], Source | None]
    routes: Mapping[RouteId, Route]


def form_for(alert: Alert, form: ChannelForm, lookups: Lookups) -> ChannelForm:
    """Return the form in which a channel takes an alert: its own, but for what the route says of language and words."""
    route = lookups.routes.get(alert.route) if alert.route else None
    if route is None:
        return form
    return replace(form, language=route.language or form.language, template=route.template or form.template)


def content_of(uow: UnitOfWork, alert: Alert, lookups: Lookups, *, now: datetime) -> Content | None:
    """Return what an alert tells; None when nothing of it is stored any more.

    Args:
        uow: Read only.
        alert: The alert.
        lookups: Of the configuration in force.
        now: The present, aware UTC.
    """
    route = lookups.routes.get(alert.route) if alert.route else None
    content = Content(
        kind=alert.kind,
        now=now,
        route=alert.route,
        zone=route.zone if route else _ZONE,
        change=alert.change,
        notice=alert.notice,
        subject=alert.subject,
        body=alert.body,
    )
    if alert.kind in (AlertKind.NOTICE, AlertKind.TEST):
        return content
    is_digest = alert.kind is AlertKind.DIGEST
    told = tuple(_told(uow, uow.outbox.members(alert.id) if is_digest else (alert,), lookups.sources))
    if not told:
        return None
    return replace(
        content, told=told, frame=frame_of(uow, alert, content.zone, lookups, now=now) if is_digest else None
    )


def story_number(told: Told) -> int:
    """Return the number under which a part says that it tells an item: that of its story."""
    return int(told.story.story.id if told.story else told.item.story_id or told.item.id)


def _told(uow: UnitOfWork, rows: Sequence[Alert], sources: Callable[[str], Source | None]) -> Iterable[Told]:
    reasons: dict[int, str] = {}
    for row in rows:
        if row.item_id is not None:
            reasons.setdefault(row.item_id, row.reason)
    items = uow.items.get_many([row.item_id for row in rows if row.item_id is not None])
    stories: dict[StoryId, StoryTold | None] = {}
    for number, item in enumerate({item.id: item for item in items}.values()):
        story_id = item.story_id
        if story_id is not None and number < _WITH_STORIES and story_id not in stories:
            stories[story_id] = story_told(uow, story_id, sources)
        yield Told(
            item=item,
            source=sources(item.source_id),
            reason=reasons[item.id],
            story=stories.get(story_id) if story_id is not None else None,
        )


def story_told(uow: UnitOfWork, story_id: StoryId, sources: Callable[[str], Source | None]) -> StoryTold | None:
    """Return what is known of a story, with its document, outlets and kin; None where none is stored."""
    story = uow.stories.get(story_id)
    if story is None:
        return None
    items = uow.stories.items(story.id, limit=_MOST_REPORTS)
    by_id = {item.id: item for item in items}
    primary = by_id.get(story.primary_item_id) if story.primary_item_id else None
    if primary is None and story.primary_item_id:
        primary = uow.items.get(story.primary_item_id)
    reports = [Report(item=item, source=sources(item.source_id)) for item in items]
    outlets = [
        OutletTold(outlet=outlet, name=_name(outlet.source_id, sources), url=by_id[outlet.item_id].url)
        for outlet in list_outlets(reports, primary)
    ]
    return StoryTold(story=story, primary=primary, outlets=tuple(outlets), kin=tuple(_kin(uow, story)))


def _kin(uow: UnitOfWork, story: Story) -> Iterable[tuple[Relation, bool, Story]]:
    for tie in uow.stories.kin(story.id)[:_MOST_KIN]:
        is_later = tie.later == story.id
        other = uow.stories.get(tie.earlier if is_later else tie.later)
        if other is not None:
            yield tie.relation, is_later, other


def _name(source_id: str, sources: Callable[[str], Source | None]) -> str:
    source = sources(source_id)
    return source.name if source else source_id


def frame_of(uow: UnitOfWork, alert: Alert, zone: str, lookups: Lookups, *, now: datetime) -> DigestFrame:
    """Return what a digest says around its stories.

    Args:
        uow: Read only.
        alert: The digest.
        zone: IANA zone of its route.
        lookups: Of the configuration in force.
        now: The present, aware UTC.
    """
    since = uow.outbox.delivered_at(alert.route, alert.channel) if alert.route else None
    return DigestFrame(
        since=since,
        why=alert.reason,
        week=_week(uow, zone, now=now),
        quiet=tuple(_quiet(uow, lookups.sources)),
        silenced=uow.pacing.silenced(alert.route, alert.channel, since=since) if alert.route else 0,
    )


def _week(uow: UnitOfWork, zone: str, *, now: datetime) -> tuple[tuple[str, int], ...]:
    """Return how many relevant stories were first seen on each of the last seven days; nothing where none was."""
    today = now.astimezone(ZoneInfo(zone)).date()
    counts = {(today - timedelta(days=back)).isoformat(): 0 for back in range(_WEEK - 1, -1, -1)}
    for story in uow.stories.list(WantedStories(since=now - timedelta(days=_WEEK)), limit=_MOST_STORIES):
        day = story.first_seen_at.astimezone(ZoneInfo(zone)).date().isoformat()
        if day in counts:
            counts[day] += 1
    return tuple(counts.items()) if any(counts.values()) else ()


def _quiet(uow: UnitOfWork, sources: Callable[[str], Source | None]) -> Iterable[QuietSource]:
    """Yield the sources that the operators were told of and that are not well yet, those longest so first."""
    for incident in uow.health.unsettled():
        source = sources(incident.source_id) if incident.source_id != NO_SOURCE else None
        if source is not None and incident.ended_at is None and (incident.told or incident.fault is Fault.QUIET):
            yield QuietSource(
                source_id=source.id, name=source.name, fault=incident.fault.value, since=incident.started_at
            )


def missing_stories(content: Content, told: Iterable[int], *, more: int) -> tuple[Told, ...]:
    """Return what of a content no part tells, and none says that there is: anything is a fault of the rendering."""
    wanted = {story_number(one): one for one in content.told}
    left = [one for number, one in wanted.items() if number not in set(told)]
    return () if len(left) <= more else tuple(left)
