"""The price of a request: all sources together keep to the budget, and none is given up for it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import CELLS, OrdinaryWeeks
from core.polling import Terms, next_wait
from core.polling_budget import (
    AHEAD,
    Budget,
    LastHour,
    Spent,
    balance_of,
    last_hour,
    plan_prices,
    steering_of,
)
from core.polling_model import Publication

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN = 495_000
WEEKS = OrdinaryWeeks()


def sources(rates: Sequence[float], *, least: float = 0.02, most: float = 24.0) -> list[Terms]:
    """Sources that publish by day only."""
    return [
        Terms(
            publication=Publication(
                rates=tuple(rate * (1.9 if 8 <= cell % 24 < 20 else 0.1) for cell in range(CELLS)),
                burst=0.2,
                zone="Asia/Shanghai",
            ),
            weight=1.0,
            least_h=least,
            most_h=most,
            calendar=WEEKS,
        )
        for rate in rates
    ]


def test_the_budget_is_kept_over_a_week() -> None:
    """What is planned comes to the budget, within one in a thousand."""
    plan = plan_prices(sources([0.01, 0.1, 1, 5]), Budget(per_hour=20), begin=BEGIN)
    assert sum(plan.planned) == pytest.approx(20 * AHEAD, rel=1e-3)
    assert len(plan.prices.hourly) == AHEAD


def test_no_hour_costs_more_than_the_peak() -> None:
    """Office hours get more than nights, up to the peak."""
    few = sources([0.5] * 20)
    plan = plan_prices(few, Budget(per_hour=20, peak=1.5), begin=BEGIN)
    assert max(plan.planned) == pytest.approx(30, rel=1e-3)
    assert max(plan.prices.hourly) > min(plan.prices.hourly)
    assert max(plan_prices(few, Budget(per_hour=20), begin=BEGIN).planned) > 30


@settings(max_examples=25)
@given(rates=st.lists(st.floats(1e-4, 50), min_size=1, max_size=8), budget=st.floats(0.5, 200), more=st.floats(1.01, 9))
def test_more_budget_never_costs_a_source_time(rates: list[float], budget: float, more: float) -> None:
    """With a larger budget every price is lower or equal, and so is every gap."""
    few = sources(rates)
    tight = plan_prices(few, Budget(per_hour=budget), begin=BEGIN).prices
    wide = plan_prices(few, Budget(per_hour=budget * more), begin=BEGIN).prices
    assert all(later <= earlier * 1.001 for earlier, later in zip(tight.hourly, wide.hourly, strict=True))
    for each in few:
        assert next_wait(each, wide, now=BEGIN).hours <= next_wait(each, tight, now=BEGIN).hours * 1.001


def test_a_budget_that_is_too_small_gives_no_source_up() -> None:
    """The longest gaps are kept even when they alone cost more."""
    many = sources([0.1] * 50, most=1.0)
    plan = plan_prices(many, Budget(per_hour=5), begin=BEGIN)
    assert sum(plan.planned) == pytest.approx(50 * AHEAD)
    assert all(next_wait(each, plan.prices, now=BEGIN).hours == 1.0 for each in many)


def test_a_budget_that_cannot_be_spent_asks_at_the_shortest_gaps() -> None:
    """With more than enough all sources are at their shortest gap."""
    few = sources([1.0, 2.0], least=0.5)
    plan = plan_prices(few, Budget(per_hour=1000), begin=BEGIN)
    assert all(next_wait(each, plan.prices, now=BEGIN).hours == 0.5 for each in few)


def test_without_sources_there_is_nothing_to_plan() -> None:
    """No source, no request, and a price all the same."""
    plan = plan_prices([], Budget(per_hour=10), begin=BEGIN)
    assert sum(plan.planned) == 0
    assert min(plan.prices.hourly) > 0


def test_overspending_raises_prices_and_saving_lowers_them() -> None:
    """The steering is one on balance, moves with it, and has an end."""
    budget = Budget(per_hour=10)
    assert steering_of(0, budget) == 1
    assert 1 < steering_of(50, budget) < steering_of(100, budget)
    assert steering_of(-50, budget) < 1
    assert steering_of(1e9, budget) == steering_of(1e8, budget)
    dear = plan_prices(sources([1.0]), budget, begin=BEGIN, steering=2.0).prices.hourly[0]
    assert dear == pytest.approx(2 * plan_prices(sources([1.0]), budget, begin=BEGIN).prices.hourly[0])


def test_asking_by_the_plan_keeps_the_budget() -> None:
    """Requests made for a fortnight by gaps, prices and steering are within 3 % of the budget."""
    chance = random.Random(7)  # noqa: S311 - a simulation
    budget = Budget(per_hour=30)
    all_of_them = sources([10 ** chance.uniform(-3, 1) for _ in range(30)])
    due, asked, planned = [BEGIN + chance.random() for _ in all_of_them], 0, 0.0
    plan = plan_prices(all_of_them, budget, begin=BEGIN)
    for hour in range(BEGIN, BEGIN + 2 * AHEAD):
        if (hour - BEGIN) % 12 == 0:
            plan = plan_prices(all_of_them, budget, begin=hour, steering=steering_of(asked - planned, budget))
        planned += plan.planned[(hour - BEGIN) % 12]
        for place, each in enumerate(all_of_them):
            while due[place] < hour + 1:
                asked += 1
                due[place] += next_wait(each, plan.prices, now=due[place]).hours
    assert asked == pytest.approx(30 * 2 * AHEAD, rel=0.03)


def test_the_last_hour_takes_an_even_share_of_the_clock_hour_before() -> None:
    """At a quarter past, three quarters of the hour before count, and the present price."""
    hour = datetime(2026, 6, 1, 9, tzinfo=UTC)
    hours = [
        Spent(hour=hour + timedelta(hours=step), requests=8, planned=4.0, price=float(step)) for step in range(-2, 2)
    ]
    found = last_hour(hours, now=hour + timedelta(minutes=15))
    assert (found.requests, found.planned, found.price) == (14.0, 7.0, 0.0)
    assert last_hour([], now=hour) == LastHour()


def test_the_balance_is_bounded_by_a_day() -> None:
    """What was asked beyond the plan counts up to a day's budget, either way."""
    hour = datetime(2026, 6, 1, 9, tzinfo=UTC)
    budget = Budget(per_hour=10)

    def balance(requests: int, planned: float) -> float:
        return balance_of([Spent(hour=hour, requests=requests, planned=planned, price=1.0)] * 2, budget)

    assert balance(7, 5.0) == 4
    assert balance(9999, 0) == 240
    assert balance(0, 9999) == -240
    assert balance_of([], budget) == 0
