"""Hours and days in which a feed asks to be left alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_CLOSING = timedelta(days=1)
"""No feed is left alone for longer than this on its own wish, whatever it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTimes:
    """`skipHours` and `skipDays` of a feed.

    Source: RSS 2.0.11 specification: hours 0 to 23 in GMT, and days by their English names, in which aggregators may
    not read the channel.
    """

    hours: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    """Monday is 0."""

    def next_open(self, at: datetime) -> datetime:
        """Return the first moment from one on at which the feed may be asked: that moment, or a full hour after it.

        Args:
            at: Aware moment.

        Returns:
            Aware UTC, at most `LONGEST_CLOSING` later.
        """
        moment = at.astimezone(UTC)
        while self._is_closed(moment):
            moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            if moment - at >= LONGEST_CLOSING:
                return at.astimezone(UTC) + LONGEST_CLOSING
        return moment

    def _is_closed(self, moment: datetime) -> bool:
        return moment.hour in self.hours or moment.weekday() in self.weekdays
