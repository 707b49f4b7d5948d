"""Whether an alert is told now, held back for a while, or silenced; and what of the held ones is told together. Pure.

The order of the questions: silenced? quiet hours? to be told with others of its group? a storm? the route's fill?
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertKind, GroupBy, Hold
from core.notices import URGENT
from core.quiet import quiet_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from core.alert import Alert, AlertId, ChannelId, Route, RouteId

    Lane = tuple[RouteId | None, ChannelId]

HOUR = timedelta(hours=1)
CATCH_UP_LULL = timedelta(minutes=10)
"""A catch-up is over when nothing new of it has come for so long: sources are first polled within minutes."""
CATCH_UP_LONGEST = timedelta(hours=1)
"""After which it is told in any case."""
AGAIN = timedelta(hours=6)
"""When rows of a dead digest are told again that no schedule takes."""
_TOLD = frozenset({AlertKind.ITEM, AlertKind.UPDATE})
_BY_ITSELF = frozenset({GroupBy.STORY, GroupBy.ITEM})
"""Ways of grouping that wait for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormRules:
    """When so many alerts come at once that nobody could read them one by one."""

    most: int = 30
    """Alerts told at once within `within`, over all routes and channels; 0 never breaks a storm."""
    within: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One pending alert with what decides about it."""

    alert: Alert
    route: Route | None
    """None for alerts whose route has left the configuration; that of operator notices has their quiet hours."""
    group: str = ""
    """Its group by the route's `group_by`: a topic, a jurisdiction, or nothing."""
    silence: int | None = None
    """Id of the silence that matches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """That an alert is held, and until when."""

    hold: Hold
    release_at: datetime
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What has been told lately, and what is held."""

    lately: Mapping[Lane, Sequence[datetime]] = field(default_factory=dict)
    """When messages were sent, or are being sent, at once, in the last hour."""
    groups: Mapping[tuple[Lane, str], datetime] = field(default_factory=dict)
    """When the groups that are being waited for are told."""
    storm_until: datetime | None = None
    """When the storm that is going on is told; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """What is to become of pending alerts; those that are not named are told now."""

    held: Mapping[AlertId, HeldBack]
    silenced: Mapping[AlertId, int]
    """Alert → silence."""
    storm_began: int = 0
    """How many alerts began a storm; 0 where none began."""


def pace(waiting: Sequence[Waiting], known: Pace, *, storm: StormRules, now: datetime) -> Pacing:
    """Decide about pending alerts, in the given order.

    Args:
        waiting: All that are pending, oldest first.
        known: What came before.
        storm: When to break one.
        now: Aware UTC.
    """
    silenced = {one.alert.id: one.silence for one in waiting if one.silence is not None}
    held: dict[AlertId, HeldBack] = {}
    groups = dict(known.groups)
    eager: list[Waiting] = []
    for one in waiting:
        if one.alert.id in silenced:
            continue
        back = _quiet(one, now) or _grouped(one, groups)
        if back is None:
            eager.append(one)
        else:
            held[one.alert.id] = back
    began = _storm(eager, held, known, storm, now=now)
    _overflow([one for one in eager if one.alert.id not in held], held, known.lately, now=now)
    return Pacing(held=held, silenced=silenced, storm_began=began)


def _quiet(one: Waiting, now: datetime) -> HeldBack | None:
    if one.route is None or not _can_wait(one.alert):
        return None
    until = quiet_until(now, one.route.quiet)
    return None if until is None else HeldBack(hold=Hold.QUIET, release_at=until)


def _can_wait(alert: Alert) -> bool:
    """Whether quiet hours count for an alert: not for tests, what is urgent, and what readers are told of a page."""
    if alert.kind is AlertKind.NOTICE:
        return alert.notice is not None and alert.notice not in URGENT
    return alert.kind is not AlertKind.TEST


def _grouped(one: Waiting, groups: dict[tuple[Lane, str], datetime]) -> HeldBack | None:
    """Hold an alert for others of its group; what waited once, or is waited for no longer, is told."""
    route, alert = one.route, one.alert
    if route is None or alert.kind not in _TOLD or route.group_by in _BY_ITSELF or alert.group:
        return None
    group = one.group or route.group_by.value
    release_at = groups.setdefault((_lane(alert), group), alert.created_at + route.group_wait)
    return HeldBack(hold=Hold.GROUP, release_at=release_at, group=group)


def _storm(
    eager: Sequence[Waiting], held: dict[AlertId, HeldBack], known: Pace, rules: StormRules, *, now: datetime
) -> int:
    """Hold everything while a storm goes on, or begins with these; return how many began one."""
    loud = [one for one in eager if one.alert.kind in _TOLD]
    if not rules.most or not loud:
        return 0
    told = sum(now - at < rules.within for times in known.lately.values() for at in times)
    until = known.storm_until
    if until is not None and not now < until <= now + rules.within:
        until = None  # over, or put off by a clock that was wrong
    if until is None and told + len(loud) <= rules.most:
        return 0
    back = HeldBack(hold=Hold.STORM, release_at=until or now + rules.within)
    held.update({one.alert.id: back for one in loud})
    return 0 if until else told + len(loud)


def _overflow(
    eager: Iterable[Waiting],
    held: dict[AlertId, HeldBack],
    lately: Mapping[Lane, Sequence[datetime]],
    *,
    now: datetime,
) -> None:
    """Hold what is over a route's fill until the oldest message of the hour is an hour old."""
    told: dict[Lane, list[datetime]] = defaultdict(list)
    for lane, times in lately.items():
        told[lane] = sorted(at for at in times if now - at < HOUR)
    for one in eager:
        if one.route is None or not one.route.max_per_hour or one.alert.kind not in _TOLD:
            continue
        times = told[_lane(one.alert)]
        if len(times) >= one.route.max_per_hour:
            held[one.alert.id] = HeldBack(hold=Hold.OVERFLOW, release_at=times[-one.route.max_per_hour] + HOUR)
        else:
            times.append(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Held alerts that are to be told now: one by itself, several as a digest."""

    alerts: tuple[Alert, ...]
    why: str = ""
    """Why they come together, for the digest; empty for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRules:
    """By what is decided whether what is held is due: the configuration as it is now, not as it was then."""

    routes: Mapping[RouteId, Route] = field(default_factory=dict)
    """What a route held that is not among them is due at once."""
    operators: Route | None = None
    """With the quiet hours of operator notices."""
    storm: StormRules = StormRules()
    lull: timedelta = CATCH_UP_LULL


def due(held: Sequence[Alert], rules: HoldRules, *, now: datetime) -> tuple[Release, ...]:
    """Return what is to be told of the alerts that are held, those that wait for a route's digest left out.

    What a route and channel held back for different reasons, and is due, comes together; groups stay apart, and
    notices and digests that were held are told as they are. Nothing is held because a clock was wrong: what would be
    released later than its kind is ever held for is due.

    Args:
        held: All alerts held for something else than a digest, oldest first.
        rules: As the configuration has them now.
        now: Aware UTC.
    """
    lanes: dict[tuple[Lane, str], list[Alert]] = defaultdict(list)
    releases: list[Release] = []
    caught_up = _caught_up(held, rules.lull, now=now)
    for alert in held:
        if not _is_ripe(alert, rules, caught_up, now=now):
            continue
        if alert.kind in _TOLD:
            lanes[_lane(alert), alert.group if alert.held_for is Hold.GROUP else ""].append(alert)
        else:
            releases.append(Release(alerts=(alert,)))
    releases += [
        Release(alerts=tuple(alerts), why=_why(alerts) if len(alerts) > 1 else "") for alerts in lanes.values()
    ]
    return tuple(releases)


def _is_ripe(alert: Alert, rules: HoldRules, caught_up: frozenset[Lane], *, now: datetime) -> bool:
    hold, route = alert.held_for, rules.routes.get(alert.route) if alert.route else None
    if alert.returned:
        return _is_past(alert.release_at, now, within=AGAIN)
    if hold is Hold.CATCH_UP:
        return _lane(alert) in caught_up
    if hold is Hold.STORM:
        return not rules.storm.most or _is_past(alert.release_at, now, within=rules.storm.within)
    if alert.kind is AlertKind.NOTICE:
        route = rules.operators
        if hold is Hold.OVERFLOW:
            return _is_past(alert.release_at, now, within=HOUR)
    return route is None or _has_ended(alert, route, now=now)


def _has_ended(alert: Alert, route: Route, *, now: datetime) -> bool:
    """Whether the reason has ended for which a route holds an alert."""
    if alert.held_for is Hold.QUIET:
        return quiet_until(now, route.quiet) is None
    if alert.held_for is Hold.GROUP:
        return route.group_by in _BY_ITSELF or _is_past(alert.release_at, now, within=route.group_wait)
    return not route.max_per_hour or _is_past(alert.release_at, now, within=HOUR)


def _is_past(moment: datetime | None, now: datetime, *, within: timedelta) -> bool:
    """Whether a moment has come, or lies further off than it was ever meant to."""
    return moment is None or moment <= now or moment - now > within


def _caught_up(held: Sequence[Alert], lull: timedelta, *, now: datetime) -> frozenset[Lane]:
    """Return the lanes in which a catch-up is over: nothing new has come for a while, or it has lasted too long."""
    spans: dict[Lane, tuple[datetime, datetime]] = {}
    for alert in held:
        if alert.held_for is Hold.CATCH_UP:
            first, last = spans.get(_lane(alert), (alert.created_at, alert.created_at))
            spans[_lane(alert)] = min(first, alert.created_at), max(last, alert.created_at)
    return frozenset(
        lane
        for lane, (first, last) in spans.items()
        if now - last >= lull or now - first >= CATCH_UP_LONGEST or last - now > lull
    )


_BECAUSE = {
    Hold.QUIET: "came during quiet hours",
    Hold.OVERFLOW: "were more than the route tells in an hour",
    Hold.STORM: "came in a storm of alerts",
    Hold.CATCH_UP: "were found while catching up",
    Hold.GROUP: "came together",
}


def _why(alerts: Sequence[Alert]) -> str:
    holds = [alert.held_for for alert in alerts if alert.held_for is not None]
    reasons = [f"{holds.count(hold)} {because}" for hold, because in _BECAUSE.items() if hold in holds]
    return "; ".join(reasons)


def _lane(alert: Alert) -> Lane:
    return alert.route, alert.channel
