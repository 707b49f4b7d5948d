"""What a use case may ask of the database about alerts on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from core.alert import Alert, AlertId, AlertState, ChannelId, NewAlert, RouteId
    from core.backtest import Span
    from core.delivery_repositories import Attempt, OutboxTotals, WantedAlerts
    from core.item import ItemId


class OutboxRepository(Protocol):
    """Alerts on their way. The only writer of alert states."""

    def add(self, alert: NewAlert) -> AlertId | None:
        """Store an alert; None when one with this dedup key was stored before, in whatever state it is now."""
        ...

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

        An alert of a story waits for those to the same channel that went in before it and are still open. What is to be
        tried again later than anything is put off for, because the clock was wrong, is due. The last kind comes back
        with `possible_repeat` set, durably.

        Args:
            now: The present, aware UTC.
            limit: How many at most.
            lease: How long nobody else claims them.
            only: No others than these; empty for all.
            besides: Channels for which none is claimed.
        """
        ...

    def renew(self, alert_id: AlertId, *, held_until: datetime, until: datetime) -> bool:
        """Let a claim last longer; False when it is no longer the one that ends at `held_until`."""
        ...

    def release_claims(self) -> int:
        """Expire every lease, at start when no other process can hold one; `claim` then finds those alerts."""
        ...

    def give_back(self, alert_id: AlertId) -> None:
        """Undo a claim that was not acted on: back to pending (or retrying), no attempt counted, no repeat marked."""
        ...

    def mark_sent(self, alert_id: AlertId, *, at: datetime) -> None:
        """The channel accepted it. A digest's rows become sent with it."""
        ...

    def mark_retry(self, alert_id: AlertId, *, error: str, next_attempt_at: datetime, in_doubt: bool = False) -> None:
        """It failed for now; counts an attempt. With `in_doubt` further ones may repeat it, and are marked so."""
        ...

    def mark_dead(
        self, alert_id: AlertId, *, error: str, again_at: datetime | None = None, in_doubt: bool = False
    ) -> None:
        """It will not be tried again; counts an attempt. A dead digest's rows go back to held.

        Args:
            alert_id: The alert.
            error: What the channel said.
            again_at: When the rows of a digest that no schedule made are to be told again.
            in_doubt: Whether the channel may have taken it all the same; when it is revived, it says so.
        """
        ...

    def revive(self, alert_id: AlertId) -> bool:
        """Make a dead alert pending again; False when it is not dead."""
        ...

    def held_routes(self) -> tuple[tuple[RouteId, ChannelId], ...]:
        """Return the (route, channel) pairs that have held rows."""
        ...

    def bundle(self, *, route: RouteId, channel: ChannelId, now: datetime, limit: int, why: str = "") -> AlertId | None:
        """Make one pending digest of at most `limit` rows held for a route and channel, oldest first; None if none."""
        ...

    def tell_members(self, digest_id: AlertId, item_ids: Collection[ItemId], *, at: datetime) -> None:
        """Settle rows of a digest that is about to die as sent: those about these items, which parts of it told."""
        ...

    def members(self, digest_id: AlertId) -> tuple[Alert, ...]:
        """Return the rows that a digest carries, oldest first."""
        ...

    def get(self, alert_id: AlertId) -> Alert | None:
        """Return one alert."""
        ...

    def list(self, *, states: Sequence[AlertState] = (), limit: int = 100) -> tuple[Alert, ...]:
        """Return alerts, newest first; all states when none is given."""
        ...

    def find(self, wanted: WantedAlerts, *, limit: int) -> tuple[Alert, ...]:
        """Return the alerts that are looked for, newest first."""
        ...

    def attempts(self, alert_id: AlertId) -> tuple[Attempt, ...]:
        """Return all attempts to deliver an alert, the oldest first; those of a digest count for it alone."""
        ...

    def counts(self) -> Mapping[AlertState, int]:
        """Return how many alerts are in each state; absent states have none."""
        ...

    def totals(self) -> OutboxTotals:
        """Return how many alerts ever went in, and what became of them."""
        ...

    def oldest(self, states: Sequence[AlertState]) -> datetime | None:
        """Return when the oldest alert in one of these states was made, aware UTC; None when there is none."""
        ...

    def count_sent(self, *, since: datetime) -> int:
        """Return how many messages were accepted since a moment; rows that a digest carried are none."""
        ...

    def prune(self, *, before: datetime, now: datetime, limit: int) -> int:
        """Forget at most `limit` alerts created before a moment that have reached their end; return how many.

        Their dedup keys are remembered: none of them is ever told again.
        """
        ...

    def forget_keys(self, *, before: datetime, limit: int) -> int:
        """Forget at most `limit` dedup keys of alerts pruned before a moment; return how many."""
        ...

    def delivered_at(self, route: RouteId, channel: ChannelId) -> datetime | None:
        """Return when a route's last digest was accepted by a channel; None when none is remembered."""
        ...

    def channels_told(self, item_id: ItemId) -> tuple[ChannelId, ...]:
        """Return the channels that were or will be told of an item, by any route; dead alerts do not count."""
        ...

    def item_keys(self, span: Span) -> frozenset[str]:
        """Return the dedup keys of all alerts about single items of a span."""
        ...

    def stored_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these dedup keys that alerts have, in whatever state."""
        ...

    def digest_closed_at(self, route: RouteId) -> datetime | None:
        """Return when a route's digest was last closed (fired), or None."""
        ...

    def set_digest_closed_at(self, route: RouteId, at: datetime) -> None:
        """Remember when a route's digest was last closed."""
        ...
