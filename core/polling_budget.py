"""The price of a request, so that all sources together keep to a budget. Pure.

For every hour ahead each source asks for sqrt(w * rate / (2 * price)) requests, within its bounds. The one price at
which a week of all of them comes to the budget is found by bisection (water-filling: those at a bound stay there, the
rest shares what is left). What is really asked differs a little, so the price is steered by what was spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import exp, sqrt
from typing import TYPE_CHECKING

from core.calendar import cell_of
from core.polling import Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from core.polling import Terms

AHEAD = 7 * 24
"""Hours over which the budget is spread: a whole week, so that nights and weekends pay for office hours."""
_STEPS = 20
_LOW, _HIGH = 1e-4, 1e4
"""Bounds of 1 / sqrt(price)."""
_GAIN = 10.0
_MOST_STEERING = 2.0
_MOST_BALANCE_H = 24.0
_HOUR = timedelta(hours=1)
SPENT_KEPT = timedelta(weeks=4)
"""How long it is remembered what hours came to: what is owed from before is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many requests for lists all sources together may cost."""

    per_hour: float
    """On average over a week, > 0."""
    peak: float = 4.0
    """In one hour at most so many times that, >= 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Prices for the hours ahead, and what is expected to be asked at them."""

    prices: Prices
    planned: tuple[float, ...]
    """Requests in each hour."""


def plan_prices(terms: Sequence[Terms], budget: Budget, *, begin: int, steering: float = 1.0) -> Plan:
    """Set the price of a request for every hour of a week ahead.

    Args:
        terms: Of all sources.
        budget: What may be spent.
        begin: First hour, in hours since 1970.
        steering: Factor on the prices, as of `steering_of`.

    Returns:
        One price all week, higher in hours in which more than the peak would be asked. Where the longest gaps alone
        cost more than the budget, these are kept all the same: a source is never given up.
    """
    hours = [_demands(terms, hour) for hour in range(begin, begin + AHEAD)]
    most = budget.per_hour * budget.peak
    scale = _bisected(lambda scale: sum(min(_asked(hour, scale), most) for hour in hours), budget.per_hour * AHEAD)
    scales = [scale if _asked(hour, scale) <= most else _bisected(_of(hour), most) for hour in hours]
    return Plan(
        prices=Prices(begin=begin, hourly=tuple(steering / (each * each) for each in scales)),
        planned=tuple(_asked(hour, each) for hour, each in zip(hours, scales, strict=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the requests for lists of one clock hour came to."""

    hour: datetime
    """Its beginning, aware UTC."""
    requests: int
    """Lists asked for."""
    planned: float
    """Lists that were to be asked for in the part of it in which the program ran."""
    price: float
    """Price of a request, in weighted item-hours of waiting, when the last one was made."""


def balance_of(spent: Iterable[Spent], budget: Budget) -> float:
    """Return the requests made beyond those planned, at most a day's budget either way; negative when fewer were.

    A machine that slept, or whose clock jumped, is neither to catch up for weeks nor to starve.
    """
    most = budget.per_hour * _MOST_BALANCE_H
    return min(max(sum(each.requests - each.planned for each in spent), -most), most)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHour:
    """What the requests of the last sixty minutes came to."""

    requests: float = 0.0
    planned: float = 0.0
    price: float = 0.0
    """Of the last request; 0 when there was none."""


def last_hour(spent: Sequence[Spent], *, now: datetime) -> LastHour:
    """Return what the last sixty minutes came to: this clock hour, and of the one before an even share.

    Args:
        spent: Of these two clock hours, oldest first; others do not count.
        now: The present, aware UTC.
    """
    begin = now.replace(minute=0, second=0, microsecond=0)
    shares = {begin: 1.0, begin - _HOUR: 1 - (now - begin) / _HOUR}
    counted = [(shares[each.hour], each) for each in spent if each.hour in shares]
    return LastHour(
        requests=sum(share * each.requests for share, each in counted),
        planned=sum(share * each.planned for share, each in counted),
        price=counted[-1][1].price if counted else 0.0,
    )


def steering_of(balance: float, budget: Budget) -> float:
    """Return the factor on prices by which what was overspent is saved again.

    Args:
        balance: Requests made beyond those planned, as of `balance_of`; negative when fewer were made.
        budget: What may be spent.
    """
    share = balance / (budget.per_hour * AHEAD)
    return exp(min(max(_GAIN * share, -_MOST_STEERING), _MOST_STEERING))


_Demand = tuple[float, float, float]


def _demands(terms: Sequence[Terms], hour: int) -> list[_Demand]:
    """Return, for one hour, each source's frequency at price one, and its bounds; 1/h."""
    found = []
    for each in terms:
        rate = each.publication.rates[cell_of(hour, each.publication.zone, each.calendar)]
        found.append((sqrt(each.weight * rate / 2), 1 / each.most_h, 1 / each.least_h))
    return found


def _asked(demands: Sequence[_Demand], scale: float) -> float:
    total = 0.0
    for wanted, least, most in demands:
        frequency = wanted * scale
        total += least if frequency < least else min(frequency, most)
    return total


def _of(demands: Sequence[_Demand]) -> Callable[[float], float]:
    return lambda scale: _asked(demands, scale)


def _bisected(asked: Callable[[float], float], wanted: float) -> float:
    """Return the largest scale at which no more than wanted is asked, or the smallest at all."""
    low, high = _LOW, _HIGH
    for _ in range(_STEPS):
        middle = sqrt(low * high)
        if asked(middle) > wanted:
            high = middle
        else:
            low = middle
    return low
