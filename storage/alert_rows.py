"""Between `core.alert` and rows of the outbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, Hold, RouteId
from core.item import ItemId

if TYPE_CHECKING:
    from core.alert import NewAlert
    from storage.tables import AlertRow


_STORY = re.compile(r"[^/]+/[^/]+/story-(\d+)(?:/|$)")
"""Of keys of `core.alert.item_alert_key` and `update_alert_key`."""
_OF_STORIES = (AlertKind.ITEM, AlertKind.UPDATE)


def story_told_of(alert: NewAlert) -> int | None:
    """Return the story that an alert tells of, as its key names it; None for digests, notices and tests."""
    named = _STORY.match(alert.dedup_key) if alert.kind in _OF_STORIES else None
    return int(named[1]) if named else None


def alert_values(alert: NewAlert) -> dict[str, Any]:
    """Return the values of a new row of the outbox, by column name."""
    return {
        "dedup_key": alert.dedup_key,
        "kind": alert.kind,
        "channel": alert.channel,
        "route": alert.route,
        "item_id": alert.item_id,
        "story_id": story_told_of(alert),
        "state": alert.state,
        "created_at": alert.created_at,
        "reason": alert.reason,
        "subject": alert.subject,
        "body": alert.body,
        "attempts": 0,
        "last_error": "",
        "possible_repeat": False,
        "change": alert.change,
        "notice": alert.notice,
        "held_for": alert.held_for or (Hold.DIGEST if alert.state is AlertState.HELD else None),
        "release_at": alert.release_at,
        "held_group": alert.group,
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
        change=row.change,
        notice=row.notice,
        held_for=row.held_for if row.state in (AlertState.HELD, AlertState.BUNDLED) else None,
        release_at=row.release_at if row.state is AlertState.HELD else None,
        group=row.held_group,
        returned=row.state is AlertState.HELD and row.digest_id is not None,
        silence_id=row.silence_id,
    )
