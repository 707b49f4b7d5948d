"""The pacing use case: before alerts are claimed, decide which are told now, held back, silenced, or told together.

It runs in the transaction of the claim, so that nothing is claimed that it has not seen. What it decides is in
`core.pacing`; by whose configuration is asked anew each time, so that an edit counts for what is held already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.alert import AlertKind, GroupBy
from core.notices import Notice, NoticeKind
from core.pacing import HoldRules, StormRules, Waiting, due, pace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from core.alert import Alert, AlertId, Route, RouteId, RouteMatch, Silence
    from core.item import Item, ItemId
    from core.pacing import Pacing, Release
    from core.ports import RouteMatcher
    from core.repositories import UnitOfWork
    from core.source import Source
    from hongtou.notices import Notices, Operators

log = structlog.get_logger(__name__)

_PORTION = 500
"""Pending alerts looked at in one go; more than a claim takes, so that none is claimed unseen."""
_ENOUGH = 50
"""Alerts to be told now from which no further portion is looked at before a claim."""
_MOST_HELD = 100_000
_LOOKS = 100
"""Held alerts looked at a second, in the mean: thousands that wait for a catch-up to end are not read every tick."""
_LONGEST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingMeans:
    """By what is paced; replaced as a whole."""

    routes: Mapping[RouteId, Route]
    operators: Operators
    storm: StormRules
    lull: timedelta
    """How long nothing new must have come before a catch-up is told."""
    matcher: Callable[[RouteMatch], RouteMatcher]
    """Makes what says whether an item meets a silence; raises ValueError where its query cannot be read."""
    sources: Callable[[str], Source | None]

    @property
    def rules(self) -> HoldRules:
        """Those of `core.pacing`."""
        return HoldRules(routes=self.routes, operators=self.operators.route, storm=self.storm, lull=self.lull)

    def route_of(self, alert: Alert) -> Route | None:
        """Return the route of an alert; that of the operators for their notices."""
        if alert.kind is AlertKind.NOTICE:
            return self.operators.route
        return self.routes.get(alert.route) if alert.route else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """What one look came to."""

    held: int = 0
    silenced: int = 0
    released: int = 0
    """Messages made of what was held: a digest counts once."""


class Pacer:
    """Paces alerts on their way; used in one thread at a time."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._next_look: datetime | None = None
        self._means: PacingMeans | None = None

    def pace(self, uow: UnitOfWork, means: PacingMeans, *, now: datetime) -> Paced:
        """Release what is due, then hold or silence what is pending; to be followed by a claim in the same transaction.

        Args:
            uow: The transaction.
            means: Of the configuration in force.
            now: The present, aware UTC.
        """
        hush = _Hush(uow, means, now=now)
        released = self._release(uow, means, hush, now=now)
        held, silenced = self._hold(uow, means, hush, now=now)
        paced = Paced(held=held, silenced=silenced + hush.of_held, released=released)
        if held or paced.silenced or released:
            log.info("paced", held=held, silenced=paced.silenced, released=released)
        return paced

    def _release(self, uow: UnitOfWork, means: PacingMeans, hush: _Hush, *, now: datetime) -> int:
        if not self._is_time_to_look(means, now):
            return 0
        held = uow.pacing.held(limit=_MOST_HELD)
        self._next_look = now + min(_LONGEST_PAUSE, timedelta(seconds=len(held) // _LOOKS))
        return sum(_release(uow, release, hush, now=now) for release in due(held, means.rules, now=now))

    def _is_time_to_look(self, means: PacingMeans, now: datetime) -> bool:
        """Whether to look at what is held: also at once by a new configuration, and when the clock was set back."""
        is_new, self._means = means is not self._means, means
        at = self._next_look
        return is_new or at is None or now >= at or at - now > _LONGEST_PAUSE

    def _hold(self, uow: UnitOfWork, means: PacingMeans, hush: _Hush, *, now: datetime) -> tuple[int, int]:
        held = silenced = storm = 0
        while True:
            pending = uow.pacing.pending(limit=_PORTION)
            if not pending:
                break
            decided = _decide(uow, pending, means, hush, now=now)
            uow.pacing.hold(decided.held)
            uow.pacing.silence(decided.silenced)
            held, silenced, storm = (
                held + len(decided.held),
                silenced + len(decided.silenced),
                decided.storm_began or (storm and storm + len(decided.held)),
            )
            free = len(pending) - len(decided.held) - len(decided.silenced)
            if len(pending) < _PORTION or free >= _ENOUGH:
                break
        if storm:
            self._notices.tell(uow, _storm_notice(storm, means.storm, now=now))
        return held, silenced


class _Hush:
    """Says which alerts the present silences keep back; asks the database only where there are any."""

    def __init__(self, uow: UnitOfWork, means: PacingMeans, *, now: datetime) -> None:
        self._uow = uow
        self._means = means
        self._matchers = _matchers(uow.silences.active(at=now), means)
        self.of_held = 0

    def of(self, alerts: Sequence[Alert]) -> Mapping[AlertId, int]:
        """Return alert → silence."""
        if not self._matchers:
            return {}
        items = _items_of(self._uow, alerts)
        found: dict[AlertId, int] = {}
        for alert in alerts:
            item = items.get(alert.item_id) if alert.item_id else None
            silence = self._silence(alert, item) if item else None
            if silence is not None:
                found[alert.id] = silence
        return found

    def without(self, held: Sequence[Alert]) -> tuple[Alert, ...]:
        """Silence what is to be of alerts that are about to be told together; return the others."""
        silenced = self.of(held)
        if silenced:
            self._uow.pacing.silence(silenced)
            self.of_held += len(silenced)
        return tuple(alert for alert in held if alert.id not in silenced)

    def _silence(self, alert: Alert, item: Item) -> int | None:
        source = self._means.sources(item.source_id)
        return next(
            (
                silence.id
                for silence, matcher in self._matchers
                if (not silence.routes or alert.route in silence.routes) and matcher.match(item, source)
            ),
            None,
        )


def silence_held(uow: UnitOfWork, held: Sequence[Alert], means: PacingMeans, *, now: datetime) -> int:
    """Silence, of alerts that are about to go into a digest, those that a silence keeps back now; return how many."""
    hush = _Hush(uow, means, now=now)
    hush.without(held)
    return hush.of_held


def _matchers(silences: Sequence[Silence], means: PacingMeans) -> list[tuple[Silence, RouteMatcher]]:
    found = []
    for silence in silences:
        try:
            found.append((silence, means.matcher(silence.match)))
        except ValueError as error:  # better to tell too much than to stop telling
            log.warning("silence ignored: its query cannot be read", silence=silence.id, reason=str(error))
    return found


def _items_of(uow: UnitOfWork, alerts: Sequence[Alert]) -> Mapping[ItemId, Item]:
    ids = dict.fromkeys(alert.item_id for alert in alerts if alert.item_id is not None)
    return {item.id: item for item in uow.items.get_many(list(ids))}


def _decide(uow: UnitOfWork, pending: Sequence[Alert], means: PacingMeans, hush: _Hush, *, now: datetime) -> Pacing:
    silenced = hush.of([alert for alert in pending if alert.kind in (AlertKind.ITEM, AlertKind.UPDATE)])
    routes = {alert.id: means.route_of(alert) for alert in pending}
    grouped = [alert for alert in pending if (route := routes[alert.id]) and route.group_by in _GROUPS]
    items = _items_of(uow, grouped) if grouped else {}
    waiting = [
        Waiting(
            alert=alert,
            route=routes[alert.id],
            group=_group(routes[alert.id], items.get(alert.item_id) if alert.item_id else None),
            silence=silenced.get(alert.id),
        )
        for alert in pending
    ]
    return pace(waiting, uow.pacing.known(now=now), storm=means.storm, now=now)


_GROUPS = frozenset({GroupBy.TOPIC, GroupBy.JURISDICTION})
"""Ways of grouping by what an item is about."""


def _group(route: Route | None, item: Item | None) -> str:
    judged = item.classification if item else None
    if route is None or judged is None:
        return ""
    if route.group_by is GroupBy.TOPIC:
        return next(iter(judged.topics), "")
    return judged.jurisdiction or "" if route.group_by is GroupBy.JURISDICTION else ""


def _release(uow: UnitOfWork, release: Release, hush: _Hush, *, now: datetime) -> int:
    """Tell what was held: one alert goes on its way, and is paced like any other; several become a digest."""
    if len(release.alerts) == 1:
        uow.pacing.release([release.alerts[0].id])
        return 1
    loud = hush.without(release.alerts)
    if len(loud) == 1:
        uow.pacing.release([loud[0].id])
    elif loud:
        uow.pacing.bundle([alert.id for alert in loud], now=now, why=release.why)
    return bool(loud)


def _storm_notice(alerts: int, rules: StormRules, *, now: datetime) -> Notice:
    minutes = round(rules.within.total_seconds() / 60)
    at = now + rules.within
    return Notice(
        kind=NoticeKind.STORM,
        key=f"storm/{now.isoformat()}",
        subject=f"Hongtou: {alerts} alerts at once are told as a digest",
        body=(
            f"{alerts} alerts came within {minutes} minutes, more than `alerts.storm_most` ({rules.most}) allows. "
            f"What comes until {at:%Y-%m-%d %H:%M} UTC is told then, as one digest a route and channel; nothing is "
            "lost.\nA route that wants too much, a source that was rebuilt, or a large event may be behind it: "
            "hongtou alerts list --state held"
        ),
    )
