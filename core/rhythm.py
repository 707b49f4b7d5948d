"""How often a source publishes, learned from its history, and how long a silence that makes plausible. Pure.

What is counted is hours with news, not items: authorities publish in batches, and five papers at once are one event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HISTORY = timedelta(weeks=12)
"""How far back from its last news a source's history is looked at: long enough for weekly lists, short enough to follow
change."""
LEAST_EVENTS = 6
"""Hours with news from which a history says anything."""
LEAST_SPAN = timedelta(days=7)
"""Time from the first to the last news without which a history knows no weekend."""
CHANCE = 0.0001
"""A silence is implausible when it would come after fewer than one in ten thousand news; measured in
docs/design-notes.md."""
LEAST_SILENCE = timedelta(days=1)
"""No source is quiet before this, however fast it is: a night or a broken newsroom is no incident."""
_LONGEST_FACTOR = 2.0
"""A silence must also be this many times the longest before it, because real news clusters more than chance."""
_HOUR = timedelta(hours=1)
_PRIOR_EVENTS = 0.5
"""Shape of the prior of a rate (Jeffreys)."""
_PROFILE_PRIOR = 3.0
"""Events that every weekday and every hour is given besides its own, so that little data makes no sharp profile."""
_HOLIDAY = 0.05
"""What an hour of a public holiday counts of an ordinary one, at sources that rest on them."""
_WALK_LIMIT = timedelta(days=400)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEW_YEARS = frozenset(
    {
        date(2023, 1, 22),
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
        date(2031, 1, 23),
        date(2032, 2, 11),
    }
)
"""First days of the lunar year (Hong Kong Observatory, conversion tables)."""


def is_holiday(day: date) -> bool:
    """Whether mainland offices are closed for one of the three long public holidays.

    New Year's Eve to the seventh day of the lunar year, 1-5 May, 1-8 October: the days that the holiday regulation
    (全国年节及纪念日放假办法) and the yearly notices under it have in common, and those they often add.
    """
    if (day.month == 5 and day.day <= 5) or (day.month == 10 and day.day <= 8):
        return True
    return any(first - timedelta(days=1) <= day <= first + timedelta(days=6) for first in _NEW_YEARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The publication rate of one source by weekday and hour in its zone."""

    events: int
    """Hours with news after the first one."""
    exposure: float
    """Hours from the first to the last one, each weighted by its weekday and hour: 1.0 is an average hour. The present
    silence is no part of it, or it would excuse itself."""
    longest: timedelta
    """The longest silence so far."""
    weekdays: tuple[float, ...]
    """Seven factors around 1, Monday first."""
    hours: tuple[float, ...]
    """Twenty-four factors around 1."""
    zone: str
    """IANA zone of weekdays and hours."""
    rests: bool = False
    """Whether the source rests on mainland public holidays."""

    def chance_of_silence(self, begin: datetime, end: datetime) -> float:
        """Return how likely no news at all is between two moments: 1 for an empty interval, falling towards 0.

        With a rate of unknown value that has the posterior Gamma(events + 1/2, exposure), the chance of nothing in a
        further weighted time w is (exposure / (exposure + w)) ** (events + 1/2).

        Source: Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6 (Poisson model, negative binomial prediction).
        """
        further = self.weight(begin, end)
        chance: float = (self.exposure / (self.exposure + further)) ** (self.events + _PRIOR_EVENTS)
        return chance

    def quiet_at(self, last: datetime, *, least: timedelta = LEAST_SILENCE) -> datetime:
        """Return from when on silence after the last news is implausible; aware UTC.

        Args:
            last: When the last news was seen, aware.
            least: No silence shorter than this counts.

        Returns:
            The latest of three moments: when the chance of silence falls under `CHANCE`, twice the longest
            silence so far, and `least`. At most 400 days later.
        """
        wanted = self.exposure * (CHANCE ** (-1 / (self.events + _PRIOR_EVENTS)) - 1)
        earliest = last + min(max(least, self.longest * _LONGEST_FACTOR), _WALK_LIMIT)
        at, passed = last, 0.0
        zone = ZoneInfo(self.zone)
        while passed < wanted and at - last < _WALK_LIMIT:
            passed += self._weight_of(at.astimezone(zone))
            at += _HOUR
        return max(at, earliest).astimezone(UTC)

    def weight(self, begin: datetime, end: datetime) -> float:
        """Return the weighted hours between two moments, to the hour; 0 when they are not in order."""
        zone = ZoneInfo(self.zone)
        at, total = begin, 0.0
        while at + _HOUR <= end:
            total += self._weight_of(at.astimezone(zone))
            at += _HOUR
        return total

    def _weight_of(self, local: datetime) -> float:
        usual = self.weekdays[local.weekday()] * self.hours[local.hour]
        return usual * _HOLIDAY if self.rests and is_holiday(local.date()) else usual


def learn_rhythm(news: Iterable[datetime], *, zone: str, rests: bool = False) -> Rhythm | None:
    """Learn a source's rhythm.

    Weekday and hour are taken as independent of each other, as a source's 168 hours of the week each see too little;
    each factor is smoothed towards 1 by `_PROFILE_PRIOR` events.

    Args:
        news: Moments at which the source had news, aware, in any order; those of one hour count once, and those more
            than `HISTORY` before the last one not at all.
        zone: The source's IANA zone.
        rests: Whether it rests on mainland public holidays.

    Returns:
        The rhythm, or None while there are fewer than `LEAST_EVENTS` hours with news, or they lie within `LEAST_SPAN`.
    """
    hours = {_hour_of(at) for at in news}
    since = max(hours, default=_NEVER) - HISTORY
    events = [hour.astimezone(ZoneInfo(zone)) for hour in sorted(hours) if hour >= since]
    if len(events) < LEAST_EVENTS or events[-1] - events[0] < LEAST_SPAN:
        return None
    unexposed = Rhythm(
        events=len(events) - 1,
        exposure=1.0,
        longest=max(later - earlier for earlier, later in pairwise(events)),
        weekdays=_factors([event.weekday() for event in events], cells=7),
        hours=_factors([event.hour for event in events], cells=24),
        zone=zone,
        rests=rests,
    )
    return replace(unexposed, exposure=max(unexposed.weight(events[0], events[-1]), 1.0))


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _factors(places: Sequence[int], *, cells: int) -> tuple[float, ...]:
    """Return how much of the news falls on each cell, against an even share, smoothed; their mean is 1."""
    even = len(places) / cells
    return tuple((places.count(cell) + _PROFILE_PRIOR) / (even + _PROFILE_PRIOR) for cell in range(cells))
