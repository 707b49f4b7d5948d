"""When a source is asked next: as soon as the news that may be waiting there is worth a request. Pure.

A request has a price, in weighted item-hours of waiting. The expected waiting at a source since it was asked, w times
the integral of rate(u) * (t - u) du, grows from nothing; the source is due when it reaches the price. Where the rate is
even this asks with the frequency sqrt(w * rate / (2 * price)), which minimises delay under a budget of requests; where
it is not, it asks soon after what was likely and lets hours pass in which nothing is. The price keeps the budget.

Source: the square-root law of Cho & Garcia-Molina, Effective page refresh policies (TODS 2003), solved with one
multiplier and bounds as in Azar et al., Tractable near-optimal policies for crawling (PNAS 2018), with rates learned
meanwhile as in Kolobov et al., Staying up to date with online content changes (NeurIPS 2019). That the integral rule
stays within 4 % of dynamic programming is measured in docs/polling.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, sqrt
from typing import TYPE_CHECKING

from core.calendar import cell_of
from core.polling_model import MEMORY_H

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.calendar import WorkCalendar
    from core.polling_model import Publication

_WAKE_STEP_H = 0.25
"""Step, in hours, by which the fading push of fresh news is followed."""
_FORGOTTEN = 0.02
"""Items of push under which it is no longer followed in small steps."""
_PACE_MEMORY_H = 6.0
"""Hours after which what was more or less than expected counts 1/e: some days are busy and some are not."""
_PACE_REACH_H = 24
_PACE_WEIGHTS = tuple(exp(-age / _PACE_MEMORY_H) for age in range(_PACE_REACH_H))
_PACE_EVENTS = 3.0
"""News that an average pace counts for. Measured, as the memory, in docs/polling.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a request is worth, hour by hour."""

    begin: int
    """First hour, in hours since 1970."""
    hourly: tuple[float, ...]
    """Weighted item-hours of waiting; the last one holds on."""

    def at(self, hour: int) -> float:
        """Return the price in an hour."""
        place = min(max(hour - self.begin, 0), len(self.hourly) - 1)
        return self.hourly[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms one source is asked."""

    publication: Publication
    weight: float
    """How much an hour's delay of one of its items matters, > 0."""
    least_h: float
    """Shortest gap in hours, > 0."""
    most_h: float
    """Longest gap in hours."""
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What the last hours say of the next ones."""

    push: float = 0.0
    """Fresh items, each faded by its age: they draw more."""
    pace: float = 1.0
    """News of the last hours against what was expected in them, polls that found nothing included; > 0."""


_NOTHING = Lately()


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a source is left alone, and what is expected meanwhile."""

    hours: float
    items: float
    """Expected items until then."""
    waited: float
    """Item-hours they will have waited."""

    @property
    def delay_h(self) -> float:
        """Expected delay of an item, in hours."""
        return self.waited / self.items if self.items else self.hours / 2


def push_of(news: Mapping[int, float], *, now: float) -> float:
    """Return what fresh news still pushes: its items, each faded by its age.

    Args:
        news: Items by hour since 1970, those of the last hours at least; an hour counts as its middle.
        now: The present in hours since 1970; later hours do not count.
    """
    ages = ((max(now - hour - 0.5, 0.0), items) for hour, items in news.items() if hour <= now)
    return sum(items * exp(-age / MEMORY_H) for age, items in ages if age < 8 * MEMORY_H)


def lately(terms: Terms, news: Mapping[int, float], *, now: float, since: float, until: float | None = None) -> Lately:
    """Return what the hours before a poll say of those after it.

    The pace is a posterior mean, (k + seen) / (k + expected), with the past fading; counts are of news, not of items.

    Args:
        terms: The source's terms.
        news: Items by hour since 1970, those of the last day at least, as found until now.
        now: The present in hours since 1970.
        since: From when on news would have been seen: hours before say nothing.
        until: When the source was asked last; None is now.
    """
    publication, calendar = terms.publication, terms.calendar
    rates, zone, last = publication.rates, publication.zone, int(now)
    asked = now if until is None else until
    seen, expected, recent = 0.0, 0.0, {}
    for hour, weight in zip(range(last, last - _PACE_REACH_H, -1), _PACE_WEIGHTS, strict=True):
        part = min(asked, hour + 1.0) - max(since, hour)
        if part >= 0:  # at the stroke of an hour its news counts, too
            expected += weight * part * rates[cell_of(hour, zone, calendar)]
            items = news.get(hour)
            if items:
                recent[hour] = items
                seen += weight * items
    events = _PACE_EVENTS * publication.cluster
    return Lately(push=push_of(recent, now=now) if recent else 0.0, pace=(events + seen) / (events + expected))


def next_wait(terms: Terms, prices: Prices, *, now: float, recent: Lately = _NOTHING) -> Wait:
    """Return how long to leave a source alone that was asked just now.

    Args:
        terms: Its terms.
        prices: What a request is worth.
        now: The present in hours since 1970.
        recent: What the last hours say.

    Returns:
        A wait within the bounds of the terms.
    """
    publication, calendar, weight = terms.publication, terms.calendar, terms.weight
    rates, zone = publication.rates, publication.zone
    steady, wake, swing = 1 - publication.burst, publication.burst * recent.push, recent.pace - 1
    at, items, waited = 0.0, 0.0, 0.0
    while at < terms.most_h:
        hour = int(now + at)
        step = min(hour + 1 - (now + at), terms.most_h - at)
        rate = steady * rates[cell_of(hour, zone, calendar)] * (1 + swing * exp(-at / _PACE_MEMORY_H))
        if wake > _FORGOTTEN:
            step = min(step, _WAKE_STEP_H)
            rate += wake * (exp(-at / MEMORY_H) - exp(-(at + step) / MEMORY_H)) / step
        missing = prices.at(hour) / weight - waited
        part = max(_until(missing, items, rate), terms.least_h - at)
        done = part <= step
        if done:
            step = part
        waited += items * step + rate * step * step / 2
        items += rate * step
        at += step
        if done:
            break
    return Wait(min(max(at, terms.least_h), terms.most_h), items, waited)


def _until(missing: float, items: float, rate: float) -> float:
    """Return after how many hours the waiting has grown by what is missing."""
    if missing <= 0:
        return 0.0
    if rate <= 0:
        return missing / items if items else inf  # the push that brought them has faded
    return (sqrt(items * items + 2 * rate * missing) - items) / rate
