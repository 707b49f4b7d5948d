"""Alerts on their way, in SQL; the only writer of alert states."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, Hold, NewAlert, RouteId
from core.errors import StorageError
from core.retry import MAX_RETRY_AFTER
from storage.alert_rows import alert_of, alert_values
from storage.alert_search import attempts_of, find
from storage.outbox_memory import ADDED, count, forget_keys, prune, totals, was_told
from storage.pacing import bundle
from storage.tables import AlertRow, DeliveryRow, DigestRow, ItemRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.backtest import Span
    from core.delivery_repositories import Attempt, OutboxTotals, WantedAlerts
    from core.item import ItemId

_OPEN = (AlertState.PENDING, AlertState.RETRYING, AlertState.CLAIMED)
"""States of an alert that is still to be delivered by itself."""
_LONGEST_WAIT = MAX_RETRY_AFTER + timedelta(minutes=1)
_FOR_DIGEST = and_(AlertRow.state == AlertState.HELD, AlertRow.held_for == Hold.DIGEST)


class SqlOutboxRepository:
    """Implements `core.repositories.OutboxRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, alert: NewAlert) -> AlertId | None:
        """Store an alert; None when one with this dedup key was stored before, in whatever state it is now.

        Also when that one has since been pruned.
        """
        if was_told(self._session, alert.dedup_key):
            return None
        once = insert_into(self._session, AlertRow).on_conflict_do_nothing(index_elements=["dedup_key"])
        alert_id: int | None = self._session.scalar(once.returning(table_of(AlertRow).c.id), alert_values(alert))
        if alert_id is None:
            return None
        count(self._session, ADDED)
        return AlertId(alert_id)

    def claim(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        only: Sequence[AlertId] = (),
        besides: Collection[ChannelId] = (),
    ) -> tuple[Alert, ...]:
        """Claim alerts that are pending, or retrying and due, or claimed with an expired lease; oldest first.

        An alert of a story waits for those to the same channel that went in before it and are still open. With `only`,
        no others than these; none for channels in `besides`. What was claimed with an expired lease comes back as a
        possible repeat.
        """
        row = AlertRow
        again = row.next_attempt_at
        due = or_(
            row.state == AlertState.PENDING,
            and_(row.state == AlertState.RETRYING, or_(again.is_(None), again <= now, again > now + _LONGEST_WAIT)),
            and_(row.state == AlertState.CLAIMED, or_(row.claimed_until.is_(None), row.claimed_until <= now)),
        )
        oldest = select(row).where(row.state.in_(_OPEN), due, ~_is_preceded())
        oldest = oldest.order_by(row.created_at, row.id).limit(limit)
        if besides:
            oldest = oldest.where(row.channel.not_in(besides))
        if only:
            oldest = oldest.where(row.id.in_(only))
        claimed = self._session.scalars(oldest.with_for_update(skip_locked=True)).all()
        for one in claimed:
            one.possible_repeat = one.possible_repeat or one.state is AlertState.CLAIMED
            one.state = AlertState.CLAIMED
            one.claimed_until = now + lease
        self._session.flush()
        return tuple(alert_of(one) for one in claimed)

    def renew(self, alert_id: AlertId, *, held_until: datetime, until: datetime) -> bool:
        """Let a claim last longer; False when it is no longer the one that ends at `held_until`."""
        row = AlertRow
        mine = (row.id == alert_id, row.state == AlertState.CLAIMED, row.claimed_until == held_until)
        renewed = update(row).where(*mine).values(claimed_until=until).returning(row.id)
        return self._session.scalar(renewed) is not None

    def release_claims(self) -> int:
        """Expire every lease; `claim` then finds those alerts. Returns how many there were."""
        live = update(AlertRow).where(AlertRow.state == AlertState.CLAIMED, AlertRow.claimed_until.is_not(None))
        return len(self._session.scalars(live.values(claimed_until=None).returning(AlertRow.id)).all())

    def give_back(self, alert_id: AlertId) -> None:
        """Undo a claim that was not acted on; does nothing to an alert that is not claimed.

        A repeat that an earlier, expired claim made possible stays marked.
        """
        row = self._row(alert_id)
        if row.state is AlertState.CLAIMED:
            row.state = AlertState.RETRYING if row.attempts else AlertState.PENDING
            row.claimed_until = None
            self._session.flush()

    def mark_sent(self, alert_id: AlertId, *, at: datetime) -> None:
        """The channel accepted it. A digest's rows become sent with it.

        An alert that another already sent, or gave up, becomes sent all the same: the channel has it.
        """
        row = self._deliverable(alert_id)
        self._count(row, AlertState.SENT, error="", at=at)
        row.state = AlertState.SENT
        row.sent_at = row.sent_at or at
        row.last_error = ""
        row.claimed_until = None
        self._session.flush()
        self._set_members(row, AlertState.SENT, sent_at=at)

    def mark_retry(self, alert_id: AlertId, *, error: str, next_attempt_at: datetime, in_doubt: bool = False) -> None:
        """It failed for now; counts an attempt. With `in_doubt` further ones may repeat it, and are marked so.

        The failure of a claim that had expired does not bring back an alert that is sent or dead by now.
        """
        row = self._deliverable(alert_id)
        self._count(row, AlertState.RETRYING, error=error)
        if row.state in _OPEN:
            row.state = AlertState.RETRYING
            row.last_error = error
            row.next_attempt_at = next_attempt_at
            row.claimed_until = None
            row.possible_repeat = row.possible_repeat or in_doubt
        self._session.flush()

    def mark_dead(
        self, alert_id: AlertId, *, error: str, again_at: datetime | None = None, in_doubt: bool = False
    ) -> None:
        """It will not be tried again; counts an attempt. A dead digest's rows go back to held.

        Those that no schedule will take up are due again at `again_at`. An alert that is sent by now stays sent. With
        `in_doubt` it is marked as a possible repeat when it is revived.
        """
        row = self._deliverable(alert_id)
        self._count(row, AlertState.DEAD, error=error)
        if row.state in _OPEN:
            row.state = AlertState.DEAD
            row.last_error = error
            row.claimed_until = None
            row.possible_repeat = row.possible_repeat or in_doubt
            self._set_members(row, AlertState.HELD)
            self._postpone(row, again_at)
        self._session.flush()

    def revive(self, alert_id: AlertId) -> bool:
        """Make a dead alert pending again, with all its attempts before it; False when it is not dead.

        Also False for a digest whose rows have all gone into a later one: there is nothing left to tell.
        """
        row = self._row(alert_id)
        if row.state is not AlertState.DEAD:
            return False
        if row.kind is AlertKind.DIGEST and not self._set_members(row, AlertState.BUNDLED):
            return False
        row.state = AlertState.PENDING
        row.attempts = 0
        row.next_attempt_at = None
        self._session.flush()
        return True

    def held_routes(self) -> tuple[tuple[RouteId, ChannelId], ...]:
        """Return the (route, channel) pairs that have held rows, in order."""
        held = select(AlertRow.route, AlertRow.channel).where(_FOR_DIGEST).distinct()
        pairs = self._session.execute(held)
        return tuple(sorted((RouteId(route), ChannelId(channel)) for route, channel in pairs if route is not None))

    def bundle(self, *, route: RouteId, channel: ChannelId, now: datetime, limit: int, why: str = "") -> AlertId | None:
        """Make one pending digest of at most `limit` rows held for a route and channel, oldest first; None if none."""
        row = AlertRow
        held = select(row).where(_FOR_DIGEST, row.route == route, row.channel == channel)
        oldest = held.order_by(row.created_at, row.id).limit(limit)
        rows = self._session.scalars(oldest.with_for_update()).all()
        if not rows:
            return None
        return bundle(self._session, rows, now=now, add=self.add, why=why)

    def tell_members(self, digest_id: AlertId, item_ids: Collection[ItemId], *, at: datetime) -> None:
        """Settle rows of a digest that is about to die as sent: those about these items, which parts of it told."""
        row = AlertRow
        carried = (row.digest_id == digest_id, row.state == AlertState.BUNDLED)
        for portion in in_portions(sorted(item_ids)):
            told = update(row).where(*carried, row.item_id.in_(portion))
            self._session.execute(told.values(state=AlertState.SENT, sent_at=at))

    def members(self, digest_id: AlertId) -> tuple[Alert, ...]:
        """Return the rows that a digest carries, oldest first."""
        row = AlertRow
        carried = select(row).where(row.digest_id == digest_id, row.state != AlertState.HELD)
        return tuple(alert_of(one) for one in self._session.scalars(carried.order_by(row.created_at, row.id)))

    def get(self, alert_id: AlertId) -> Alert | None:
        """Return one alert."""
        row = self._session.scalar(select(AlertRow).where(AlertRow.id == alert_id))
        return alert_of(row) if row else None

    def list(self, *, states: Sequence[AlertState] = (), limit: int = 100) -> tuple[Alert, ...]:
        """Return alerts, newest first; all states when none is given."""
        row = AlertRow
        wanted = select(row).order_by(row.created_at.desc(), row.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(row.state.in_(states))
        return tuple(alert_of(one) for one in self._session.scalars(wanted))

    def find(self, wanted: WantedAlerts, *, limit: int) -> tuple[Alert, ...]:
        """Return the alerts that are looked for, newest first."""
        return find(self._session, wanted, limit=limit)

    def attempts(self, alert_id: AlertId) -> tuple[Attempt, ...]:
        """Return all attempts to deliver an alert, the oldest first."""
        return attempts_of(self._session, alert_id)

    def counts(self) -> Mapping[AlertState, int]:
        """Return how many alerts are in each state; absent states have none."""
        counted = select(AlertRow.state, func.count()).group_by(AlertRow.state)
        return dict(self._session.execute(counted).all())

    def totals(self) -> OutboxTotals:
        """Return how many alerts ever went in, and what became of them."""
        return totals(self._session, self.counts())

    def oldest(self, states: Sequence[AlertState]) -> datetime | None:
        """Return when the oldest alert in one of these states was made, aware UTC; None when there is none."""
        return self._session.scalar(select(func.min(AlertRow.created_at)).where(AlertRow.state.in_(states)))

    def count_sent(self, *, since: datetime) -> int:
        """Return how many messages were accepted since a moment; rows that a digest carried are none."""
        row = AlertRow
        messages = select(func.count()).where(row.sent_at >= since, row.digest_id.is_(None))
        return self._session.scalar(messages) or 0

    def prune(self, *, before: datetime, now: datetime, limit: int) -> int:
        """Forget at most `limit` alerts created before a moment that have reached their end, but for their keys.

        A bundled alert has reached its end when its digest has; it goes first, so that none is left without.
        """
        return prune(self._session, before=before, now=now, limit=limit)

    def forget_keys(self, *, before: datetime, limit: int) -> int:
        """Forget at most `limit` dedup keys of alerts pruned before a moment; return how many."""
        return forget_keys(self._session, before=before, limit=limit)

    def delivered_at(self, route: RouteId, channel: ChannelId) -> datetime | None:
        """Return when a route's last digest was accepted by a channel; None when none is remembered."""
        row = AlertRow
        digests = (row.kind == AlertKind.DIGEST, row.route == route, row.channel == channel)
        return self._session.scalar(select(func.max(row.sent_at)).where(*digests, row.state == AlertState.SENT))

    def channels_told(self, item_id: ItemId) -> tuple[ChannelId, ...]:
        """Return the channels that were or will be told of an item, by any route; dead alerts do not count."""
        row = AlertRow
        told = select(row.channel).where(
            row.item_id == item_id, row.kind == AlertKind.ITEM, row.state != AlertState.DEAD
        )
        return tuple(sorted(ChannelId(channel) for channel in self._session.scalars(told.distinct())))

    def item_keys(self, span: Span) -> frozenset[str]:
        """Return the dedup keys of all alerts about single items of a span."""
        row = AlertRow
        about = select(row.dedup_key).where(
            row.item_id >= span.first, row.item_id <= span.last, row.kind == AlertKind.ITEM
        )
        young = select(ItemRow.id).where(ItemRow.id == row.item_id, ItemRow.first_seen_at >= span.since).exists()
        return frozenset(self._session.scalars(about.where(young)))

    def stored_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these dedup keys that alerts have, in whatever state."""
        found: set[str] = set()
        for portion in in_portions(sorted(keys)):
            found.update(self._session.scalars(select(AlertRow.dedup_key).where(AlertRow.dedup_key.in_(portion))))
        return frozenset(found)

    def digest_closed_at(self, route: RouteId) -> datetime | None:
        """Return when a route's digest was last closed (fired), or None."""
        return self._session.scalar(select(DigestRow.closed_at).where(DigestRow.route == route))

    def set_digest_closed_at(self, route: RouteId, at: datetime) -> None:
        """Remember when a route's digest was last closed."""
        closed = insert_into(self._session, DigestRow)
        anew = closed.on_conflict_do_update(index_elements=["route"], set_={"closed_at": closed.excluded.closed_at})
        self._session.execute(anew, {"route": route, "closed_at": at})

    def _row(self, alert_id: AlertId) -> AlertRow:
        row = self._session.scalar(select(AlertRow).where(AlertRow.id == alert_id).with_for_update())
        if row is None:
            raise StorageError(f"Alert {alert_id} is not stored.")
        return row

    def _deliverable(self, alert_id: AlertId) -> AlertRow:
        row = self._row(alert_id)
        if row.state in (AlertState.HELD, AlertState.BUNDLED):
            raise ValueError(f"alert {alert_id} is {row.state}: its digest is delivered, not itself")
        return row

    def _count(self, row: AlertRow, outcome: AlertState, *, error: str, at: datetime | None = None) -> None:
        row.attempts += 1
        delivery = DeliveryRow(alert_id=row.id, attempt=row.attempts, outcome=outcome, error=error)
        if at is not None:
            delivery.at = at
        self._session.add(delivery)

    def _postpone(self, digest: AlertRow, again_at: datetime | None) -> None:
        row = AlertRow
        held = (row.digest_id == digest.id, row.state == AlertState.HELD, row.held_for != Hold.DIGEST)
        self._session.execute(update(row).where(*held).values(release_at=again_at))

    def _set_members(self, digest: AlertRow, state: AlertState, *, sent_at: datetime | None = None) -> int:
        """Move the rows that a digest carries, or carried last, to a state; return how many."""
        if digest.kind is not AlertKind.DIGEST:
            return 0
        row = AlertRow
        carried = update(row).where(row.digest_id == digest.id, row.state.in_((AlertState.BUNDLED, AlertState.HELD)))
        moved = carried.values(state=state, sent_at=sent_at).returning(row.id)
        return len(self._session.scalars(moved).all())


def _is_preceded() -> ColumnElement[bool]:
    """Whether an alert of the same story and channel went in before, and is still to be delivered."""
    row, earlier = AlertRow, aliased(AlertRow)
    same = (earlier.story_id == row.story_id, earlier.channel == row.channel, earlier.id < row.id)
    return select(earlier.id).where(*same, earlier.state.in_(_OPEN)).correlate(row).exists()
