"""Silences: what is not to be told for a while, and how much that would have been lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts.matcher import OrderedRouteMatcher
from classifier.folding import fold
from core.alert import AlertKind, Route, RouteId, RouteMatch, Silence
from core.delivery_repositories import WantedAlerts
from core.text_query import parse_query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from core.alert import Alert
    from core.item import Item, ItemId
    from core.ports import RouteMatcher
    from core.repositories import UnitOfWork
    from core.source import Source

LOOK_BACK = timedelta(days=7)
_MOST = 20_000
"""Alerts of a week that a silence is tried on."""
_PORTION = 500
_EVERYTHING = RouteMatch()


class SilenceError(ValueError):
    """A silence would not do what is wanted of it; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a silence would have kept back."""

    matched: int
    alerts: int
    """Of so many."""


def silence_matcher(match: RouteMatch) -> RouteMatcher:
    """Return what finds the items that meet a silence: a route of its own would want them.

    Raises:
        ValueError: Its query cannot be read.
    """
    return OrderedRouteMatcher((Route(id=RouteId("@silence"), match=match),), fold=fold)


def new_silence(
    match: RouteMatch, *, routes: Collection[str], ends_at: datetime, comment: str, everything: bool, now: datetime
) -> Silence:
    """Return a silence that begins now, not stored yet.

    Args:
        match: What is not told.
        routes: Names of the routes that do not tell it; empty for all.
        ends_at: Aware UTC.
        comment: Why, for whoever wonders later.
        everything: That a silence without any condition is meant.
        now: The present, aware UTC.

    Raises:
        SilenceError: It has no comment or no condition, ends in the past, or its query cannot be read.
    """
    if not comment.strip():
        raise SilenceError("a silence needs a comment: why it is there, and who asked for it")
    if ends_at <= now:
        raise SilenceError(f"it would end at {ends_at:%Y-%m-%d %H:%M} UTC, which is past")
    if match == _EVERYTHING and not routes and not everything:
        raise SilenceError("without a condition it would silence everything; name one, or say --everything")
    try:
        if match.query.strip():
            parse_query(match.query.strip())
    except ValueError as error:
        raise SilenceError(f"the query {match.query!r} cannot be read: {error}") from None
    return Silence(
        id=0,
        match=match,
        routes=frozenset(routes),
        starts_at=now,
        ends_at=ends_at,
        comment=comment.strip(),
        created_at=now,
    )


def try_silence(uow: UnitOfWork, silence: Silence, sources: Callable[[str], Source | None], *, now: datetime) -> Tried:
    """Return how many of the last seven days' alerts a silence would have kept back.

    Args:
        uow: Read only.
        silence: It need not be stored.
        sources: Looks a source up by its id.
        now: The present, aware UTC.
    """
    wanted = WantedAlerts(kinds=(AlertKind.ITEM, AlertKind.UPDATE), since=now - LOOK_BACK)
    alerts = uow.outbox.find(wanted, limit=_MOST)
    met = _items_met(uow, silence, alerts, sources)
    matched = sum(alert.item_id in met and (not silence.routes or alert.route in silence.routes) for alert in alerts)
    return Tried(matched=matched, alerts=len(alerts))


def _items_met(
    uow: UnitOfWork, silence: Silence, alerts: Sequence[Alert], sources: Callable[[str], Source | None]
) -> frozenset[ItemId]:
    matcher = silence_matcher(silence.match)
    ids = sorted({alert.item_id for alert in alerts if alert.item_id is not None})

    def is_met(item: Item) -> bool:
        return bool(matcher.match(item, sources(item.source_id)))

    return frozenset(
        item.id
        for at in range(0, len(ids), _PORTION)
        for item in uow.items.get_many(ids[at : at + _PORTION])
        if is_met(item)
    )
