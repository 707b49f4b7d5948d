"""Policies that decide when each simulated source is asked next: ours, fixed intervals, entry frequency, an oracle."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Protocol

import numpy as np

from benchmarks.polling_plan import plan_quickly
from benchmarks.polling_world import true_rates
from core.calendar import HOURS, OrdinaryWeeks, cell_of
from core.polling import Lately, Prices, Terms, lately, next_wait
from core.polling_budget import Budget, steering_of
from core.polling_model import History, Publication, hour_of_batch, learn_publication
from core.polling_usual import usual_rhythm
from core.source import Source, SourceId, SourceKind, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.polling_world import Site
    from core.calendar import WorkCalendar
    from core.polling_model import UsualRhythm

REPLAN_H = 12
"""Hours between two plans; the daemon plans every hour, which costs time and changes little."""
RELEARN_H = 24
"""Hours after which a source is learned anew; the daemon does so after an hour with news."""
FIRST_LIST = 20
"""Items on a first list, whose dates are the history of a source that is met."""
_SOURCES = {
    "government": (Voice.AUTHORITY, 2, True),
    "flash": (Voice.PRESS, 1, False),
    "blog": (Voice.PRESS, 3, True),
}


class Policy(Protocol):
    """Decides how long each source is left alone."""

    def begin(self, now: float) -> None:
        """Meet all sources, before the first request."""
        ...

    def wait(self, site: int, last: float, now: float, items: int) -> float:
        """Return how long to leave a site alone that gave so many items since it was asked last, in hours."""
        ...

    def tick(self, hour: int) -> None:
        """Take note that an hour has begun."""
        ...


class Fixed:
    """The same interval for all."""

    def __init__(self, hours: float) -> None:
        self._hours = hours

    def begin(self, now: float) -> None:
        """Need nothing."""

    def wait(self, site: int, last: float, now: float, items: int) -> float:
        """Return the interval."""
        del site, last, now, items
        return self._hours

    def tick(self, hour: int) -> None:
        """Need nothing."""


class EntryFrequency:
    """Interval = a week / (factor x entries of the last seven days), between five minutes and a day.

    What Miniflux calls `entry_frequency`, with its default bounds; the factor is set so that the budget is kept.
    """

    def __init__(self, sites: Sequence[Site], *, factor: float) -> None:
        self._sites = sites
        self._factor = factor

    def begin(self, now: float) -> None:
        """Need nothing: entries that were listed before are known by their dates."""

    def wait(self, site: int, last: float, now: float, items: int) -> float:
        """Return the interval after a request."""
        del last, items
        found = self._sites[site].items
        weekly = bisect_right(found, now) - bisect_left(found, now - 168)
        return min(max(168 / (self._factor * weekly) if weekly else 24.0, 5 / 60), 24.0)

    def tick(self, hour: int) -> None:
        """Need nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What of the policy is switched on; all of it, but in ablations."""

    profile: bool = True
    burst: bool = True
    drift: bool = True
    index: bool = True
    """Without it, the gap is that of the rate at the moment of asking, 1 / sqrt(w * rate / (2 * price))."""
    weight: bool = True
    holidays: bool = True
    placing: bool = True
    """Without it, what was found counts for the hour in which it was found."""
    pace: bool = True
    """Whether the last hours, with news or without, say something of the next ones."""


class Ours:
    """The product's own policy, fed with what its requests find."""

    def __init__(
        self,
        sites: Sequence[Site],
        *,
        budget: Budget,
        calendar_of: Callable[[str], WorkCalendar],
        weights: dict[str, float],
        parts: Parts,
    ) -> None:
        self.sites = sites
        self._budget, self._parts = budget, parts
        self._calendars = [calendar_of(site.zone) if parts.holidays else OrdinaryWeeks() for site in sites]
        self._weights = [weights[site.group] if parts.weight else 1.0 for site in sites]
        self._usual = [_usual(site) for site in sites]
        self._news: list[dict[int, float]] = [{} for _ in sites]
        self._since = [0.0 for _ in sites]
        self._until = [0.0 for _ in sites]
        self._learned = [0.0 for _ in sites]
        self.terms: list[Terms] = []
        self.prices = Prices(begin=0, hourly=(1.0,))
        self._balance = 0.0
        self._planned: list[float] = []

    def begin(self, now: float) -> None:
        """Read the first lists."""
        for place, site in enumerate(self.sites):
            seen = site.items[: np.searchsorted(site.items, now)][-FIRST_LIST:]
            for moment in seen:
                self._news[place][int(moment)] = self._news[place].get(int(moment), 0) + 1
            self._since[place] = float(seen[0]) if len(seen) else now
            self._until[place] = now
            self.terms.append(self._new_terms(place, now))
        self._plan(int(now))

    def wait(self, site: int, last: float, now: float, items: int) -> float:
        """Learn from what a request found, and ask the product."""
        news = self._news[site]
        self._until[site] = now
        if items:
            publication, calendar = self.terms[site].publication, self._calendars[site]
            hour = hour_of_batch(publication, last, now, calendar=calendar) if self._parts.placing else int(now)
            news[hour] = news.get(hour, 0) + items
        if now - self._learned[site] >= RELEARN_H:
            self.terms[site] = self._new_terms(site, now)
        recent = lately(self.terms[site], news, now=now, since=self._since[site])
        return self.decide(self.terms[site], now, recent if self._parts.pace else replace(recent, pace=1.0))

    def decide(self, terms: Terms, now: float, recent: Lately) -> float:
        """Return the wait; in ablations by another rule."""
        if self._parts.index:
            return next_wait(terms, self.prices, now=now, recent=recent).hours
        return _plain_wait(terms, self.prices.at(int(now)), now=now)

    def tick(self, hour: int) -> None:
        """Plan anew from time to time."""
        self._balance -= self._planned.pop(0)
        if not self._planned:
            self._plan(hour)

    def count(self) -> None:
        """Count a request."""
        self._balance += 1

    def _plan(self, hour: int) -> None:
        steering = steering_of(self._balance, self._budget)
        plan = plan_quickly(self.terms, self._budget, begin=hour, steering=steering)
        self.prices = plan.prices
        self._planned = list(plan.planned[:REPLAN_H])

    def _new_terms(self, place: int, now: float) -> Terms:
        site = self.sites[place]
        self._learned[place] = now
        return Terms(
            publication=self.publication(place),
            weight=self._weights[place],
            least_h=site.least_h,
            most_h=site.most_h,
            calendar=self._calendars[place],
        )

    def publication(self, place: int) -> Publication:
        """Return what is expected of a site."""
        site, until = self.sites[place], self._until[place]
        since = max(self._since[place], until - 24 * 168)
        news = {hour: items for hour, items in self._news[place].items() if hour >= int(since)}
        found = learn_publication(
            History(news=news, since=since, until=until),
            usual=self._usual[place],
            zone=site.zone,
            calendar=self._calendars[place],
        )
        return _without(found, self._parts)


class Oracle(Ours):
    """Decides as ours, by the true rates; of the future it knows nothing."""

    change: float = float("inf")
    """Hour from which the later habits hold, which it knows, too."""

    def publication(self, place: int) -> Publication:
        """Return the truth."""
        site = self.sites[place]
        rates = true_rates(site, is_changed=self._until[place] >= self.change)
        habits = site.habits
        cluster = habits.batch / (1 - habits.wake)
        return Publication(rates=rates, burst=habits.wake, zone=site.zone, cluster=cluster)


class Told(Ours):
    """Ours, told a part of the truth: what its regret is made of."""

    part: str = "hours"
    """`hours` (of each kind of day), `days`, `level`, `burst`, or a group whose sources are known whole."""

    def publication(self, place: int) -> Publication:
        """Return what is learned, with the part that is told put in its place."""
        site, own = self.sites[place], super().publication(place)
        if self.part == "burst":
            return replace(own, burst=site.habits.wake)
        true = np.array(true_rates(site, is_changed=False)).reshape(-1, HOURS)
        learned = np.array(own.rates).reshape(-1, HOURS)
        if self.part == site.group:
            return replace(own, rates=tuple(true.ravel()), burst=site.habits.wake)
        scale = true[:7].sum() / learned[:7].sum()
        by_day, true_by_day = learned.sum(axis=1, keepdims=True), true.sum(axis=1, keepdims=True)
        told = {
            "hours": true / true_by_day * by_day,
            "days": learned / by_day * true_by_day / scale,
            "level": learned * scale,
        }
        return replace(own, rates=tuple(told.get(self.part, learned).ravel()))


def _without(found: Publication, parts: Parts) -> Publication:
    if not parts.drift:
        found = replace(found, rates=tuple(rate / found.level for rate in found.rates))
    if not parts.profile:
        found = replace(found, rates=(found.per_day() / 24,) * len(found.rates))
    return found if parts.burst else replace(found, burst=0.0)


def _plain_wait(terms: Terms, price: float, *, now: float) -> float:
    """Return the gap of the square-root law by the rate at the moment of asking."""
    rate = terms.publication.rates[cell_of(int(now), terms.publication.zone, terms.calendar)]
    gap = sqrt(2 * price / (terms.weight * rate))
    return min(max(gap, terms.least_h), terms.most_h)


def _usual(site: Site) -> UsualRhythm:
    voice, tier, fetch = _SOURCES[site.group]
    return usual_rhythm(
        Source(
            id=SourceId("s"),
            name="",
            name_en="",
            kind=SourceKind.FEED,
            url="",
            group=site.group,
            voice=voice,
            tier=tier,
            fetch_articles=fetch,
        )
    )
