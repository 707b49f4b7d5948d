"""The simulation of polling: worlds that differ from source to source, and the product's own decisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.polling import Span, calendar_of, matched, play, span_of
from benchmarks.polling_plan import plan_quickly
from benchmarks.polling_policies import EntryFrequency, Fixed, Oracle, Ours, Parts, Told
from benchmarks.polling_world import Site, make_world, true_rates
from core.calendar import CELLS, HOURS, OrdinaryWeeks
from core.polling import Terms
from core.polling_budget import Budget, plan_prices
from core.polling_model import Publication

MIX = {"government": 6, "flash": 2, "blog": 2}
WEIGHTS = {"government": 2.0, "flash": 1.0, "blog": 1.0}
SPAN = replace(span_of("cold"), end=span_of("cold").measured + 7 * 24)
WHOLE = Parts()
BUDGET = Budget(per_hour=20)


def world(seed: int = 1, *, shift: float = 0.0) -> list[Site]:
    """Ten sources."""
    return make_world(
        seed,
        mix=MIX,
        begin=SPAN.begin - 4 * 168,
        change=SPAN.begin + 48,
        end=SPAN.end + 1,
        shift=shift,
        calendar_of=calendar_of,
    )


def ours(sites: list[Site], kind: type[Ours] = Ours, parts: Parts = WHOLE) -> Ours:
    """The product's policy."""
    return kind(sites, budget=BUDGET, calendar_of=calendar_of, weights=WEIGHTS, parts=parts)


@pytest.mark.parametrize("peak", [1.2, 4.0])
def test_the_quick_plan_is_the_product_s_plan(peak: float) -> None:
    """Prices and requests on arrays are those of the pure function."""
    rng = np.random.default_rng(3)
    terms = [
        Terms(
            publication=Publication(
                rates=tuple((10 ** rng.uniform(-4, 1, CELLS)).tolist()), burst=0.1, zone="Asia/Shanghai"
            ),
            weight=float(rng.uniform(0.5, 4)),
            least_h=0.05,
            most_h=float(rng.uniform(1, 24)),
            calendar=OrdinaryWeeks(),
        )
        for _ in range(12)
    ]
    budget = Budget(per_hour=25, peak=peak)
    slow = plan_prices(terms, budget, begin=SPAN.begin, steering=1.3)
    quick = plan_quickly(terms, budget, begin=SPAN.begin, steering=1.3)
    assert quick.prices.hourly == pytest.approx(slow.prices.hourly)
    assert quick.planned == pytest.approx(slow.planned)


def test_no_two_sources_share_their_habits() -> None:
    """Each source draws its own hours, days and level; the same seed draws the same world."""
    sites = world()
    tables = [site.habits.table / site.habits.table.mean() for site in sites]
    for place, table in enumerate(tables):
        assert all(np.abs(table - other).max() > 0.1 for other in tables[place + 1 :])
    assert all((np.diff(site.items) >= 0).all() for site in sites)
    again = world()
    assert all(np.array_equal(one.items, other.items) for one, other in zip(sites, again, strict=True))


def test_sources_publish_as_much_as_their_habits_say() -> None:
    """Items drawn over weeks are about as many as the true rates expect."""
    expected = drawn = 0.0
    for seed in range(1, 4):
        for site in world(seed):
            hours = SPAN.end + 1 - (SPAN.begin - 4 * 168)
            expected += float(site.habits.item_rates[: 7 * 24].mean()) * hours
            drawn += len(site.items)
    assert drawn == pytest.approx(expected, rel=0.2)


def test_some_sources_change_their_habits() -> None:
    """With a share of one, all change."""
    assert all(site.later is not None for site in world(shift=1.0))
    assert all(site.later is None for site in world())


def test_fixed_gaps_give_half_a_gap_of_delay() -> None:
    """The mean delay of even gaps is half of them, at the very number of requests."""
    result = play(world(), Fixed(0.5), SPAN, rng=np.random.default_rng(1))
    assert result.requests == pytest.approx(20)
    assert result.figures()["all_mean"] == pytest.approx(15, rel=0.1)


def test_ours_keeps_the_budget_and_beats_even_gaps() -> None:
    """Met cold, it finds news sooner with as many requests; every part can be switched off."""
    sites = world()
    result = play(sites, ours(sites), SPAN, rng=np.random.default_rng(1))
    assert result.requests == pytest.approx(20, rel=0.05)
    assert result.figures()["all_mean"] < 10
    for name in ("profile", "burst", "drift", "index", "weight", "holidays", "placing", "pace"):
        short = replace(SPAN, end=SPAN.begin + 24)
        assert (
            play(
                sites, ours(sites, parts=replace(WHOLE, **{name: False})), short, rng=np.random.default_rng(1)
            ).requests
            > 0
        )


def test_the_oracle_knows_changes_and_no_future() -> None:
    """It asks by the true rates, those after a change included."""
    sites = world(shift=1.0)
    oracle = ours(sites, Oracle)
    assert isinstance(oracle, Oracle)
    oracle.change = SPAN.begin + 48
    assert play(sites, oracle, SPAN, rng=np.random.default_rng(1)).figures()["all_mean"] < 12


@pytest.mark.parametrize("part", ["hours", "days", "level", "burst", "government"])
def test_a_part_of_the_truth_is_put_in_the_place_of_what_was_learned(part: str) -> None:
    """Told its part, the policy expects the truth in it, and what it learned in all else."""
    sites = world()
    told, own = ours(sites, type("KnowingOne", (Told,), {"part": part})), ours(sites)
    for policy in (told, own):
        policy.begin(SPAN.begin)
    truth, found, learned = (
        np.array(rates).reshape(-1, HOURS)
        for rates in (true_rates(sites[0], is_changed=False), told.publication(0).rates, own.publication(0).rates)
    )
    true_sum, found_sum, learned_sum = (each[:7].sum() for each in (truth, found, learned))
    assert found_sum == pytest.approx(true_sum if part in ("level", "government") else learned_sum)
    expected = truth if part in ("days", "government") else learned
    assert (found.sum(axis=1) / found_sum) == pytest.approx(expected.sum(axis=1) / expected[:7].sum())
    expected = truth if part in ("hours", "government") else learned
    assert (found / found.sum(axis=1, keepdims=True)) == pytest.approx(expected / expected.sum(axis=1, keepdims=True))
    assert (told.publication(0).burst == sites[0].habits.wake) == (part in ("burst", "government"))


def test_entry_frequency_is_brought_to_the_budget() -> None:
    """Its factor is found at which it costs as many requests."""
    sites = world()
    short: Span = replace(SPAN, end=SPAN.begin + 48)
    result = matched(
        lambda factor: play(sites, EntryFrequency(sites, factor=factor), short, rng=np.random.default_rng(1)),
        requests=20,
    )
    assert result.requests == pytest.approx(20, rel=0.1)
