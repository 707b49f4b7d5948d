"""`core.polling_budget.plan_prices` on arrays, for simulations; a test holds the two to the same prices."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.calendar import cell_of
from core.polling import Prices
from core.polling_budget import _HIGH, _LOW, _STEPS, AHEAD, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.calendar import WorkCalendar
    from core.polling import Terms
    from core.polling_budget import Budget

_Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def plan_quickly(terms: Sequence[Terms], budget: Budget, *, begin: int, steering: float = 1.0) -> Plan:
    """Set prices as `plan_prices` does; arrays are (n_sources, n_hours)."""
    cells = [_cells(begin, each.publication.zone, each.calendar) for each in terms]
    rates = np.array([np.array(each.publication.rates)[at] for each, at in zip(terms, cells, strict=True)])
    wanted = np.sqrt(np.array([[each.weight] for each in terms]) * rates / 2)
    least, most = (np.array([[1 / each.most_h] for each in terms]), np.array([[1 / each.least_h] for each in terms]))

    def asked(scale: _Array | float) -> _Array:
        found: _Array = np.clip(wanted * scale, least, most).sum(axis=0)
        return found

    top = budget.per_hour * budget.peak
    scale = _bisected(lambda scale: np.minimum(asked(scale[0]), top).sum(), np.array([budget.per_hour * AHEAD]))[0]
    scales = np.where(asked(scale) <= top, scale, _bisected(asked, np.full(AHEAD, top)))
    return Plan(
        prices=Prices(begin=begin, hourly=tuple((steering / (scales * scales)).tolist())),
        planned=tuple(asked(scales).tolist()),
    )


def _bisected(asked: Callable[[_Array], _Array], wanted: _Array) -> _Array:
    low, high = np.full(len(wanted), _LOW), np.full(len(wanted), _HIGH)
    for _ in range(_STEPS):
        middle = np.sqrt(low * high)
        is_more = asked(middle) > wanted
        high, low = np.where(is_more, middle, high), np.where(is_more, low, middle)
    return low


@lru_cache(maxsize=512)
def _cells(begin: int, zone: str, calendar: WorkCalendar) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([cell_of(hour, zone, calendar) for hour in range(begin, begin + AHEAD)])
