"""Cron expressions: standard meaning, clear refusals, clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cron import ApsCron

CRON = ApsCron()
SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = "UTC") -> datetime:
    """Read a local time as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        ("0 9 * * *", SHANGHAI, "2023-06-14T00:00", "2023-06-14T01:00"),
        ("0 9 * * *", SHANGHAI, "2023-06-14T01:00", "2023-06-15T01:00"),
        ("*/15 * * * *", "UTC", "2023-06-14T00:01", "2023-06-14T00:15"),
        ("5/20 * * * *", "UTC", "2023-06-14T00:26", "2023-06-14T00:45"),
        ("0 8-10/2,20 * * *", "UTC", "2023-06-14T08:00", "2023-06-14T10:00"),
        ("0 0 29 2 *", "UTC", "2023-06-14T00:00", "2024-02-29T00:00"),
        ("0 9 1 jan,Jul *", "UTC", "2023-06-14T00:00", "2023-07-01T09:00"),
        ("  0   9 * * *  ", "UTC", "2023-06-14T09:00", "2023-06-15T09:00"),
    ],
)
def test_next_fire_time(expression: str, zone: str, after: str, expected: str) -> None:
    """The next time is strictly later, in UTC, and read in the zone of the expression."""
    assert CRON.next_after(expression, zone=zone, after=at(after)) == at(expected)


@pytest.mark.parametrize(
    ("weekday", "expected"),
    [
        ("0", "2023-06-18"),
        ("7", "2023-06-18"),
        ("sun", "2023-06-18"),
        ("Sunday", "2023-06-18"),
        ("1", "2023-06-19"),
        ("3", "2023-06-21"),
        ("fri", "2023-06-16"),
        ("1-5", "2023-06-15"),
        ("5-7", "2023-06-16"),
        ("fri-sun", "2023-06-16"),
        ("*/3", "2023-06-17"),
    ],
)
def test_weekdays_count_from_sunday(weekday: str, expected: str) -> None:
    """0 and 7 are Sunday, as in crontab(5), and not Monday and nothing, as in APScheduler."""
    wednesday_noon = at("2023-06-14T12:00")
    assert CRON.next_after(f"0 9 * * {weekday}", zone="UTC", after=wednesday_noon) == at(f"{expected}T09:00")


def test_two_day_fields_mean_either() -> None:
    """With both day fields set, cron fires on the 20th and on every Friday."""
    moment, fires = at("2023-06-14T12:00"), []
    for _ in range(3):
        moment = CRON.next_after("0 9 20 * 5", zone="UTC", after=moment)
        fires.append(f"{moment:%m-%d}")
    assert fires == ["06-16", "06-20", "06-23"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "it needs 5"),
        ("* * * *", "has 4 fields"),
        ("* * * * * *", "has 6 fields"),
        ("60 * * * *", "minute: '60' is not in 0-59"),
        ("* 24 * * *", "hour: '24' is not in 0-23"),
        ("* * 0 * *", "day of month: '0' is not in 1-31"),
        ("* * * 13 *", "month: '13' is not in 1-12"),
        ("* * * * 8", "day of week: '8' is not in 0-7"),
        ("* * * * someday", "day of week: 'someday' is not in 0-7"),
        ("*/0 * * * *", "the step in '*/0' must be 1 or more"),
        ("30-10 * * * *", "'30-10' runs backwards"),
        ("1,,2 * * * *", "minute: '' is no value"),
        ("x-y-z * * * *", "minute: 'x-y-z' is no value"),
        ("٣ * * * *", "minute: '٣' is no value"),
        ("0 0 30 2 *", "names a date that never comes"),
    ],
)
def test_bad_expressions_are_refused_with_the_reason(expression: str, said: str) -> None:
    """A wrong expression names its wrong part."""
    with pytest.raises(ValueError, match=r"cron") as caught:
        CRON.next_after(expression, zone="UTC", after=at("2023-06-14T00:00"))
    assert said in str(caught.value)


@pytest.mark.parametrize("zone", ["Asia/Peking", "", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    """A wrong zone is named."""
    with pytest.raises(ValueError, match="is no time zone"):
        CRON.next_after("0 9 * * *", zone=zone, after=at("2023-06-14T00:00"))


def test_a_time_inside_the_gap_fires_once_when_the_gap_is_over() -> None:
    """On the night the clock is put forward, 02:30 does not exist; the digest comes at 03:30, once."""
    first = CRON.next_after("30 2 * * *", zone=BERLIN, after=at("2023-03-25T12:00", BERLIN))
    second = CRON.next_after("30 2 * * *", zone=BERLIN, after=first)
    assert (first, second) == (at("2023-03-26T03:30", BERLIN), at("2023-03-27T02:30", BERLIN))


def test_a_repeated_time_fires_once() -> None:
    """On the night the clock is put back, 02:30 comes twice; the digest comes once."""
    first = CRON.next_after("30 2 * * *", zone=BERLIN, after=at("2023-10-28T12:00", BERLIN))
    second = CRON.next_after("30 2 * * *", zone=BERLIN, after=first)
    assert (first, second) == (at("2023-10-29T02:30", BERLIN), at("2023-10-30T02:30", BERLIN))


def test_hourly_fires_in_both_halves_of_a_repeated_hour() -> None:
    """An expression with `*` hours goes on every real hour through a clock change."""
    moment, gaps = at("2023-10-28T22:30"), []
    for _ in range(5):
        following = CRON.next_after("0 * * * *", zone=BERLIN, after=moment)
        gaps.append(following - moment)
        moment = following
    assert gaps[1:] == [timedelta(hours=1)] * 4


MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 7),
    zone=st.sampled_from([SHANGHAI, BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC"]),
    after=MOMENTS,
)
def test_the_next_time_is_later_whole_and_on_the_weekday(
    *, minute: int, hour: int, weekday: int, zone: str, after: datetime
) -> None:
    """For any moment the next time lies after it, within eight days, on a whole minute of the wanted weekday."""
    fire = CRON.next_after(f"{minute} {hour} * * {weekday}", zone=zone, after=after)
    local = fire.astimezone(ZoneInfo(zone))
    assert after < fire <= after + timedelta(days=8)
    assert (fire.second, fire.microsecond) == (0, 0)
    assert local.isoweekday() % 7 == weekday % 7
