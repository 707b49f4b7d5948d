"""What decides about pending alerts, and what becomes of them before they are claimed, in SQL."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import func, or_, select, update

from core.alert import AlertId, AlertKind, AlertState, ChannelId, Hold, NewAlert, RouteId
from core.pacing import HOUR, Pace
from storage.alert_rows import alert_of
from storage.tables import AlertRow
from storage.upsert import in_portions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.alert import Alert
    from core.pacing import HeldBack, Lane

_TOLD = (AlertKind.ITEM, AlertKind.UPDATE)


class SqlPacingRepository:
    """Implements `core.delivery_repositories.PacingRepository`."""

    def __init__(self, session: Session, add: Callable[[NewAlert], AlertId | None]) -> None:
        """Take the outbox's own way to add an alert, so that digests are counted like all others."""
        self._session = session
        self._add = add

    def pending(self, *, limit: int) -> tuple[Alert, ...]:
        """Return alerts that are pending and were never tried, the oldest first."""
        row = AlertRow
        waiting = select(row).where(row.state == AlertState.PENDING, row.attempts == 0)
        oldest = waiting.order_by(row.created_at, row.id).limit(limit)
        return tuple(alert_of(one) for one in self._session.scalars(oldest))

    def held(self, *, limit: int) -> tuple[Alert, ...]:
        """Return alerts that are held for something else than their route's digest, the oldest first."""
        row = AlertRow
        held = select(row).where(row.state == AlertState.HELD, row.held_for != Hold.DIGEST)
        return tuple(alert_of(one) for one in self._session.scalars(held.order_by(row.created_at, row.id).limit(limit)))

    def for_digest(self, route: RouteId, channel: ChannelId) -> tuple[Alert, ...]:
        """Return all alerts that are held for a route's digest to a channel, the oldest first."""
        row = AlertRow
        held = select(row).where(row.state == AlertState.HELD, row.held_for == Hold.DIGEST)
        lane = held.where(row.route == route, row.channel == channel).order_by(row.created_at, row.id)
        return tuple(alert_of(one) for one in self._session.scalars(lane))

    def known(self, *, now: datetime) -> Pace:
        """Return what was told in the last hour, which groups are waited for, and whether a storm goes on."""
        row = AlertRow
        waited = select(row.route, row.channel, row.held_group, func.min(row.release_at)).where(
            row.state == AlertState.HELD, row.held_for == Hold.GROUP
        )
        groups = self._session.execute(waited.group_by(row.route, row.channel, row.held_group))
        storm = select(func.max(row.release_at)).where(row.state == AlertState.HELD, row.held_for == Hold.STORM)
        return Pace(
            lately=self._lately(now),
            groups={((_route(route), ChannelId(channel)), group): at for route, channel, group, at in groups if at},
            storm_until=self._session.scalar(storm),
        )

    def _lately(self, now: datetime) -> Mapping[Lane, Sequence[datetime]]:
        """Return when each lane's own messages were sent, or are tried: rows of digests are no messages."""
        row = AlertRow
        under_way = row.state.in_((AlertState.CLAIMED, AlertState.RETRYING))
        recent = select(row.route, row.channel, row.sent_at).where(
            row.kind.in_(_TOLD),
            row.digest_id.is_(None),
            or_(row.sent_at > now - HOUR, under_way),
        )
        found: dict[Lane, list[datetime]] = defaultdict(list)
        for route, channel, sent_at in self._session.execute(recent):
            found[_route(route), ChannelId(channel)].append(sent_at or now)
        return found

    def hold(self, held: Mapping[AlertId, HeldBack]) -> None:
        """Hold pending alerts back."""
        for back in dict.fromkeys(held.values()):
            values = {"state": AlertState.HELD, "held_for": back.hold, "release_at": back.release_at}
            if back.group:
                values["held_group"] = back.group
            self._set([alert_id for alert_id, one in held.items() if one == back], (AlertState.PENDING,), values)

    def silence(self, silenced: Mapping[AlertId, int]) -> None:
        """Keep pending and held alerts back for good, each for a silence."""
        for silence in sorted(set(silenced.values())):
            ids = [alert_id for alert_id, one in silenced.items() if one == silence]
            values = {"state": AlertState.SILENCED, "silence_id": silence, "digest_id": None}
            self._set(ids, (AlertState.PENDING, AlertState.HELD), values)

    def release(self, alert_ids: Collection[AlertId]) -> None:
        """Make held alerts pending again; what waited for its group keeps the group's name."""
        values = {"state": AlertState.PENDING, "held_for": None, "release_at": None, "digest_id": None}
        self._set(list(alert_ids), (AlertState.HELD,), values)

    def bundle(self, alert_ids: Sequence[AlertId], *, now: datetime, why: str) -> AlertId | None:
        """Make one pending digest of held alerts of one route and channel; None when none is held any more."""
        row = AlertRow
        held = select(row).where(row.id.in_(alert_ids), row.state == AlertState.HELD)
        rows = self._session.scalars(held.order_by(row.created_at, row.id).with_for_update()).all()
        return bundle(self._session, rows, now=now, add=self._add, why=why) if rows else None

    def silenced(self, route: RouteId, channel: ChannelId, *, since: datetime | None) -> int:
        """Return how many alerts of a route and channel were silenced since a moment."""
        row = AlertRow
        kept = select(func.count()).where(row.state == AlertState.SILENCED, row.route == route, row.channel == channel)
        if since is not None:
            kept = kept.where(row.created_at >= since)
        return self._session.scalar(kept) or 0

    def _set(self, ids: Sequence[AlertId], states: Sequence[AlertState], values: Mapping[str, object]) -> None:
        for portion in in_portions(ids):
            those = update(AlertRow).where(AlertRow.id.in_(portion), AlertRow.state.in_(states))
            self._session.execute(those.values(**values))
        self._session.expire_all()


def bundle(
    session: Session,
    rows: Sequence[AlertRow],
    *,
    now: datetime,
    add: Callable[[NewAlert], AlertId | None],
    why: str = "",
) -> AlertId | None:
    """Make one pending digest of rows of one route and channel, and put them into it.

    Args:
        session: Of the unit of work.
        rows: At least one.
        now: When it is made.
        add: The outbox's way to add an alert.
        why: Why it is made, where no schedule made it.
    """
    # Its rows say what it tells, and each is in one digest at a time; the key needs only to be its own.
    digest = NewAlert(
        dedup_key=f"digest:{uuid4().hex}",
        kind=AlertKind.DIGEST,
        channel=ChannelId(rows[0].channel),
        route=_route(rows[0].route),
        state=AlertState.PENDING,
        created_at=now,
        reason=why,
    )
    digest_id = add(digest)
    _mark_in_doubt(session, digest_id, rows)
    for one in rows:
        one.state = AlertState.BUNDLED
        one.digest_id = digest_id
    session.flush()
    return digest_id


def _mark_in_doubt(session: Session, digest_id: AlertId | None, rows: Sequence[AlertRow]) -> None:
    """Make a digest a possible repeat when one that carried any of its rows was, and died."""
    row, before = AlertRow, sorted({one.digest_id for one in rows if one.digest_id is not None})
    for portion in in_portions(before):
        doubted = select(row.id).where(row.id.in_(portion), row.possible_repeat.is_(True)).limit(1)
        if session.scalar(doubted) is not None:
            session.execute(update(row).where(row.id == digest_id).values(possible_repeat=True))


def _route(name: str | None) -> RouteId | None:
    return None if name is None else RouteId(name)
