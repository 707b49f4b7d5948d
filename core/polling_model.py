"""When a source publishes, learned from the hours in which it had news: an expected rate for every hour to come. Pure.

The rate is a product: level x kind of day x hour of the day, each a Gamma posterior that shrinks towards what is usual
where little was seen; and news makes more news likely for a while (a self-exciting process with a short memory).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import exp
from operator import mul
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.calendar import CELLS, HOURS, DayKind, cell_of, moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.calendar import WorkCalendar

MEMORY_H = 1.0
"""Hours after which the push of fresh news has fallen to 1/e."""
HALF_LIFE_H = 56 * 24.0
"""Hours after which a source's past counts half."""
RECENT_H = 3 * 24.0
"""Half-life of the past by which its present level is judged."""
_OLD = 0.001
"""Weight under which a past hour says nothing of the present level."""
_LEVEL_EVENTS = 1.0
_DAY_EVENTS = 4.0
_RECENT_EVENTS = 3.0
_BURST_PRIOR = 0.15
_BURST_EVENTS = 60.0
_MOST_BURST = 0.7
_SCALES_H = (4.0, 2.0, 0.7)
"""Widths, in hours, at which the hours of a day are learned: each is what the next, finer one shrinks towards."""
_SCALE_EVENTS = 2.0
"""News that the wider view counts for in each finer one."""
_NEXT_HOUR = 0.4
"""Part of a wake that lies in the next clock hour, when news comes at any minute: (1 - 1/e)^2 with an hour's memory."""
_NOON = 12
_LEAST_RATE = 1e-5
"""Items an hour, one in eleven years: no source is taken to be dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRhythm:
    """What is taken of a source before anything is known of it."""

    per_day: float
    """Items on an average day, > 0."""
    days: tuple[float, ...]
    """Factor for each `DayKind`, around 1."""
    hours: tuple[float, ...]
    """Twenty-four factors around 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was seen of a source."""

    news: Mapping[int, float]
    """Items by hour since 1970 (UTC); hours without are left out."""
    since: float
    """From when on its news would have been seen, in hours since 1970."""
    until: float
    """When it was last asked with success, in hours since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is expected of a source."""

    rates: tuple[float, ...]
    """Items an hour for each cell of `core.calendar`."""
    burst: float
    """Share of the items that come in the wake of others, 0 to 0.7."""
    zone: str
    events: float = 0.0
    """News that this rests on, batches counted once and old ones less; 0 means that it is only what is usual."""
    level: float = 1.0
    """Present level against that of the past weeks."""
    cluster: float = 1.0
    """How many items come together, >= 1."""

    def per_day(self) -> float:
        """Return the items of an ordinary week, a day."""
        return sum(self.rates[: 7 * HOURS]) / 7


def learn_publication(history: History, *, usual: UsualRhythm, zone: str, calendar: WorkCalendar) -> Publication:
    """Learn when a source publishes.

    Args:
        history: What was seen.
        usual: What is taken of it before.
        zone: IANA zone whose hours and days it keeps.
        calendar: The working days it keeps.

    Returns:
        The posterior means. Level, day and hour are fitted one after the other, each given those before
        (Gamma-Poisson: (seen + k * usual) / (expected + k)). Hours are fitted from wide to narrow, so that little
        history gives broad humps and much of it sharp ones. Counts are divided by their clustering, so that five
        papers at once are little more evidence than one.
    """
    seen, exposed, fresh = _tally(history, zone, calendar)
    cluster = _clustering(history.news)
    events, exposure = sum(seen) / cluster, sum(exposed) / cluster
    level = (events + _LEVEL_EVENTS) / (exposure + _LEVEL_EVENTS * HOURS / usual.per_day / cluster)
    shape = _shape(seen, exposed, usual=usual, level=level, cluster=cluster)
    drift = _drift(fresh, shape, level=level, cluster=cluster)
    rates = tuple(max(level * drift * factor, _LEAST_RATE) for factor in shape)
    expected = {hour: level * shape[cell_of(hour, zone, calendar)] for hour in _around(history)}
    return Publication(
        rates=rates, burst=_burst(history, expected), zone=zone, events=events, level=drift, cluster=cluster
    )


def hour_of_batch(publication: Publication, last: float, now: float, *, calendar: WorkCalendar) -> int:
    """Return the hour for which news counts that was found now: before which half of it was expected.

    Counting it for the hour in which it was found would teach a source that is asked seldom at night that it publishes
    in the morning.

    Args:
        publication: What was expected.
        last: When the source was asked before, in hours since 1970.
        now: When the news was found; no earlier.
        calendar: The working days it keeps.

    Returns:
        Whole hours since 1970.
    """
    if now - last <= 1 or int(now) - int(last) > 24 * 7:
        return int(now)
    parts = []
    for hour in range(int(last), int(now) + 1):
        part = min(now, hour + 1) - max(last, hour)
        parts.append((hour, part * publication.rates[cell_of(hour, publication.zone, calendar)]))
    below = list(accumulate(expected for _, expected in parts))
    return next(hour for (hour, _), reached in zip(parts, below, strict=True) if reached >= below[-1] / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fresh:
    seen: float
    exposed: Sequence[float]


def _tally(history: History, zone: str, calendar: WorkCalendar) -> tuple[list[float], list[float], _Fresh]:
    """Count items and hours watched of each cell, the older the less; and the same with a short memory."""
    seen, fresh = [0.0] * CELLS, 0.0
    first, last = int(history.since), int(history.until)
    for hour, items in history.news.items():
        if first <= hour <= last:
            seen[cell_of(hour, zone, calendar)] += items * 0.5 ** ((last - hour) / HALF_LIFE_H)
            fresh += items * 0.5 ** ((last - hour) / RECENT_H)
    exposed = _exposure(history, zone, calendar, half_life_h=HALF_LIFE_H)
    return seen, exposed, _Fresh(seen=fresh, exposed=_exposure(history, zone, calendar, half_life_h=RECENT_H))


def _exposure(history: History, zone: str, calendar: WorkCalendar, *, half_life_h: float) -> list[float]:
    """Return the hours watched of each cell, the older the less; whole days are counted at once, which is faster."""
    fade = 0.5 ** (1 / half_life_h)
    fade_day = fade**HOURS
    days, hours = [0.0] * len(DayKind), [0.0] * CELLS
    hour, first, weight = int(history.until), int(history.since), 1.0
    while hour >= first and weight > _OLD:
        cell = cell_of(hour, zone, calendar)
        is_whole = first < hour - HOURS and hour < int(history.until) and cell % HOURS == HOURS - 1
        if is_whole and cell_of(hour - HOURS + 1, zone, calendar) == cell - HOURS + 1:  # no change to or from summer
            days[cell // HOURS] += weight
            hour, weight = hour - HOURS, weight * fade_day
            continue
        part = max(min(1.0, history.until - hour, hour + 1 - history.since), 0.0)
        hours[cell] += weight * part
        hour, weight = hour - 1, weight * fade
    within = [fade ** (HOURS - 1 - each) for each in range(HOURS)]
    return [watched + days[cell // HOURS] * within[cell % HOURS] for cell, watched in enumerate(hours)]


def _clustering(news: Mapping[int, float]) -> float:
    """Return how many items come together: the mean size of the hour that an item falls in, at least 1."""
    total = sum(news.values())
    return max(1.0, sum(items * items for items in news.values()) / total) if total else 1.0


def _shape(
    seen: Sequence[float], exposed: Sequence[float], *, usual: UsualRhythm, level: float, cluster: float
) -> list[float]:
    """Return the factor of every cell on the level."""
    days = _days(seen, exposed, usual=usual, level=level, cluster=cluster)
    work = [kind for kind in DayKind if kind.is_working]
    rest = [kind for kind in DayKind if not kind.is_working]

    def hours(kinds: Sequence[DayKind], prior: Sequence[float]) -> Sequence[float]:
        found = [sum(seen[kind * HOURS + hour] for kind in kinds) / cluster for hour in range(HOURS)]
        watched = [sum(days[kind] * exposed[kind * HOURS + hour] for kind in kinds) / cluster for hour in range(HOURS)]
        return _from_wide_to_narrow(found, [level * each for each in watched], prior)

    working = hours(work, usual.hours)
    resting = hours(rest, working)
    return [days[kind] * (working if kind.is_working else resting)[hour] for kind in DayKind for hour in range(HOURS)]


def _days(
    seen: Sequence[float], exposed: Sequence[float], *, usual: UsualRhythm, level: float, cluster: float
) -> list[float]:
    """Return the factor of every kind of day: at first holidays are as weekends, make-up days as working days."""

    def posterior(kind: DayKind, prior: float) -> float:
        cells = slice(kind * HOURS, (kind + 1) * HOURS)
        expected = level * sum(exposed[cells]) / cluster
        return (sum(seen[cells]) / cluster + _DAY_EVENTS * prior) / (expected + _DAY_EVENTS)

    week = [posterior(kind, usual.days[kind]) for kind in list(DayKind)[:7]]
    holiday = posterior(DayKind.HOLIDAY, (week[DayKind.SATURDAY] + week[DayKind.SUNDAY]) / 2)
    make_up = posterior(DayKind.MAKE_UP, sum(week[:5]) / 5)
    return [*week, holiday, make_up]


def _kernel(width_h: float) -> tuple[float, ...]:
    """Return the shares of a round of hours that a bell of this standard deviation gives to each, the middle first."""
    bell = [exp(-0.5 * (min(step, HOURS - step) / width_h) ** 2) for step in range(HOURS)]
    return tuple(each / sum(bell) for each in bell)


_KERNELS = tuple(_kernel(width) for width in _SCALES_H)


def _from_wide_to_narrow(seen: Sequence[float], expected: Sequence[float], prior: Sequence[float]) -> Sequence[float]:
    """Return the factor of each hour of a day: the posterior of each width is the prior of the next.

    A bell that shares an hour among others makes its counts as certain as those of 1 / sum(shares squared) hours.
    """
    for kernel in _KERNELS:
        strength = _SCALE_EVENTS * sum(share * share for share in kernel)
        found, usual = _smoothed(seen, kernel), _smoothed(expected, kernel)
        prior = [
            (came + strength * before) / (due + strength) for came, due, before in zip(found, usual, prior, strict=True)
        ]
    return prior


def _smoothed(values: Sequence[float], kernel: Sequence[float]) -> list[float]:
    twice = [*values, *values]
    return [sum(map(mul, kernel, twice[hour : hour + HOURS])) for hour in range(HOURS)]  # a bell is symmetric


def _drift(fresh: _Fresh, shape: Sequence[float], *, level: float, cluster: float) -> float:
    """Return how the last days compare with what the past weeks let expect."""
    expected = sum(level * factor * hours for factor, hours in zip(shape, fresh.exposed, strict=True))
    return (fresh.seen / cluster + _RECENT_EVENTS) / (expected / cluster + _RECENT_EVENTS)


def _around(history: History) -> set[int]:
    return {hour + 1 for hour in history.news if history.since <= hour and hour + 2 <= history.until}


def _burst(history: History, expected: Mapping[int, float]) -> float:
    """Return the share of items that come in the wake of others.

    What follows in the hour after news beyond what is expected there, for each item of that news, corrected for the
    part of a wake that lies in the very next hour, and shrunk.
    """
    news, excess, total = history.news, 0.0, 0.0
    for hour, usual in expected.items():
        items = news[hour - 1]
        excess += min(news.get(hour, 0.0), 3 * items) - usual
        total += items
    share = (excess / _NEXT_HOUR + _BURST_EVENTS * _BURST_PRIOR) / (total + _BURST_EVENTS)
    return min(max(share, 0.0), _MOST_BURST)


def spread_noons(news: Mapping[int, float], *, before: float, usual: UsualRhythm, zone: str) -> dict[int, float]:
    """Spread news of days without a time over the hours that are usual.

    First lists often print days only, which are stored as the noon of the source's zone; left there they would teach
    that it publishes at noon.

    Args:
        news: Items by hour since 1970.
        before: Until when news was stored by its dates, in hours since 1970.
        usual: What hours are usual.
        zone: The source's IANA zone.
    """
    spread: dict[int, float] = {}
    for hour, items in news.items():
        if hour >= before or moment_of(hour).astimezone(ZoneInfo(zone)).hour != _NOON:
            spread[hour] = spread.get(hour, 0.0) + items
            continue
        for place, factor in enumerate(usual.hours):
            at = hour - _NOON + place
            spread[at] = spread.get(at, 0.0) + items * factor / sum(usual.hours)
    return spread
