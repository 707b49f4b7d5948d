"""What a rehearsal left in the daemon's database, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alert import Alert, AlertKind, AlertState

if TYPE_CHECKING:
    from core.item import Item
    from core.source import SourceState

_UNSETTLED = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING, AlertState.HELD, AlertState.BUNDLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the database holds."""

    items: tuple[Item, ...]
    """By id."""
    alerts: tuple[Alert, ...]
    """By id."""
    sources: tuple[SourceState, ...]

    @property
    def is_settled(self) -> bool:
        """Whether every alert has reached its end."""
        return not any(alert.state in _UNSETTLED for alert in self.alerts)

    def told(self, route: str) -> tuple[Alert, ...]:
        """Return the item alerts of a route that were accepted by their channel."""
        return tuple(
            alert
            for alert in self.alerts
            if alert.kind is AlertKind.ITEM and alert.route == route and alert.state is AlertState.SENT
        )
