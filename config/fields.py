"""What settings are made of: the base of all sections, and values that are read in a form of their own."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from core.alert import QuietHours


class Section(BaseModel):
    """Base of all sections: unknown keys are refused, values cannot change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, validate_default=True)


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(value: object) -> object:
    """Read `90s`, `5m`, `6h`, `2d`, `1w` (or a bare number of seconds) as a duration.

    Raises:
        ValueError: The text is no duration; the message shows the form.
    """
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        seconds = float(number) * _UNITS[unit]
    except ValueError:
        raise ValueError(
            f"{value!r} is no duration; write a number and a unit, such as 90s, 5m, 6h, 2d or 1w"
        ) from None
    if not 0 <= seconds < 3.2e9:
        raise ValueError(f"{value!r} is out of range; a duration is zero or more, and less than a century")
    return timedelta(seconds=seconds)


def format_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that leaves a whole number: the inverse of `parse_duration`."""
    seconds = value.total_seconds()
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{int(seconds // _UNITS[unit])}{unit}"
    return f"{int(seconds) if seconds.is_integer() else seconds!r}s"


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_QUIET = re.compile(r"(?:(?P<days>[a-z,\-]+)\s+)?(?P<start>\d{1,2}:\d\d)\s*-\s*(?P<end>\d{1,2}:\d\d)", re.IGNORECASE)


def parse_quiet_time(value: str, zone: str = "UTC") -> QuietHours:
    """Read `22:00-07:00` or `sat-sun 00:00-24:00`, with the days on which it begins, as quiet hours of a zone.

    Raises:
        ValueError: The text is no such time; the message shows the form.
    """
    try:
        # Days and times that are none end like a text of another form.
        match = _quiet_match(value)
        start, end = time.fromisoformat(match["start"].zfill(5)), _end(match["end"].zfill(5))
        days = _weekdays(match["days"].lower()) if match["days"] else frozenset(range(7))
    except ValueError:
        raise ValueError(
            f"{value!r} is no time of quiet; write it as 22:00-07:00, or with days as in sat-sun 00:00-24:00"
        ) from None
    return QuietHours(start=start, end=end, days=days, zone=zone)


def _quiet_match(value: str) -> re.Match[str]:
    match = _QUIET.fullmatch(value.strip())
    if match is None:
        raise ValueError(value)
    return match


def _end(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)


def _weekdays(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin = _WEEKDAYS.index(first)
        length = (_WEEKDAYS.index(last) - begin) % 7 if dash else 0
        days |= {(begin + step) % 7 for step in range(length + 1)}
    return frozenset(days)


def check_quiet_time(value: str) -> str:
    """Accept what `parse_quiet_time` reads.

    Raises:
        ValueError: It does not.
    """
    parse_quiet_time(value)
    return value


_LISTEN = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")


def check_listen(value: str) -> str:
    """Accept `HOST:PORT`, or nothing.

    Raises:
        ValueError: It is neither.
    """
    match = _LISTEN.fullmatch(value)
    if value and (match is None or int(match[1]) >= 1 << 16):
        raise ValueError(f"{value!r} is no address to listen on; write host and port, such as 127.0.0.1:8470")
    return value


def check_zone(value: str) -> str:
    """Accept an IANA time zone name.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # an unknown name, one that is no name, or the folder of a region
        raise ValueError(f"{value!r} is no time zone; use an IANA name such as Asia/Shanghai or UTC") from None
    return value


def check_positive(value: timedelta) -> timedelta:
    """Accept a duration of more than nothing.

    Raises:
        ValueError: It is zero.
    """
    if not value:
        raise ValueError("must be more than zero, such as 30s")
    return value


IDENTIFIER_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
JURISDICTION_PATTERN = r"^[a-z]{2,4}(-[a-z0-9]{2,4}){0,2}$"
"""ISO 3166 in lower case, and its parts: `cn`, `cn-sh`, `hk`, `intl`."""
USER_AGENT_PATTERN = r"^[\x21-\x7e][\x20-\x7e]*$"
"""Printable ASCII on one line, as RFC 9110 §5.5 asks of a header that all servers read alike."""

Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str | int | float),
    PlainSerializer(format_duration, return_type=str),
]
UserAgent = Annotated[str, Field(pattern=USER_AGENT_PATTERN)]
PositiveDuration = Annotated[Duration, AfterValidator(check_positive)]
Zone = Annotated[str, AfterValidator(check_zone)]
Listen = Annotated[str, AfterValidator(check_listen)]
QuietTime = Annotated[str, AfterValidator(check_quiet_time)]
Identifier = Annotated[str, Field(pattern=IDENTIFIER_PATTERN, max_length=64)]
