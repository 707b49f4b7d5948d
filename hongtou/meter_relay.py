"""Passes counts on to whoever wants them now: pages for operations may be switched on while the daemon runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.meters import Meters, NoMeters

if TYPE_CHECKING:
    from datetime import datetime

    from core.alert import Alert
    from core.item import Item
    from core.outcome import DeliveryReport, PollOutcome
    from core.source import Source


class MeterRelay:
    """Implements `core.meters.Meters` by another one, which can be replaced in any thread."""

    def __init__(self) -> None:
        self._to: Meters = NoMeters()

    def use(self, meters: Meters) -> None:
        """Pass everything on to other meters from now on."""
        self._to = meters

    def polled(self, outcome: PollOutcome) -> None:
        """Pass a poll on."""
        self._to.polled(outcome)

    def stored(self, item: Item, source: Source, *, at: datetime) -> None:
        """Pass a new item on."""
        self._to.stored(item, source, at=at)

    def delivered(self, alert: Alert, report: DeliveryReport, *, at: datetime) -> None:
        """Pass a delivery on."""
        self._to.delivered(alert, report, at=at)

    def told(self, item: Item, source: Source, *, at: datetime) -> None:
        """Pass on that an item was told."""
        self._to.told(item, source, at=at)
