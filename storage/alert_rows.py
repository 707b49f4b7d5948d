"""Between `core.alert` and rows of the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.alert import Alert, AlertId, AlertState, ChannelId, RouteId
from core.item import ItemId

if TYPE_CHECKING:
    from core.alert import NewAlert
    from storage.tables import AlertRow


def alert_values(alert: NewAlert) -> dict[str, Any]:
    """Return the values of a new row of the outbox, by column name."""
    return {
        "dedup_key": alert.dedup_key,
        "kind": alert.kind,
        "channel": alert.channel,
        "route": alert.route,
        "item_id": alert.item_id,
        "state": alert.state,
        "created_at": alert.created_at,
        "reason": alert.reason,
        "subject": alert.subject,
        "body": alert.body,
        "attempts": 0,
        "last_error": "",
        "possible_repeat": False,
    }


def alert_of(row: AlertRow) -> Alert:
    """Return the alert of a row. A held one is in no digest, though its row remembers the last that died."""
    in_digest = row.digest_id is not None and row.state is not AlertState.HELD
    return Alert(
        id=AlertId(row.id),
        dedup_key=row.dedup_key,
        kind=row.kind,
        channel=ChannelId(row.channel),
        state=row.state,
        created_at=row.created_at,
        route=None if row.route is None else RouteId(row.route),
        item_id=None if row.item_id is None else ItemId(row.item_id),
        reason=row.reason,
        subject=row.subject,
        body=row.body,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        claimed_until=row.claimed_until,
        sent_at=row.sent_at,
        last_error=row.last_error,
        possible_repeat=row.possible_repeat,
        digest_id=AlertId(row.digest_id) if in_digest and row.digest_id is not None else None,
    )
