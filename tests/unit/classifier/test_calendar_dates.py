"""Tests of days in text: numbers spelt out, ROC years, days without a year, spans."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.calendar_dates import DAY, SPAN, Span, read_day, read_span, spelt_in_digits
from classifier.folding import fold

PUBLISHED = date(2025, 7, 10)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def day_in(text: str, published: date | None = PUBLISHED, *, is_last: bool = False) -> date | None:
    """Read the first day of a text."""
    match = re.search(DAY, spelt_in_digits(fold(text)))
    assert match
    return read_day(match.groupdict(), published, is_last=is_last)


def span_in(text: str) -> Span | None:
    """Read the first span of a text."""
    match = re.search(SPAN, spelt_in_digits(fold(text)))
    assert match
    return read_span(match.groupdict())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年1月1日", date(2026, 1, 1)),
        ("二〇二五年十二月二十一日", date(2025, 12, 21)),
        ("二○二六年一月五日", date(2026, 1, 5)),
        ("民國113年1月1日", date(2024, 1, 1)),
        ("中華民國一百一十四年五月二日", date(2025, 5, 2)),
        ("114年5月24日", date(2025, 5, 24)),
        ("明年3月1日", date(2026, 3, 1)),
        ("今年3月1日", date(2025, 3, 1)),
        ("2025-09-01", date(2025, 9, 1)),
        ("2025.9.1", date(2025, 9, 1)),
        ("1 August 2025", date(2025, 8, 1)),
        ("August 1st, 2025", date(2025, 8, 1)),
        ("Aug. 1", date(2025, 8, 1)),
        ("即日", PUBLISHED),
        ("2025年8月", date(2025, 8, 1)),
        ("8月底", date(2025, 8, 31)),
        ("the end of September", date(2025, 9, 30)),
    ],
)
def test_days_of_all_kinds(text: str, day: date) -> None:
    """Both languages, both scripts, digits and numerals."""
    assert day_in(text) == day


@pytest.mark.parametrize("text", ["2025年2月30日", "2025年13月1日", "31 June 2025"])
def test_days_that_are_none(text: str) -> None:
    """A day that no calendar has is left out."""
    assert day_in(text) is None


def test_a_month_is_its_first_or_last_day() -> None:
    """What begins in a month begins on its first day, what ends in it on its last."""
    assert day_in("2024年2月") == date(2024, 2, 1)
    assert day_in("2024年2月", is_last=True) == date(2024, 2, 29)
    assert day_in("February 2024", is_last=True) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3月15日", date(2025, 3, 15)),
        ("1月1日", date(2026, 1, 1)),
        ("12月31日", date(2025, 12, 31)),
        ("2月28日", date(2026, 2, 28)),
    ],
)
def test_a_year_is_told_from_publication(text: str, day: date) -> None:
    """Four months back, eight ahead; without a publication nothing is told."""
    assert day_in(text) == day
    assert day_in(text, None) is None


@given(published=DAYS, weekday=st.sampled_from(["Monday", "Thursday", "Sunday"]), is_past=st.booleans())
def test_a_weekday_is_within_a_week(published: date, weekday: str, is_past: bool) -> None:
    """The next such day, or the last one, never further than six days; without a publication none."""
    match = re.search(DAY, fold(weekday))
    assert match
    day = read_day(match.groupdict(), published, is_past=is_past)
    assert day
    assert f"{day:%A}" == weekday
    assert 0 <= (published - day).days * (1 if is_past else -1) < 7
    assert day_in(weekday, None) is None


@given(day=DAYS)
def test_a_written_year_needs_no_publication(day: date) -> None:
    """Every day comes back from its usual Chinese, ISO and English forms."""
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day:%d %B %Y}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert day_in(text, None) == day


@given(day=DAYS, published=DAYS)
def test_an_inferred_year_is_the_nearest(day: date, published: date) -> None:
    """Without a year, month and day stay, and the day is within a year of publication."""
    found = day_in(f"{day.month}月{day.day}日", published)
    if found is not None:
        assert (found.month, found.day) == (day.month, day.day)
        assert abs(found - published) <= timedelta(days=366)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("30日", date(2025, 8, 9)),
        ("三十天", date(2025, 8, 9)),
        ("一个月", date(2025, 8, 10)),
        ("两周", date(2025, 7, 24)),
        ("10个工作日", date(2025, 7, 24)),
        ("60 days", date(2025, 9, 8)),
        ("sixty days", date(2025, 9, 8)),
        ("a month", date(2025, 8, 10)),
    ],
)
def test_spans(text: str, after: date) -> None:
    """Days, weeks, months and working days, in digits or words."""
    span = span_in(text)
    assert span
    assert span.after(PUBLISHED) == after


def test_other_words_are_no_span() -> None:
    """`several days` has no length."""
    assert span_in("several days") is None


@given(start=DAYS, months=st.integers(0, 60), days=st.integers(0, 400))
def test_later_is_not_earlier(start: date, months: int, days: int) -> None:
    """A span leads ahead, and months end on the last day where there is no such day."""
    end = Span(months=months, days=days).after(start)
    assert end >= start
    assert Span(months=1, days=0).after(date(2025, 1, 31)) == date(2025, 2, 28)
