"""Until when a route is quiet. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.alert import QuietHours

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=8)
"""Beyond a week of quiet hours that follow each other without a gap there is no end to be found."""


def quiet_until(now: datetime, hours: Sequence[QuietHours]) -> datetime | None:
    """Return when the quiet hours end that hold at a moment; None when none do.

    Hours that follow each other without a gap are one. Where they never end, the end of the eighth day is returned:
    what is held is told once a week rather than never.

    Args:
        now: Aware.
        hours: Of one route. Ends are wall times of their zone: a night in which clocks change is an hour shorter or
            longer, a time that is skipped counts as the moment after the gap, one that comes twice as its first.

    Returns:
        Aware UTC, later than `now`.
    """
    end = now.astimezone(UTC)
    limit = end + _LONGEST
    while end < limit:
        later = max((until for one in hours for since, until in _around(one, end) if since <= end < until), default=end)
        if later == end:
            break
        end = later
    return min(end, limit) if end > now else None


def _around(hours: QuietHours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the quiet times, aware UTC, that begin on the local day of a moment and on those beside it."""
    zone = ZoneInfo(hours.zone)
    today = moment.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        if day.weekday() in hours.days:
            last = day if hours.start < hours.end else day + _DAY
            since = datetime.combine(day, hours.start, tzinfo=zone)
            until = datetime.combine(last, hours.end, tzinfo=zone)
            yield since.astimezone(UTC), until.astimezone(UTC)
