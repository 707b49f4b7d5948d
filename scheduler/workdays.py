"""Working days of a place, from the `holidays` library, whose data come with it; nothing is asked of the network."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import structlog

from core.calendar import DayKind, OrdinaryWeeks

if TYPE_CHECKING:
    from datetime import date

    from core.calendar import WorkCalendar

log = structlog.get_logger(__name__)

_PLACES = {"cn": "CN", "hk": "HK"}
"""Country codes by the first part of a jurisdiction."""
_MAKING_UP = frozenset({"CN"})
"""Places that work on some weekend days each year; a year without any has not been announced yet."""


class PublicHolidays(NamedTuple):  # a tuple's hash costs a tenth of a dataclass's, and is asked for with every cell
    """The public holidays of one place, and the weekend days that make up for them; a `core.calendar.WorkCalendar`."""

    place: str
    """Country code: `CN` or `HK`."""

    def kind_of(self, day: date) -> DayKind:
        """Return what kind of day it is.

        In a year whose make-up days nobody has announced yet, the holidays of the law count and no make-up days; the
        log says so once. The mainland announces them each November, and the library has them in its next version.
        """
        off, made_up = _year(self.place, day.year)
        if day in made_up:
            return DayKind.MAKE_UP
        return DayKind.HOLIDAY if day in off else DayKind(day.weekday())


def calendar_for(*, zone: str, jurisdiction: str) -> WorkCalendar:
    """Return the calendar that a source keeps: of its authority's place, else of its zone; elsewhere plain weeks.

    Args:
        zone: The source's IANA zone.
        jurisdiction: Lower-case code of the authority, such as `cn-sh`; empty for the press.
    """
    zones = {"Asia/Shanghai": "CN", "Asia/Hong_Kong": "HK"}
    place = _PLACES.get(jurisdiction.partition("-")[0]) or zones.get(zone)
    return PublicHolidays(place) if place else OrdinaryWeeks()


@lru_cache(maxsize=64)
def _year(place: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return a year's days off and its working weekend days."""
    library = import_module("holidays")  # a tenth of a second, and not before the first source is planned
    days = library.country_holidays(place, years=(year, year + 1))  # the last days of a year make up for the next one's
    made_up = frozenset(day for day in days.weekend_workdays if day.year == year)
    if place in _MAKING_UP and not made_up:
        log.info("no make-up workdays are known; holidays of the law count", place=place, year=year)
    return frozenset(day for day in days if day.year == year), made_up
