"""Reads calendar days from folded Chinese and English text: spelt-out numbers, ROC years, days without a year. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "o": 0}
_NUMERAL = "〇○零一二三四五六七八九"
_SPELT_YEAR = re.compile(rf"[一二][{_NUMERAL}o]{{3}}(?=年)")
_SPELT = re.compile(rf"[{_NUMERAL}十两]{{1,4}}(?=个?月|日|天|个工作日|周|号)")
_SPELT_ROC = re.compile(r"民国([〇○零一二三四五六七八九十百]{2,6})年")
_ROC_YEAR = re.compile(r"(?<!\d)(?:(?:民国|中华民国) ?(\d{2,3})|(1\d\d))年(?= ?\d{1,2}月)")
"""A three-digit year is one of the Republic of China's; its year 1 is 1912."""
_FIRST_ROC = 1911
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTHS = {name[:size]: number for number, name in enumerate(_MONTH_NAMES, 1) for size in (3, len(name))} | {"sept": 9}
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_CHINESE = (
    r"(?:(?:(?P<zy>(?:19|20)\d\d)|(?P<zr>今|本|明|次|翌))年 ?)?(?P<zm>\d{1,2})月 ?份?"
    r"(?:(?P<zd>\d{1,2})[日号]|(?P<ze>底|末)|(?P<zb>初))?"
    r"|(?P<zt>即日|今日|今天|当日|同日)"
)
_NUMERIC = r"(?P<ny>(?:19|20)\d\d)[ ./](?P<nm>\d{1,2})[ ./](?P<nd>\d{1,2})(?!\d)"
_DAY_FIRST = rf"(?P<dd>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<dm>{_MONTH}),?(?: (?P<dy>(?:19|20)\d\d))?"
_MONTH_FIRST = (
    rf"(?P<me>(?:the )?end of |late )?(?P<mm>{_MONTH})(?: (?P<md>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?"
    r",?(?: (?P<my>(?:19|20)\d\d))?"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = rf"(?P<wd>{'|'.join(_WEEKDAYS)})"
DAY = rf"(?:{_NUMERIC}|{_CHINESE}|{_DAY_FIRST}|{_MONTH_FIRST}|{_WEEKDAY})"
"""A day in folded and `spelt_in_digits` text; its groups are read by `read_day`. May stand once in a pattern."""
_DAYS_OF = {"日": 1, "天": 1, "day": 1, "周": 7, "星期": 7, "week": 7}
SPAN = (
    r"(?P<sn>\d{1,3}|[a-z]+)(?: |个)*(?:calendar |business |working |full )?"
    r"(?P<su>工作日|日历日|自然日|日|天|月|周|星期|days?|months?|weeks?)"
)
"""A span of time; its groups are read by `read_span`."""
_WORDS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "seven": 7, "ten": 10, "fourteen": 14, "thirty": 30,
    "sixty": 60, "ninety": 90,
}  # fmt: skip
_SOON = 245
"""A day without a year lies at most so many days ahead of publication; else it is the last such day."""
_LONG_AGO = 120


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, in months and days."""

    months: int
    days: int

    def after(self, start: date) -> date:
        """Return the day that lies so much later; the last of a month where it has no such day."""
        months = start.year * 12 + start.month - 1 + self.months
        year, month = divmod(months, 12)
        return _clamped(year, month + 1, start.day) + timedelta(days=self.days)


def spelt_in_digits(folded: str) -> str:
    """Return folded text with Chinese numerals of dates as digits and ROC years as common ones; its length changes."""
    text = _SPELT_ROC.sub(lambda match: f"民国{_number(match[1])}年", folded)
    text = _SPELT_YEAR.sub(lambda match: "".join(str(_DIGITS[numeral]) for numeral in match[0]), text)
    text = _SPELT.sub(lambda match: str(_number(match[0])), text)
    return _ROC_YEAR.sub(lambda match: f"{int(match[1] or match[2]) + _FIRST_ROC}年", text)


def read_day(
    groups: dict[str, str | None], published: date | None, *, is_last: bool = False, is_past: bool = False
) -> date | None:
    """Read the day that a match of `DAY` found.

    Args:
        groups: Named groups of the match.
        published: Day of publication in the source's zone, from which a missing year is told; None when unknown.
        is_last: Whether a month without a day means its last day, as for deadlines, or its first.
        is_past: Whether a weekday is the last one before publication, or the next one; that of publication is both.

    Returns:
        The day; None where there is no such day, or the year can't be told.
    """
    if groups.get("zt"):
        return published
    if groups.get("wd"):
        return _weekday(str(groups["wd"]), published, is_past=is_past)
    month = _month(groups)
    if not 1 <= month <= 12:
        return None
    end = is_last or bool(groups.get("ze") or groups.get("me"))
    day = next((int(value) for name in ("nd", "zd", "dd", "md") if (value := groups.get(name))), 0)
    written = next((int(value) for name in ("ny", "zy", "dy", "my") if (value := groups.get(name))), 0)
    year = written or _relative_year(groups, published) or _nearest_year(month, day or 15, published)
    if not year or day > calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day) if day else _clamped(year, month, 31 if end else 1)


def read_span(groups: dict[str, str | None]) -> Span | None:
    """Read the length that a match of `SPAN` found; working days count seven fifths. None for other words."""
    number, unit = groups.get("sn") or "", (groups.get("su") or "").removesuffix("s")
    count = int(number) if number.isdecimal() else _WORDS.get(number, 0)
    if not count:
        return None
    if unit in {"月", "month"}:
        return Span(months=count, days=0)
    if unit == "工作日":
        return Span(months=0, days=-(-count * 7 // 5))
    return Span(months=0, days=count * _DAYS_OF.get(unit, 1))


def _weekday(name: str, published: date | None, *, is_past: bool) -> date | None:
    if not published:
        return None
    ahead = (_WEEKDAYS.index(name) - published.weekday()) % 7
    return published + timedelta(days=ahead - 7 if is_past and ahead else ahead)


def _month(groups: dict[str, str | None]) -> int:
    for name in ("nm", "zm", "dm", "mm"):
        value = groups.get(name)
        if value:
            return int(value) if value.isdecimal() else _MONTHS[value.rstrip(".")]
    return 0


def _relative_year(groups: dict[str, str | None], published: date | None) -> int:
    word = groups.get("zr")
    if not word or not published:
        return 0
    return published.year + (word in "明次翌")


def _nearest_year(month: int, day: int, published: date | None) -> int:
    """Return the year in which a day lies from four months before publication to eight after."""
    if not published:
        return 0
    for year in (published.year, published.year + 1, published.year - 1):
        if -_LONG_AGO <= (_clamped(year, month, day) - published).days <= _SOON:
            return year
    return published.year


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _number(numeral: str) -> int:
    """Read a Chinese number below a thousand: `二十一`, `十`, `三〇`, `一百一十三`."""
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGITS[part]) for part in numeral))
    total, digit = 0, 0
    for part in numeral:
        if part in "十百":
            total += (digit or 1) * (10 if part == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[part]
    return total + digit
