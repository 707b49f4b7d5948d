"""A replay tells how late known news would have been found, never looking ahead."""

from __future__ import annotations

import pytest

from core.calendar import OrdinaryWeeks
from core.polling import Terms
from core.polling_budget import Budget
from core.polling_model import Publication, UsualRhythm
from core.polling_replay import Delays, Replayed, replay

BEGIN = 495_000
END = BEGIN + 7 * 24
USUAL = UsualRhythm(per_day=4.0, days=(1.0,) * 9, hours=(1.0,) * 24)


def subject(news: dict[int, float], *, group: str = "press", weight: float = 1.0, most: float = 24.0) -> Replayed:
    """A source with some news."""
    terms = Terms(
        publication=Publication(rates=(1.0,) * 216, burst=0.0, zone="Asia/Shanghai"),
        weight=weight,
        least_h=1 / 60,
        most_h=most,
        calendar=OrdinaryWeeks(),
    )
    return Replayed(group=group, terms=terms, news=news, usual=USUAL)


def daily(hour: int, items: float = 1.0) -> dict[int, float]:
    """News each day, from four weeks before the beginning on."""
    return {BEGIN + 24 * day + hour: items for day in range(-28, 7)}


def test_every_item_is_found_and_the_budget_kept() -> None:
    """All items of the time are counted, later than they came; requests are within a tenth of the budget."""
    found = replay([subject(daily(4)), subject(daily(9), group="office")], Budget(per_hour=2), begin=BEGIN, end=END)
    assert found.items() == 14
    assert found.items("office") == 7
    assert found.requests == pytest.approx(2, rel=0.1)
    assert all(delay >= 0 for pairs in found.by_group.values() for delay, _ in pairs)


def test_a_larger_budget_and_more_weight_find_sooner() -> None:
    """Twice the requests, or four times the weight, mean less delay."""
    light = [subject(daily(4), group="a"), subject(daily(4), group="b")]
    heavy = [subject(daily(4), group="a", weight=9), subject(daily(4), group="b")]
    once = replay(light, Budget(per_hour=1), begin=BEGIN, end=END)
    twice = replay(light, Budget(per_hour=2), begin=BEGIN, end=END)
    weighted = replay(heavy, Budget(per_hour=1), begin=BEGIN, end=END)
    assert (twice.mean() or 0) < (once.mean() or 0)
    assert (weighted.mean("a") or 0) < (weighted.mean("b") or 0)


def test_learning_beats_even_gaps() -> None:
    """News that comes at one hour of the day is found sooner than by requests at even gaps of the same number."""
    found = replay([subject(daily(4))], Budget(per_hour=0.5), begin=BEGIN, end=END)
    assert (found.mean() or 99) < 0.8 * (1 / found.requests / 2)


def test_what_is_never_asked_for_in_time_counts_to_the_end() -> None:
    """News after a source's last request has waited until the end; a source without news gives no delay."""
    found = replay(
        [subject({END - 1: 3.0}, most=500.0), subject({}, group="none")], Budget(per_hour=0.01), begin=BEGIN, end=END
    )
    assert found.items() == 3
    assert found.mean("none") is None
    assert found.percentile(0.95, "none") is None
    assert 0 < (found.percentile(1.0) or 0) <= 1


def test_figures_count_items_not_batches() -> None:
    """Mean and percentile weigh a delay by its items."""
    delays = Delays(requests=1, by_group={"a": [(1.0, 9.0), (11.0, 1.0)]})
    assert delays.mean() == 2
    assert delays.percentile(0.9) == 1
    assert delays.percentile(0.95) == 11
    assert delays.percentile(1.1) == 11


def test_no_sources_and_no_time_give_nothing() -> None:
    """An empty replay has no requests and no items."""
    assert replay([], Budget(per_hour=1), begin=BEGIN, end=END).requests == 0
    assert replay([subject(daily(4))], Budget(per_hour=1), begin=BEGIN, end=BEGIN).items() == 0
