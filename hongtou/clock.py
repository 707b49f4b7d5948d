"""The one reader of the system's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The time as the system tells it."""

    def now(self) -> datetime:
        """Return the present, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock that everything else is given
