"""What is learned of when a source publishes, from hours with news and hours without."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import CELLS, HOURS, DayKind, OrdinaryWeeks, cell_of, hours_of, moment_of
from core.polling_model import History, Publication, _exposure, hour_of_batch, learn_publication, spread_noons
from core.polling_usual import usual_rhythm
from core.source import Source, SourceId, SourceKind, Voice

WEEKS = OrdinaryWeeks()
SHANGHAI = "Asia/Shanghai"
MONDAY = int(hours_of(datetime(2026, 5, 17, 16, tzinfo=UTC)))
"""Monday, 18 May 2026, 00:00 in Shanghai."""


def source(voice: Voice = Voice.AUTHORITY, *, tier: int = 2, fetch_articles: bool = True) -> Source:
    """A source of some kind."""
    return Source(
        id=SourceId("s"),
        name="",
        name_en="",
        kind=SourceKind.FEED,
        url="",
        group="",
        voice=voice,
        tier=tier,
        fetch_articles=fetch_articles,
    )


USUAL = usual_rhythm(source())


def learn(news: dict[int, float], *, since: float = MONDAY, until: float = MONDAY + 4 * 168) -> Publication:
    """What is learned from news in Shanghai."""
    return learn_publication(History(news=news, since=since, until=until), usual=USUAL, zone=SHANGHAI, calendar=WEEKS)


def every_day(hour: int, *, days: range, items: float = 1) -> dict[int, float]:
    """News at one hour of some days after Monday."""
    return {MONDAY + 24 * day + hour: items for day in days}


def rate(found: Publication, kind: DayKind, hour: int) -> float:
    """The rate of a cell."""
    return found.rates[kind * HOURS + hour]


def test_what_is_usual_follows_voice_tier_and_list() -> None:
    """Authorities keep office hours, flashes have more than articles, lower tiers less."""
    assert USUAL.days[DayKind.SUNDAY] < USUAL.days[DayKind.MONDAY]
    assert USUAL.hours[3] < USUAL.hours[10]
    press = usual_rhythm(source(Voice.PRESS))
    assert usual_rhythm(source(Voice.PRESS, fetch_articles=False)).per_day == 5 * press.per_day
    assert usual_rhythm(source(tier=1)).per_day > USUAL.per_day > usual_rhythm(source(tier=5)).per_day
    for usual in (USUAL, press):
        assert sum(usual.days[:7]) == pytest.approx(7)
        assert sum(usual.hours) == pytest.approx(24, abs=1.5)
        assert len(usual.days) == len(DayKind)


def test_without_history_what_is_usual_holds() -> None:
    """A source that was never asked is taken for one of its kind."""
    found = learn({}, until=MONDAY)
    assert found.per_day() == pytest.approx(USUAL.per_day, rel=0.1)
    assert found.events == 0
    assert found.level == 1


def test_polls_without_news_are_evidence_too() -> None:
    """The longer nothing comes, the less is expected, and never nothing."""
    rates = [learn({}, until=MONDAY + 24.0 * days).per_day() for days in (0, 1, 7, 28, 168, 3650)]
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < 0.05 * rates[0]


def test_hours_and_days_are_learned() -> None:
    """A source that publishes on weekdays at four in the afternoon is expected then."""
    found = learn({hour: 1.0 for hour in every_day(16, days=range(28)) if cell_of(hour, SHANGHAI, WEEKS) // 24 < 5})
    assert rate(found, DayKind.TUESDAY, 16) > 3 * rate(found, DayKind.TUESDAY, 9)
    assert rate(found, DayKind.TUESDAY, 16) > 4 * rate(found, DayKind.SUNDAY, 16)
    assert rate(found, DayKind.HOLIDAY, 16) == pytest.approx(
        (rate(found, DayKind.SATURDAY, 16) + rate(found, DayKind.SUNDAY, 16)) / 2
    )
    assert rate(found, DayKind.MAKE_UP, 16) > rate(found, DayKind.SATURDAY, 16)
    assert found.per_day() == pytest.approx(20 / 28, rel=0.35)


def test_a_batch_is_little_more_evidence_than_one_item() -> None:
    """A thousand items at once raise the level, and count as one event."""
    found = learn({MONDAY + 100: 1000.0})
    assert found.events < 1.1
    assert found.per_day() > 5
    assert max(found.rates) < 1000


@dataclass(frozen=True)
class Closed:
    """A calendar with one holiday week and its make-up days."""

    first: date = date(2026, 6, 8)

    def kind_of(self, day: date) -> DayKind:
        """Return what kind of day it is."""
        return DayKind.HOLIDAY if 0 <= (day - self.first).days < 5 else DayKind(day.weekday())


def test_a_holiday_is_no_reason_to_expect_less_after_it() -> None:
    """With the holidays known, a week without news leaves the rate of working days where it was."""
    news = {hour: 1.0 for hour in every_day(10, days=range(21)) if cell_of(hour, SHANGHAI, WEEKS) // 24 < 5}
    history = History(news=news, since=MONDAY, until=MONDAY + 26 * 24.0)
    told = learn_publication(history, usual=USUAL, zone=SHANGHAI, calendar=Closed())
    untold = learn_publication(history, usual=USUAL, zone=SHANGHAI, calendar=WEEKS)
    assert rate(told, DayKind.MONDAY, 10) > 1.3 * rate(untold, DayKind.MONDAY, 10)
    assert rate(told, DayKind.HOLIDAY, 10) < rate(untold, DayKind.HOLIDAY, 10)


def test_a_change_of_pace_shows_within_days() -> None:
    """A weekly source that turns to ten items a day is expected to go on so; one that falls silent is not."""
    weekly = every_day(9, days=range(0, 42, 7))
    until = MONDAY + 44 * 24.0
    busy = weekly | {MONDAY + 42 * 24 + hour: 1.0 for hour in range(8, 46, 2)}
    assert learn(busy, until=until).level > 1.5
    daily = every_day(9, days=range(28))
    silent = learn(daily, until=MONDAY + 40 * 24.0)
    assert silent.level < 0.7


def test_news_in_waves_is_told_from_steady_news() -> None:
    """Hours with news that follow each other are a wave; as many apart from each other are none."""
    chance = random.Random(3)  # noqa: S311 - a simulation
    steady = {MONDAY + hour: 1.0 for hour in range(672) if chance.random() < 0.15}
    waves: dict[int, float] = {}
    for hour in range(0, 672, 20):
        waves |= {MONDAY + hour: 2.0, MONDAY + hour + 1: 2.0, MONDAY + hour + 2: 1.0}
    assert learn(waves).burst > 0.4
    assert learn(steady).burst < 0.25


@settings(max_examples=40, deadline=None)
@given(
    news=st.dictionaries(st.integers(-500, 3000), st.floats(0.01, 1e4), max_size=30),
    span=st.floats(-10, 24 * 168),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_any_history_gives_sound_rates(news: dict[int, float], span: float, zone: str) -> None:
    """Rates are positive and finite whatever came, also when the clock was set back or the zone changes its own."""
    history = History(news={MONDAY + hour: items for hour, items in news.items()}, since=MONDAY, until=MONDAY + span)
    found = learn_publication(history, usual=USUAL, zone=zone, calendar=WEEKS)
    assert len(found.rates) == CELLS
    assert all(0 < each < inf for each in found.rates)
    assert 0 <= found.burst <= 0.7


@pytest.mark.parametrize("summer", [False, True])
def test_hours_are_those_of_the_wall_clock_in_summer_and_winter(*, summer: bool) -> None:
    """Nine in New York is 14 UTC in winter and 13 in summer."""
    moment = datetime(2026, 7 if summer else 1, 14, 13 if summer else 14, tzinfo=UTC)
    assert cell_of(int(hours_of(moment)), "America/New_York", WEEKS) % HOURS == 9


def test_a_find_counts_for_the_hour_in_which_it_was_likely() -> None:
    """What is found in the morning after a night without a look counts for the evening, when offices still posted."""
    found = learn(dict.fromkeys(every_day(17, days=range(28)), 1.0))
    evening, morning = MONDAY + 24 * 28 + 16.5, MONDAY + 24 * 28 + 31.0
    placed = hour_of_batch(found, evening, morning, calendar=WEEKS)
    assert cell_of(placed, SHANGHAI, WEEKS) % HOURS in (17, 18)
    assert hour_of_batch(found, morning - 0.4, morning, calendar=WEEKS) == int(morning)
    assert hour_of_batch(found, morning - 900, morning, calendar=WEEKS) == int(morning)
    assert hour_of_batch(found, morning + 3, morning, calendar=WEEKS) == int(morning)


@given(gap=st.floats(1.01, 160), start=st.floats(0, 400))
def test_a_find_counts_for_an_hour_since_the_last_look(gap: float, start: float) -> None:
    """It is never put before the last look or after the present."""
    last = MONDAY + start
    placed = hour_of_batch(learn({}), last, last + gap, calendar=WEEKS)
    assert int(last) <= placed <= int(last + gap)


def test_days_without_a_time_are_spread_over_usual_hours() -> None:
    """A first list of days does not teach that a source publishes at noon; what came later at noon stays."""
    noon = MONDAY + 12
    spread = spread_noons({noon: 3.0, noon + 24: 1.0, noon + 1: 2.0}, before=noon + 20, usual=USUAL, zone=SHANGHAI)
    assert sum(spread.values()) == pytest.approx(6)
    assert spread[noon + 24] == 1
    assert spread[noon + 1] > 2
    assert 0 < spread[noon] < 0.5
    assert spread[noon - 2] > spread[noon + 10]


def test_hours_and_moments_convert_both_ways() -> None:
    """Hours since 1970 are UTC."""
    moment = datetime(2026, 5, 17, 16, 30, tzinfo=UTC)
    assert hours_of(moment) == MONDAY + 0.5
    assert moment_of(MONDAY + 0.5) == moment
    assert not DayKind.HOLIDAY.is_working
    assert DayKind.MAKE_UP.is_working


def test_little_history_gives_broad_humps_and_much_of_it_sharp_ones() -> None:
    """A week of news at four in the afternoon makes one o'clock likely, too; half a year of it makes it unlikely."""
    week = learn(every_day(16, days=range(7)), until=MONDAY + 7 * 24)
    half_year = learn(every_day(16, days=range(168)), until=MONDAY + 168 * 24)

    def share(found: Publication, hour: int) -> float:
        return rate(found, DayKind.TUESDAY, hour) / rate(found, DayKind.TUESDAY, 16)

    assert share(week, 13) > 3 * share(half_year, 13)
    assert share(half_year, 13) < 0.05


def test_one_item_in_the_night_raises_the_hours_around_it() -> None:
    """What is seen at an hour at which nothing is usual makes those near it likelier, too, if less."""
    found = learn(every_day(2, days=range(0, 28, 7)))
    assert rate(found, DayKind.TUESDAY, 4) > 1.5 * rate(learn({}), DayKind.TUESDAY, 4)
    assert rate(found, DayKind.TUESDAY, 2) > rate(found, DayKind.TUESDAY, 4)


@given(
    begin=st.floats(0, 400 * 24),
    span=st.floats(0, 60 * 24),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_days_counted_at_once_are_days_counted_by_the_hour(begin: float, span: float, zone: str) -> None:
    """Hours watched are the same, whatever part of the first and last hour was watched, and when clocks change."""
    history = History(news={}, since=MONDAY + begin, until=MONDAY + begin + span)
    plain = [0.0] * CELLS
    for hour in range(int(history.since), int(history.until) + 1):
        part = max(min(1.0, history.until - hour, hour + 1 - history.since), 0.0)
        plain[cell_of(hour, zone, WEEKS)] += part * 0.5 ** ((int(history.until) - hour) / 1000)
    assert _exposure(history, zone, WEEKS, half_life_h=1000) == pytest.approx(plain)
