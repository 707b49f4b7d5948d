"""Which days people work: ordinary weeks, public holidays, and weekend days that make up for them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date


class DayKind(IntEnum):
    """What kind of day it is; the first seven are `date.weekday()` of ordinary days."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
    HOLIDAY = 7
    """A public holiday, the days off around it included, whatever its weekday."""
    MAKE_UP = 8
    """A Saturday or Sunday on which offices work, to make up for a holiday."""

    @property
    def is_working(self) -> bool:
        """Whether offices work."""
        return self <= DayKind.FRIDAY or self is DayKind.MAKE_UP


HOURS = 24
CELLS = len(DayKind) * HOURS
"""Hours of all kinds of day: cell `kind * 24 + hour`."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WorkCalendar(Protocol):
    """Tells kinds of days. Hashable, and always gives the same answer: answers are remembered."""

    def __hash__(self) -> int:
        """Return the hash by which answers are remembered."""
        ...

    def kind_of(self, day: date) -> DayKind:
        """Return what kind of day it is; a year of which nothing is known has ordinary weeks."""
        ...


class OrdinaryWeeks(NamedTuple):  # a tuple's hash costs a tenth of a dataclass's, and is asked for with every cell
    """Weeks without holidays."""

    def kind_of(self, day: date) -> DayKind:
        """Return the weekday."""
        return DayKind(day.weekday())


def hours_of(moment: datetime) -> float:
    """Return an aware moment as hours since 1970 in UTC."""
    return (moment - _EPOCH) / timedelta(hours=1)


def moment_of(hours: float) -> datetime:
    """Return the moment, aware UTC, that is so many hours after 1970."""
    return _EPOCH + timedelta(hours=hours)


@lru_cache(maxsize=65_536)
def cell_of(hour: int, zone: str, calendar: Hashable) -> int:
    """Return the cell that an hour lies in where the wall clock shows a zone's time.

    Hours are those of UTC, so that clock changes neither skip nor repeat any; in a zone that is half an hour off, the
    wall clock's hour at the beginning counts.

    Args:
        hour: Whole hours since 1970 in UTC.
        zone: IANA zone.
        calendar: A `WorkCalendar`.

    Returns:
        0 to `CELLS` - 1.
    """
    local = moment_of(hour).astimezone(ZoneInfo(zone))
    kind: DayKind = calendar.kind_of(local.date())  # type: ignore[attr-defined]  # lru_cache wants Hashable
    return kind * HOURS + local.hour
