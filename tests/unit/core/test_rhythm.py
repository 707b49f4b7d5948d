"""How long a silence a source's own history makes plausible."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rhythm import HISTORY, LEAST_EVENTS, Rhythm, is_holiday, learn_rhythm

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def office(days: int, *, now: datetime = NOW, hour: int = 2) -> list[datetime]:
    """News at ten in Shanghai (two in UTC) on every weekday of the last `days` days."""
    moments = (now.replace(hour=hour) - DAY * back for back in range(days))
    return [at for at in moments if at.weekday() < 5]


def learn(news: list[datetime], *, rests: bool = False) -> Rhythm:
    """The rhythm of a source in Shanghai."""
    rhythm = learn_rhythm(news, zone="Asia/Shanghai", rests=rests)
    assert rhythm is not None
    return rhythm


def test_little_history_says_nothing() -> None:
    """Fewer hours with news than are needed, or any number within less than a week, give no rhythm."""
    hourly = [NOW - HOUR * back for back in range(7 * 24)]
    assert learn_rhythm([], zone="UTC") is None
    assert learn_rhythm(office(60)[: LEAST_EVENTS - 1], zone="UTC") is None
    assert learn_rhythm(hourly, zone="UTC") is None
    assert learn_rhythm([*hourly, NOW - 7 * DAY], zone="UTC") is not None


def test_news_of_one_hour_counts_once_and_old_news_not_at_all() -> None:
    """A batch of papers is one event, and what lies before the season looked at is none."""
    batch = [at + timedelta(minutes=minute) for at in office(30) for minute in (0, 5, 50)]
    assert learn(batch) == learn(office(30))
    assert learn([*office(30), NOW - HISTORY - DAY]) == learn(office(30))


def test_the_profile_knows_weekday_and_hour_of_the_sources_zone() -> None:
    """An office that publishes at ten on weekdays is likeliest heard then, in its own zone."""
    rhythm = learn(office(84))
    assert max(range(24), key=rhythm.hours.__getitem__) == 10
    assert min(rhythm.weekdays[:5]) > 3 * max(rhythm.weekdays[5:])
    assert sum(rhythm.weekdays) / 7 == pytest.approx(1)
    assert sum(rhythm.hours) / 24 == pytest.approx(1)


def test_a_weekend_counts_less_than_weekdays() -> None:
    """Two days of silence say less over a weekend than in the week."""
    rhythm = learn(office(84))
    friday, monday = datetime(2023, 6, 16, 16, tzinfo=UTC), datetime(2023, 6, 12, 16, tzinfo=UTC)
    assert rhythm.chance_of_silence(friday, friday + 2 * DAY) > 3 * rhythm.chance_of_silence(monday, monday + 2 * DAY)


def test_a_busy_source_is_quiet_after_a_day_and_a_slow_one_after_weeks() -> None:
    """The faster the source, the sooner its silence means something, but never within a day."""
    wire = learn([NOW - HOUR * back for back in range(24 * 30)])
    weekly = learn([NOW - 7 * DAY * back for back in range(12)])
    assert wire.quiet_at(NOW) == NOW + DAY
    assert 20 * DAY < weekly.quiet_at(NOW) - NOW < 150 * DAY
    assert wire.quiet_at(NOW) < learn(office(84)).quiet_at(NOW) < weekly.quiet_at(NOW)


def test_a_long_silence_before_makes_the_next_more_plausible() -> None:
    """A source that was once silent for three weeks is not quiet after five."""
    early, late = office(84), office(20)
    gap = [at for at in early if at < NOW - 41 * DAY] + late
    rhythm = learn(gap)
    assert rhythm.longest > 20 * DAY
    assert rhythm.quiet_at(NOW) >= NOW + rhythm.longest * 2


def test_a_silence_does_not_excuse_itself() -> None:
    """However long a source is silent, what it did before stays the measure; six news are enough to be missed."""
    rhythm = learn(office(9))
    assert rhythm.events == 6
    assert rhythm.chance_of_silence(NOW, NOW + 90 * DAY) < 0.001


def test_holidays_hardly_count_at_sources_that_rest() -> None:
    """A ministry silent over the October holiday is not quiet, a news wire is."""
    begin = datetime(2023, 9, 30, 2, tzinfo=UTC)
    news = office(84, now=begin)
    resting, working = learn(news, rests=True), learn(news)
    assert resting.quiet_at(begin) > working.quiet_at(begin) + 5 * DAY
    assert resting.quiet_at(begin) > begin + 10 * DAY


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 5, 1), True),
        (date(2023, 5, 6), False),
        (date(2023, 10, 8), True),
        (date(2024, 2, 9), True),
        (date(2024, 2, 16), True),
        (date(2024, 2, 17), False),
        (date(2026, 2, 16), True),
        (date(2026, 6, 1), False),
    ],
)
def test_long_holidays_are_known(day: date, expected: bool) -> None:
    """May, October and the lunar new year's week are holidays, their neighbours are not."""
    assert is_holiday(day) is expected


@given(st.lists(st.integers(0, 2016), min_size=6, max_size=60, unique=True), st.integers(0, 1000))
def test_silence_grows_less_likely_with_time(hours: list[int], further: int) -> None:
    """For any history the chance of silence starts at 1 and never rises, and quiet lies a day to 400 days ahead."""
    rhythm = learn_rhythm([NOW - HOUR * back for back in hours], zone="Asia/Shanghai")
    if rhythm is None:
        return
    sooner = rhythm.chance_of_silence(NOW, NOW + HOUR * further)
    assert rhythm.chance_of_silence(NOW, NOW) == 1
    assert sooner >= rhythm.chance_of_silence(NOW, NOW + HOUR * (further + 5))
    assert NOW + DAY <= rhythm.quiet_at(NOW) <= NOW + timedelta(days=401)


def test_ordinary_chance_raises_few_alarms() -> None:
    """Sources that publish at random, four times a weekday, are hardly ever taken for quiet in a year."""
    dice, alarms, gaps = random.Random(7), 0, 0  # noqa: S311 (no secret)
    for _ in range(4):
        news, at = [], NOW
        while at < NOW + 365 * DAY:
            local = at + timedelta(hours=8)
            rate = 0.4 if local.weekday() < 5 and 8 <= local.hour < 18 else 0.01
            if dice.random() < rate:
                news.append(at)
            at += HOUR
        for index in range(100, len(news) - 1, 9):
            rhythm = learn(news[: index + 1])
            gaps += 1
            alarms += news[index + 1] >= rhythm.quiet_at(news[index])
    assert gaps > 300
    assert alarms == 0
