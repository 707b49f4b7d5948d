"""Plays the polling policy over news that is known, to tell how late it would have been found. Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.polling import lately, next_wait
from core.polling_budget import plan_prices, steering_of
from core.polling_model import History, learn_publication

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.polling import Prices, Terms
    from core.polling_budget import Budget
    from core.polling_model import UsualRhythm

_PLAN_EVERY = 24
_LEARN_EVERY_H = 72.0
_RECENT_H = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One source whose news is known."""

    group: str
    terms: Terms
    """Its weight, bounds and calendar; its rhythm is learned anew on the way."""
    news: Mapping[int, float]
    """Items by hour since 1970."""
    usual: UsualRhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How late news was found."""

    requests: float
    """Requests an hour that were made."""
    by_group: Mapping[str, Sequence[tuple[float, float]]]
    """Pairs of delay in hours and number of items, the shortest delay first."""

    def mean(self, group: str | None = None) -> float | None:
        """Return the mean delay of a group's items, or of all; hours, None without items."""
        pairs = self._pairs(group)
        total = sum(items for _, items in pairs)
        return sum(delay * items for delay, items in pairs) / total if total else None

    def items(self, group: str | None = None) -> float:
        """Return the number of items of a group, or of all."""
        return sum(items for _, items in self._pairs(group))

    def percentile(self, share: float, group: str | None = None) -> float | None:
        """Return the delay that a share (0 to 1) of a group's items, or of all, did not pass; hours."""
        pairs = self._pairs(group)
        left = share * sum(items for _, items in pairs)
        for delay, items in pairs:
            left -= items
            if left <= 0:
                return delay
        return pairs[-1][0] if pairs else None

    def _pairs(self, group: str | None) -> list[tuple[float, float]]:
        groups = self.by_group.values() if group is None else [self.by_group.get(group, ())]
        return sorted(pair for pairs in groups for pair in pairs)


@dataclass(slots=True)
class _Player:
    """One source while it is played."""

    subject: Replayed
    terms: Terms
    waiting: list[tuple[float, float]]
    """Moments of news to come and their items, the latest first."""
    learned: float
    since: float
    delays: list[tuple[float, float]] = field(default_factory=list)

    def ask(self, prices: Prices, now: float) -> float:
        """Find what is there, and return how long it is left alone then."""
        while self.waiting and self.waiting[-1][0] <= now:
            moment, items = self.waiting.pop()
            self.delays.append((now - moment, items))
        if now - self.learned >= _LEARN_EVERY_H:
            self.terms, self.learned = _learn(self.subject, now), now
        news = self.subject.news
        recent = {hour: news[hour] for hour in range(int(now) - _RECENT_H, int(now)) if hour in news}
        return next_wait(
            self.terms, prices, now=now, recent=lately(self.terms, recent, now=now, since=self.since)
        ).hours


def replay(subjects: Sequence[Replayed], budget: Budget, *, begin: int, end: int) -> Delays:
    """Play the policy from one hour to another, learning from what was before.

    Args:
        subjects: The sources.
        budget: What may be asked.
        begin: First hour, in hours since 1970.
        end: Hour after the last; what was not found until then counts as found then.

    Returns:
        The delays of the items of this time.
    """
    players = [
        _Player(each, _learn(each, begin), _moments(each.news, begin, end), begin, min([begin, *each.news]))
        for each in subjects
    ]
    # Sources begin one after the other within an hour, as after a start.
    queue = [(begin + place / len(players), place) for place in range(len(players))]
    asked, planned = 0, 0.0
    plan = plan_prices([], budget, begin=begin)
    for hour in range(begin, end):
        if (hour - begin) % _PLAN_EVERY == 0:
            steering = steering_of(asked - planned, budget)
            plan = plan_prices([player.terms for player in players], budget, begin=hour, steering=steering)
        planned += plan.planned[(hour - begin) % _PLAN_EVERY]
        while queue and queue[0][0] < hour + 1:
            now, place = queue[0]
            asked += 1
            heapq.heapreplace(queue, (now + players[place].ask(plan.prices, now), place))
    by_group: dict[str, list[tuple[float, float]]] = {}
    for player in players:
        late = [(end - moment, items) for moment, items in player.waiting]
        by_group.setdefault(player.subject.group, []).extend([*player.delays, *late])
    return Delays(
        requests=asked / max(end - begin, 1), by_group={group: sorted(each) for group, each in by_group.items()}
    )


def _learn(subject: Replayed, now: float) -> Terms:
    before = {hour: items for hour, items in subject.news.items() if hour < int(now)}
    history = History(news=before, since=min([now, *before]), until=now)
    terms = subject.terms
    publication = learn_publication(history, usual=subject.usual, zone=terms.publication.zone, calendar=terms.calendar)
    return replace(terms, publication=publication)


def _moments(news: Mapping[int, float], begin: int, end: int) -> list[tuple[float, float]]:
    """Return news as moments, those of an hour spread over it, the latest first."""
    found = []
    for hour, items in news.items():
        if begin <= hour < end:
            parts = max(1, round(min(items, 60)))
            found += [(hour + (part + 0.5) / parts, items / parts) for part in range(parts)]
    return sorted(found, reverse=True)
