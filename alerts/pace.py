"""Keeps a least time between two messages to one channel, by a clock that nobody sets. Knows nothing of alerts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """One channel's pace; stands in for Apprise's own, which reads the wall clock and stalls when that is set back.

    Used by one thread at a time.
    """

    def __init__(self, gap_s: Callable[[], float]) -> None:
        """Take the gap.

        Args:
            gap_s: Tells the least time between two requests in seconds, each time it is needed.
        """
        self._gap_s = gap_s
        self._last: float | None = None

    @property
    def due_in_s(self) -> float:
        """Seconds until the next request may go out; 0 when it may now."""
        if self._last is None:
            return 0.0
        return max(0.0, self._last + self._gap_s() - time.monotonic())

    def follow(self, other: Pace) -> None:
        """Go on from the last request of another pace."""
        self._last = other._last

    def wait(self, last_io: object = None, wait: float | None = None) -> None:
        """Sleep until the next request may go out, and count it as gone.

        Args:
            last_io: Apprise's, of no use here.
            wait: Least seconds to sleep now, where a service found that it must.
        """
        del last_io
        if (pause := max(self.due_in_s, wait or 0.0)) > 0:
            time.sleep(pause)
        self._last = time.monotonic()
