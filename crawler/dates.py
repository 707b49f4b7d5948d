"""Dates as they are written in feeds, lists, pages and addresses, Chinese and English, read by our own grammar.

No library guesses: what the grammar does not know is no date. Where a date was found is the caller's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.item import DatePrecision
from crawler import dategrammar
from crawler.datewords import normalise, read_offset

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

FIRST_YEAR = 1990
"""No source published on the web before it; a smaller year is a number or a mistake."""
_LONGEST_STAMP = 400
"""Characters of one given date that are read; longer ones are prose with a date somewhere."""
_AHEAD = timedelta(days=1)
"""A date without a year may lie this far ahead (zones, embargoes) before it means last year."""
_LEAP_GAP = 8
"""Longest run of years without a 29 February (1896-1904, 2096-2104)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """A date that was read."""

    at: datetime
    """Aware UTC. A day without a time is midnight in the zone it was read in."""
    precision: DatePrecision
    raw: str
    """The characters it was read from; of a date found in a longer text, in normalised form."""


@dataclass(frozen=True, slots=True)
class _Context:
    zone: ZoneInfo
    now: datetime


if TYPE_CHECKING:
    _Reader = Callable[[re.Match[str], _Context], ParsedDate | None]


def parse_date(raw: str, *, zone: str, now: datetime) -> ParsedDate | None:
    """Read one date in any form: a stamp, an epoch, a Chinese or English date, a time ago, with or without a label.

    Args:
        raw: What a feed field, a list row or a meta tag holds.
        zone: IANA zone of dates that carry no offset; must exist.
        now: The present, aware UTC, for times ago, missing years and plausibility.

    Returns:
        The first date in it, or None when there is none that exists in the calendar and lies between 1990 and the
        end of next year. Never raises on any text.
    """
    context = _Context(ZoneInfo(zone), now)
    text = normalise(raw[:_LONGEST_STAMP]).strip()
    found = _whole(text, context) or _first(text, context)
    return found and ParsedDate(at=found.at, precision=found.precision, raw=raw.strip())


def find_date(text: str, *, zone: str, now: datetime) -> ParsedDate | None:
    """Find the first date inside a longer text.

    Only what is a date wherever it stands counts: 今天, 06-15 and bare digits need a clock time beside them. The
    arguments and the result are those of `parse_date`.
    """
    return _first(normalise(text), _Context(ZoneInfo(zone), now))


def date_from_url(url: str, *, zone: str) -> ParsedDate | None:
    """Read the day in an address such as `/202306/t20230615_1234.html`, `/2023-06/15/` or `/20230615/`.

    Node ids that begin with a whole stamp give the time too.

    Years up to 2099 pass, as the present is not known here; None when the address names no day of the calendar.
    """
    context = _Context(ZoneInfo(zone), datetime(2098, 1, 1, tzinfo=UTC))
    for pattern in dategrammar.ADDRESS:
        for match in pattern.finditer(url):
            found = _calendar(match, context)
            if found:
                return found
    return None


def _whole(text: str, context: _Context) -> ParsedDate | None:
    """Read a text that is nothing but a date in one of the forms that mean one only then."""
    bare = dategrammar.LABEL.sub("", text).strip(" []()【】")
    for pattern, read in _WHOLE:
        match = pattern.fullmatch(bare)
        found = read(match, context) if match else None
        if found:
            return found
    return None


def _first(text: str, context: _Context) -> ParsedDate | None:
    best: tuple[int, ParsedDate] | None = None
    for pattern, read in _ANYWHERE:
        for match in pattern.finditer(text):
            if best and match.start() >= best[0]:
                break
            found = read(match, context)
            if found:
                best = (match.start(), found)
                break
    return best[1] if best else None


def _calendar(match: re.Match[str], context: _Context) -> ParsedDate | None:
    parts = match.groupdict()
    month, day = _month_and_day(parts, context)
    for year in _years(parts.get("year"), context.now):
        found = _at(match, (year, month, day), context)
        if found and (parts.get("year") or found.at <= context.now + _AHEAD):
            return found
    return None


def _years(digits: str | None, now: datetime) -> range:
    """Return the years to try: the given one, or from the next one back."""
    if digits is None:
        return range(now.year + 1, now.year - _LEAP_GAP - 1, -1)
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    return range(year, year + 1)


def _month_and_day(parts: dict[str, str | None], context: _Context) -> tuple[int, int]:
    """Return month and day; 06/07/2023 is July, but June in the Americas."""
    if parts.get("first"):
        first, other = int(parts["first"] or 0), int(parts["other"] or 0)
        month_first = first <= 12 and (other > 12 or str(context.zone).startswith("America/"))
        return (first, other) if month_first else (other, first)
    name = parts.get("month_name")
    month = dategrammar.MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
    return month, int(parts["day"] or 0)


def _at(match: re.Match[str], date: tuple[int, int, int], context: _Context) -> ParsedDate | None:
    if not FIRST_YEAR <= date[0] <= context.now.year + 1:
        return None
    clock = _clock(match.groupdict())
    zone = read_offset(match.groupdict().get("offset") or "", context.zone) if clock else context.zone
    try:
        day = datetime(*date, tzinfo=zone)
        at = day + timedelta(days=1) if clock and clock[0] == 24 else day
        at = at.replace(hour=clock[0] % 24, minute=clock[1], second=clock[2]) if clock else at
    except ValueError:
        return None
    return _parsed(at, match, precise=clock is not None)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    """Return hour, minute and second on the 24-hour clock; None when no time was given, or one that no clock shows."""
    hour, minute = int(parts.get("hour") or 99), int(parts.get("minute") or 0)
    if hour > 24 or minute > 59:
        return None
    half = (parts.get("half") or parts.get("meridiem") or "").lower()
    if half[:1] == "p" or half in _AFTERNOON:
        hour += 12 if hour < 12 else 0
    elif hour == 12 and (half[:1] == "a" or half in ("上午", "凌晨")):
        hour = 0
    return hour, minute, min(int(parts.get("second") or 0), 59)


_AFTERNOON = frozenset({"下午", "晚上", "晚间", "傍晚", "夜间"})


def _named_day(match: re.Match[str], context: _Context) -> ParsedDate | None:
    back = _DAYS_BACK[match["name"][:1].lower()]
    day = (context.now.astimezone(context.zone) - timedelta(days=back)).date()
    return _at(match, (day.year, day.month, day.day), context)


_DAYS_BACK = {"今": 0, "t": 0, "昨": 1, "y": 1, "前": 2}


def _ago(match: re.Match[str], context: _Context) -> ParsedDate | None:
    count = {"半": 0.5}.get(match["count"]) or (1 if match["count"][:1] in "aA" else int(match["count"]))
    unit = match["unit"].lower().lstrip("个個")
    seconds = next(span for prefix, span in _SPANS if unit.startswith(prefix))
    then = context.now.astimezone(context.zone) - timedelta(seconds=count * seconds)
    if then.year < FIRST_YEAR:
        return None
    if seconds >= _DAY:
        return _parsed(then.replace(hour=0, minute=0, second=0, microsecond=0), match, precise=False)
    return _parsed(then.replace(second=0, microsecond=0), match, precise=True)


_DAY = 86_400
_SPANS = (
    ("秒", 1), ("sec", 1), ("分", 60), ("min", 60), ("小", 3_600), ("h", 3_600), ("天", _DAY), ("日", _DAY),
    ("d", _DAY), ("周", 7 * _DAY), ("週", 7 * _DAY), ("星", 7 * _DAY), ("w", 7 * _DAY), ("月", 30 * _DAY),
    ("mon", 30 * _DAY),
)  # fmt: skip
"""Seconds of a unit, by its first letters."""


def _just_now(match: re.Match[str], context: _Context) -> ParsedDate | None:
    return _parsed(context.now.replace(second=0, microsecond=0), match, precise=True)


def _epoch(match: re.Match[str], context: _Context) -> ParsedDate | None:
    at = datetime.fromtimestamp(int(match["seconds"]), tz=UTC)
    return _parsed(at, match, precise=True) if FIRST_YEAR <= at.year <= context.now.year + 1 else None


def _parsed(at: datetime, match: re.Match[str], *, precise: bool) -> ParsedDate:
    precision = DatePrecision.MINUTE if precise else DatePrecision.DAY
    return ParsedDate(at=at.astimezone(UTC), precision=precision, raw=match[0].strip())


_WHOLE: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (dategrammar.COMPACT, _calendar),
    (dategrammar.EPOCH, _epoch),
    (dategrammar.JUST_NOW, _just_now),
    (dategrammar.BARE_NAMED_DAY, _named_day),
    (dategrammar.BARE_MONTH_DAY, _calendar),
)
_ANYWHERE: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    *((pattern, _calendar) for pattern in dategrammar.DATED),
    (dategrammar.NAMED_DAY, _named_day),
    (dategrammar.AGO, _ago),
)
