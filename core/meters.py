"""What is counted while the daemon runs; a use case tells it, and knows nothing of who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from core.alert import Alert
    from core.item import Item
    from core.outcome import DeliveryReport, PollOutcome
    from core.source import Source


class Meters(Protocol):
    """Counts what happens. Called from any thread; never raises, never waits."""

    def polled(self, outcome: PollOutcome) -> None:
        """Count a poll that has ended."""
        ...

    def stored(self, item: Item, source: Source, *, at: datetime) -> None:
        """Count a new item, and how long after its publication it was stored."""
        ...

    def delivered(self, alert: Alert, report: DeliveryReport, *, at: datetime) -> None:
        """Count an attempt to deliver an alert, and when it was accepted, how long after it was made."""
        ...

    def told(self, item: Item, source: Source, *, at: datetime) -> None:
        """Note that a channel accepted what told of one item, and how long after its publication."""
        ...


class NoMeters:
    """Counts nothing: for commands, and where nobody asks."""

    def polled(self, outcome: PollOutcome) -> None:
        """Do nothing."""

    def stored(self, item: Item, source: Source, *, at: datetime) -> None:
        """Do nothing."""

    def delivered(self, alert: Alert, report: DeliveryReport, *, at: datetime) -> None:
        """Do nothing."""

    def told(self, item: Item, source: Source, *, at: datetime) -> None:
        """Do nothing."""
