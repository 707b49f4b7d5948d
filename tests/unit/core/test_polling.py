"""When a source is asked next: sooner the more is at stake, always within its bounds, never starved."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import CELLS, HOURS, DayKind, OrdinaryWeeks, cell_of
from core.polling import Lately, Prices, Terms, Wait, lately, next_wait, push_of
from core.polling_model import Publication
from core.polling_words import reason_of

WEEKS = OrdinaryWeeks()
NOW = 495_000.25
RATES = st.lists(st.floats(1e-5, 500), min_size=9, max_size=9)
FACTORS = st.floats(1.0, 50.0)
PRICES = st.floats(1e-9, 1e9)


def terms(rate: float = 1.0, weight: float = 1.0, least: float = 0.05, most: float = 24.0) -> Terms:
    """A source that publishes evenly."""
    publication = Publication(rates=(rate,) * CELLS, burst=0.0, zone="Asia/Shanghai", events=9)
    return Terms(publication=publication, weight=weight, least_h=least, most_h=most, calendar=WEEKS)


def varied(rates: list[float]) -> Terms:
    """A source whose kinds of day differ."""
    each = tuple(rates[kind] * (1 + hour % 5) for kind in DayKind for hour in range(HOURS))
    return replace(terms(), publication=replace(terms().publication, rates=each, burst=0.3))


def price(value: float) -> Prices:
    """The same price for ever."""
    return Prices(begin=0, hourly=(value,))


@pytest.mark.parametrize(("rate", "weight", "cost"), [(1.0, 1.0, 0.5), (4.0, 1.0, 0.5), (0.1, 3.0, 2.0), (9, 2, 0.1)])
def test_an_even_source_is_asked_by_the_square_root_law(rate: float, weight: float, cost: float) -> None:
    """Its gap is sqrt(2 price / (weight * rate))."""
    wait = next_wait(terms(rate, weight), price(cost), now=NOW)
    assert wait.hours == pytest.approx(sqrt(2 * cost / (weight * rate)))
    assert wait.items == pytest.approx(rate * wait.hours)
    assert wait.delay_h == pytest.approx(wait.hours / 2)


RECENT = st.builds(Lately, push=st.floats(0, 1000), pace=st.floats(1e-4, 1000))


@given(rates=RATES, cost=PRICES, recent=RECENT, now=st.floats(0, 1e6))
def test_bounds_hold_for_any_history_and_price(rates: list[float], cost: float, recent: Lately, now: float) -> None:
    """No rate, price or moment makes a source due before its shortest or after its longest gap: none starves."""
    source = varied(rates)
    wait = next_wait(source, price(cost), now=now, recent=recent)
    assert source.least_h <= wait.hours <= source.most_h
    assert wait.items >= 0


@given(rates=RATES, cost=PRICES, factor=FACTORS, push=st.floats(0, 20))
def test_more_weight_never_lengthens_the_gap(rates: list[float], cost: float, factor: float, push: float) -> None:
    """What matters more is asked at least as soon."""
    source = varied(rates)
    heavy = replace(source, weight=source.weight * factor)
    gap = next_wait(source, price(cost), now=NOW, recent=Lately(push=push)).hours
    assert next_wait(heavy, price(cost), now=NOW, recent=Lately(push=push)).hours <= gap + 1e-6


@given(rates=RATES, cost=PRICES, factor=FACTORS, push=st.floats(0, 20))
def test_more_news_never_lengthens_the_gap(rates: list[float], cost: float, factor: float, push: float) -> None:
    """What publishes more is asked at least as soon."""
    source = varied(rates)
    more = tuple(rate * factor for rate in source.publication.rates)
    busy = replace(source, publication=replace(source.publication, rates=more))
    gap = next_wait(source, price(cost), now=NOW, recent=Lately(push=push)).hours
    assert next_wait(busy, price(cost), now=NOW, recent=Lately(push=push)).hours <= gap + 1e-6


@given(rates=RATES, cost=PRICES, factor=FACTORS)
def test_a_higher_price_never_shortens_the_gap(rates: list[float], cost: float, factor: float) -> None:
    """The less may be spent, the rarer each source is asked."""
    source = varied(rates)
    gap = next_wait(source, price(cost), now=NOW).hours
    assert next_wait(source, price(cost * factor), now=NOW).hours >= gap - 1e-6


def test_what_pushes_draws_the_next_request_nearer() -> None:
    """Fresh news at a source whose news comes in waves shortens its gap; at an even source it changes nothing."""
    wavy = replace(terms(), publication=replace(terms().publication, burst=0.4))
    pushed = next_wait(wavy, price(0.5), now=NOW, recent=Lately(push=8)).hours
    assert pushed < 0.8 * next_wait(wavy, price(0.5), now=NOW).hours
    assert next_wait(terms(), price(0.5), now=NOW, recent=Lately(push=8)) == next_wait(terms(), price(0.5), now=NOW)


def test_quiet_hours_are_passed_over() -> None:
    """A source that publishes at nine only is asked right after nine, and not in the night."""
    rates = tuple(10.0 if hour == 9 else 1e-4 for _ in DayKind for hour in range(HOURS))
    office = replace(terms(), publication=replace(terms().publication, rates=rates))
    evening = next(
        hour for hour in range(int(NOW), int(NOW) + 48) if cell_of(hour, "Asia/Shanghai", WEEKS) % HOURS == 18
    )
    wait = next_wait(office, price(0.5), now=evening)
    assert 15 < wait.hours < 16
    assert wait.delay_h < 0.5


def test_a_price_that_rises_ahead_counts_hour_by_hour() -> None:
    """The walk looks at the price of the hour it is in; beyond the plan its last price holds."""
    cheap_first = Prices(begin=int(NOW), hourly=(0.1, 100.0))
    assert cheap_first.at(int(NOW) - 5) == 0.1
    assert cheap_first.at(int(NOW) + 99) == 100.0
    wait = next_wait(terms(rate=0.05), cheap_first, now=int(NOW))
    assert wait.hours == 24


def test_a_source_that_gives_nothing_is_asked_at_its_longest_gap() -> None:
    """Ten years without news, or a rate of nothing at all, still leave one request a day."""
    dead = replace(terms(), publication=replace(terms().publication, rates=(0.0,) * CELLS))
    wait = next_wait(dead, price(0.5), now=NOW)
    assert wait == Wait(24.0, 0.0, 0.0)
    assert wait.delay_h == 12
    woken = replace(dead, publication=replace(dead.publication, burst=0.5))
    assert next_wait(woken, price(0.5), now=NOW, recent=Lately(push=3)).hours < 24


def test_push_fades_and_knows_no_future() -> None:
    """Items count less by the hour, those of later hours (a clock that was set back) not at all."""
    assert push_of({}, now=NOW) == 0
    assert push_of({int(NOW): 2}, now=NOW) == 2
    assert push_of({int(NOW) - 2: 10}, now=NOW) == pytest.approx(10 * 2.718281828 ** -(2.25 - 0.5))
    assert push_of({int(NOW) + 1: 99, int(NOW) - 90: 99}, now=NOW) == 0


def test_the_pace_of_the_last_hours_is_news_against_what_was_expected() -> None:
    """Twelve items in six hours of one an hour raise it, six polls without any lower it, and one batch does little."""
    source, first = terms(), int(NOW) - 6
    busy = lately(source, {first + hour: 2.0 for hour in range(6)}, now=NOW, since=first)
    quiet = lately(source, {}, now=NOW, since=first)
    assert busy.pace > 1.3
    assert quiet.pace < 0.6
    batches = replace(source, publication=replace(source.publication, cluster=12.0))
    assert 1 < lately(batches, {first: 12.0}, now=NOW, since=first).pace < 1.1
    usual = lately(source, {first + hour: 1.0 for hour in range(6)}, now=int(NOW), since=first)
    assert usual.pace == pytest.approx(1, abs=0.01)


def test_hours_in_which_nobody_looked_say_nothing() -> None:
    """What lies before a source was met or after it was asked last is no silence, and what was learned is forgotten."""
    source = terms()
    assert lately(source, {}, now=NOW, since=NOW) == Lately()
    assert lately(source, {}, now=NOW, since=0, until=NOW - 48) == Lately()
    fresh, old = (lately(source, {}, now=NOW, since=NOW - 12, until=NOW - age).pace for age in (0, 8))
    assert fresh < old < 1
    found = lately(source, {int(NOW) + 1: 50.0, int(NOW) - 30: 50.0}, now=NOW, since=0)
    assert found.push == 0
    assert found.pace < 1


def test_a_slow_day_lengthens_the_gap_and_a_busy_one_shortens_it() -> None:
    """The pace holds for some hours, and the far end of a long gap is not touched by it."""
    gap = next_wait(terms(), price(0.5), now=NOW).hours
    for pace in (0.5, 2.0):
        changed = next_wait(terms(), price(0.5), now=NOW, recent=Lately(pace=pace)).hours
        assert changed == pytest.approx(gap * pace**-0.5, rel=0.06)
    far = next_wait(terms(rate=1e-3), price(2.0), now=NOW)
    assert next_wait(terms(rate=1e-3), price(2.0), now=NOW, recent=Lately(pace=2.0)).hours >= far.hours * 0.7


@pytest.mark.parametrize(
    ("cost", "said"),
    [(1e-9, "its shortest gap"), (1e9, "its longest gap"), (0.5, "1 items expected by then")],
)
def test_the_reason_names_what_decided(cost: float, said: str) -> None:
    """A person is told what is expected, and which bound holds."""
    source = terms()
    assert reason_of(source, next_wait(source, price(cost), now=NOW), now=NOW, recent=Lately()).split("; ") == [
        "24 items a day",
        "an average hour",
        said,
    ]


class EveryDay:
    """A calendar on which all days are of one kind."""

    def __init__(self, kind: DayKind) -> None:
        self.kind = kind

    def kind_of(self, day: object) -> DayKind:
        """Return that kind."""
        del day
        return self.kind


@pytest.mark.parametrize(
    ("kind", "said"), [(DayKind.HOLIDAY, "a public holiday"), (DayKind.MAKE_UP, "a make-up workday")]
)
def test_the_reason_names_holidays_hours_and_fresh_news(kind: DayKind, said: str) -> None:
    """Special days, busy and slow hours, waves and a lack of history are said."""
    rates = tuple(
        (0.1 if each is DayKind.HOLIDAY else 5.0) if each >= 7 else 1.0 for each in DayKind for _ in range(24)
    )
    source = Terms(
        publication=Publication(rates=rates, burst=0.5, zone="Asia/Shanghai"),
        weight=1,
        least_h=0.05,
        most_h=24,
        calendar=EveryDay(kind),
    )
    words = reason_of(source, next_wait(source, price(0.5), now=NOW), now=NOW, recent=Lately(push=9))
    assert words.startswith(f"little known yet; {said}; a {'slow' if kind is DayKind.HOLIDAY else 'busy'} hour (")
    assert "fresh news draws more" in words


@pytest.mark.parametrize(("pace", "said"), [(0.5, "less"), (2.0, "more")])
def test_the_reason_names_a_day_that_is_unlike_others(pace: float, said: str) -> None:
    """Where the last hours brought much more or less than expected, this is said."""
    recent = Lately(pace=pace)
    words = reason_of(terms(), next_wait(terms(), price(0.5), now=NOW, recent=recent), now=NOW, recent=recent)
    assert f"; {said} than expected in the last hours; " in words
