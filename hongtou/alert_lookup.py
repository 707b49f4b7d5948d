"""Gathers all that is known of one alert, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alert import AlertKind

if TYPE_CHECKING:
    from core.alert import Alert, AlertId, Silence
    from core.delivery_repositories import Attempt, StoredPart
    from core.item import Item
    from core.repositories import UnitOfWork
    from core.stories import Story

_MOST_SILENCES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDetails:
    """All that is known of an alert."""

    alert: Alert
    item: Item | None
    story: Story | None
    attempts: tuple[Attempt, ...]
    parts: tuple[StoredPart, ...]
    members: tuple[Alert, ...]
    """What a digest carries."""
    silence: Silence | None
    """What kept it back."""


def look_up_alert(uow: UnitOfWork, alert_id: AlertId) -> AlertDetails | None:
    """Return all that is known of an alert; None where there is none, or it was pruned."""
    alert = uow.outbox.get(alert_id)
    if alert is None:
        return None
    item = uow.items.get(alert.item_id) if alert.item_id is not None else None
    silences = uow.silences.all(limit=_MOST_SILENCES) if alert.silence_id is not None else ()
    return AlertDetails(
        alert=alert,
        item=item,
        story=uow.stories.get(item.story_id) if item is not None and item.story_id is not None else None,
        attempts=uow.outbox.attempts(alert_id),
        parts=uow.parts.of(alert_id),
        members=uow.outbox.members(alert_id) if alert.kind is AlertKind.DIGEST else (),
        silence=next((one for one in silences if one.id == alert.silence_id), None),
    )
