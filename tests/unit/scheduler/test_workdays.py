"""Working days of the mainland and Hong Kong, from a library's own data."""

from __future__ import annotations

from datetime import date

import pytest
from structlog.testing import capture_logs

from core.calendar import DayKind, OrdinaryWeeks
from scheduler.workdays import PublicHolidays, calendar_for


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 1), DayKind.HOLIDAY),
        (date(2026, 10, 6), DayKind.HOLIDAY),
        (date(2026, 10, 10), DayKind.MAKE_UP),
        (date(2026, 9, 20), DayKind.MAKE_UP),
        (date(2026, 10, 8), DayKind.THURSDAY),
        (date(2026, 2, 14), DayKind.MAKE_UP),
        (date(2026, 10, 11), DayKind.SUNDAY),
        (date(2025, 1, 28), DayKind.HOLIDAY),
    ],
)
def test_mainland_holidays_and_make_up_days_are_known(day: date, kind: DayKind) -> None:
    """Days off, the weekend days that make up for them, and ordinary days (State Council notices for 2025 and 2026)."""
    assert PublicHolidays("CN").kind_of(day) is kind


def test_hong_kong_keeps_its_own_days() -> None:
    """1 July is a holiday there, and a weekday on the mainland."""
    assert PublicHolidays("HK").kind_of(date(2026, 7, 1)) is DayKind.HOLIDAY
    assert PublicHolidays("CN").kind_of(date(2026, 7, 1)) is DayKind.WEDNESDAY


def test_a_year_that_nobody_announced_is_said_once() -> None:
    """Far ahead the holidays of the law count, without make-up days, and the log has one line."""
    with capture_logs() as lines:
        for day in (date(2093, 10, 1), date(2093, 10, 2), date(2093, 7, 1)):
            PublicHolidays("CN").kind_of(day)
        PublicHolidays("HK").kind_of(date(2093, 7, 1))
    assert [(line["event"], line["year"]) for line in lines] == [
        ("no make-up workdays are known; holidays of the law count", 2093)
    ]
    assert PublicHolidays("CN").kind_of(date(2093, 10, 1)) is DayKind.HOLIDAY


@pytest.mark.parametrize(
    ("zone", "jurisdiction", "calendar"),
    [
        ("Asia/Shanghai", "cn-sh", PublicHolidays("CN")),
        ("Asia/Hong_Kong", "hk", PublicHolidays("HK")),
        ("Asia/Shanghai", "", PublicHolidays("CN")),
        ("America/New_York", "cn", PublicHolidays("CN")),
        ("America/New_York", "", OrdinaryWeeks()),
    ],
)
def test_a_source_keeps_the_days_of_its_place(zone: str, jurisdiction: str, calendar: object) -> None:
    """An authority those of its jurisdiction, the press those of its zone, others plain weeks."""
    assert calendar_for(zone=zone, jurisdiction=jurisdiction) == calendar
