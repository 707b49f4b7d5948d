"""Reads five-field cron expressions the way cron does, on APScheduler's calendar arithmetic.

APScheduler's own reading differs from crontab(5) in two points that would send a digest on the wrong day: it counts
weekdays from Monday = 0, and it wants day-of-month *and* day-of-week where cron wants either. So the fields are read
here and handed over as plain lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One of the five fields: its name for messages, its range, and names for its values."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field(name="minute", least=0, most=59),
    _Field(name="hour", least=0, most=23),
    _Field(name="day of month", least=1, most=31),
    _Field(name="month", least=1, most=12, names=("", *_MONTHS)),
    _Field(name="day of week", least=0, most=7, names=_WEEKDAYS),
)


class ApsCron:
    """Cron expressions by APScheduler's CronTrigger; implements `core.ports.Cron`.

    Times that a clock change skips fire as soon as the gap is over; times that it repeats fire once, unless the hour
    is `*`: what cron(8) does.
    """

    def next_after(self, expression: str, *, zone: str, after: datetime) -> datetime:
        """Return the first fire time strictly after a moment.

        Args:
            expression: Five fields: minute, hour, day of month, month, day of week (0 or 7 is Sunday).
            zone: IANA zone in which the fields are read.
            after: Aware moment.

        Returns:
            Aware UTC, on a whole minute.

        Raises:
            ValueError: The expression, its dates or the zone do not exist; the message says which part, and why.
        """
        triggers, repeats = _triggers(" ".join(expression.split()), zone)
        moments = [moment for trigger in triggers if (moment := _first(trigger, after, repeats=repeats)) is not None]
        if not moments:
            raise ValueError(f"cron expression {expression!r} names a date that never comes")
        return min(moments)


@lru_cache(maxsize=256)
def _triggers(expression: str, zone: str) -> tuple[tuple[CronTrigger, ...], bool]:
    """Return the triggers whose union an expression is, and whether it may fire in both halves of a repeated hour."""
    texts = expression.split(" ")
    if len(texts) != len(_FIELDS):
        raise ValueError(f"cron expression {expression!r} has {len(texts)} fields, it needs 5: {_field_names()}")
    minute, hour, day, month, weekday = (_values(text, field) for text, field in zip(texts, _FIELDS, strict=True))
    days = _numbers(day)
    weekdays = ",".join(dict.fromkeys(_WEEKDAYS[value % 7] for value in weekday))
    # crontab(5): when both day fields are restricted, the command runs when either matches.
    either = not texts[2].startswith("*") and not texts[4].startswith("*")
    pairs = [(days, "*"), ("*", weekdays)] if either else [(days, weekdays)]
    triggers = tuple(
        CronTrigger(
            minute=_numbers(minute),
            hour=_numbers(hour),
            day=a_day,
            month=_numbers(month),
            day_of_week=a_weekday,
            timezone=_zone(zone),
        )
        for a_day, a_weekday in pairs
    )
    return triggers, texts[1].startswith("*")


def _first(trigger: CronTrigger, after: datetime, *, repeats: bool) -> datetime | None:
    moment = after
    while True:
        fire: datetime | None = trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
        if fire is None or repeats or not _is_repeat(fire):
            return None if fire is None else fire.astimezone(UTC)
        moment = fire.astimezone(UTC)  # local arithmetic would fall back into the first half of the hour


def _is_repeat(fire: datetime) -> bool:
    """Say whether the wall clock showed this time before, an hour ago, because the clock was put back."""
    return fire.fold == 1 and fire.utcoffset() != fire.replace(fold=0).utcoffset()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write an IANA name such as Asia/Shanghai") from error


def _values(text: str, field: _Field) -> tuple[int, ...]:
    """Return the values of one field, ascending."""
    found: set[int] = set()
    for part in text.split(","):
        found.update(_part_values(part, field))
    return tuple(sorted(found))


def _part_values(part: str, field: _Field) -> range:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"cron field {field.name}: {part!r} is no value, range (a-b), step (*/n) or *")
    first, last, step = match["first"], match["last"], int(match["step"] or 1)
    if step < 1:
        raise ValueError(f"cron field {field.name}: the step in {part!r} must be 1 or more")
    if first is None:
        start, end = field.least, field.most
    else:
        start = _value(first, field)
        # `5/15` means from 5 to the end in steps of 15; a single value is itself.
        end = _value(last, field) if last else field.most if match["step"] else start
    if end == 0 and start > 0 and field.names == _WEEKDAYS:
        end = 7  # `fri-sun`: Sunday ends the week as well as it begins it
    if end < start:
        raise ValueError(f"cron field {field.name}: {part!r} runs backwards; write the smaller value first")
    return range(start, end + 1, step)


def _value(text: str, field: _Field) -> int:
    name = text.lower()[:3]
    if name in field.names and name and (text.isalpha()):
        return field.names.index(name)
    if not text.isdigit() or not field.least <= int(text) <= field.most:
        raise ValueError(f"cron field {field.name}: {text!r} is not in {field.least}-{field.most}")
    return int(text)


def _numbers(values: Sequence[int]) -> str:
    return ",".join(str(value) for value in values)


def _field_names() -> str:
    return ", ".join(field.name for field in _FIELDS)
