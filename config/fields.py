"""What settings are made of: the base of all sections, and values that are read in a form of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

if TYPE_CHECKING:
    from pathlib import Path


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


def expand_home(value: Path) -> Path:
    """Return a path with a leading `~` replaced by the home folder.

    Raises:
        ValueError: There is no such home.
    """
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("begins with ~, and there is no such home folder; write the whole path") from None


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
Identifier = Annotated[str, Field(pattern=IDENTIFIER_PATTERN, max_length=64)]
