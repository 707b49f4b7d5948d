"""What a use case may ask of the database about pacing, parts and silences of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, Hold, RouteId, Silence
    from core.item import StoryId
    from core.message import Part
    from core.pacing import HeldBack, Pace


class PacingRepository(Protocol):
    """What decides about pending alerts, and what becomes of them before they are claimed."""

    def pending(self, *, limit: int) -> tuple[Alert, ...]:
        """Return alerts that are pending and were never tried, the oldest first."""
        ...

    def held(self, *, limit: int) -> tuple[Alert, ...]:
        """Return alerts that are held for something else than their route's digest, the oldest first."""
        ...

    def for_digest(self, route: RouteId, channel: ChannelId) -> tuple[Alert, ...]:
        """Return all alerts that are held for a route's digest to a channel, the oldest first."""
        ...

    def known(self, *, now: datetime) -> Pace:
        """Return what was told in the last hour, which groups are waited for, and whether a storm goes on."""
        ...

    def hold(self, held: Mapping[AlertId, HeldBack]) -> None:
        """Hold pending alerts back."""
        ...

    def silence(self, silenced: Mapping[AlertId, int]) -> None:
        """Keep pending and held alerts back for good, each for a silence."""
        ...

    def release(self, alert_ids: Collection[AlertId]) -> None:
        """Make held alerts pending again; what waited for its group keeps the group's name."""
        ...

    def bundle(self, alert_ids: Sequence[AlertId], *, now: datetime, why: str) -> AlertId | None:
        """Make one pending digest of held alerts of one route and channel; None when none is held any more."""
        ...

    def silenced(self, route: RouteId, channel: ChannelId, *, since: datetime | None) -> int:
        """Return how many alerts of a route and channel were silenced since a moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """One part of an alert as it was first rendered."""

    part: Part
    sent_at: datetime | None
    """None while the channel has not accepted it."""
    marked: Part | None = None
    """The same part as a possible repeat says it; None where the alert has but one, which is rendered anew then."""


class PartRepository(Protocol):
    """The parts in which alerts are sent: rendered once, so that a retry sends exactly what is missing."""

    def of(self, alert_id: AlertId) -> tuple[StoredPart, ...]:
        """Return an alert's parts in order; empty before it was rendered."""
        ...

    def put(self, alert_id: AlertId, parts: Sequence[StoredPart]) -> None:
        """Store the parts of an alert, in place of those it had."""
        ...

    def mark_sent(self, alert_id: AlertId, number: int, *, at: datetime) -> None:
        """The channel accepted a part."""
        ...


class SilenceRepository(Protocol):
    """Silences that users made."""

    def add(self, silence: Silence) -> int:
        """Store a silence (its `id` is ignored); return its id."""
        ...

    def end(self, silence_id: int, *, at: datetime) -> bool:
        """End a silence now; False when there is none, or it has ended."""
        ...

    def active(self, *, at: datetime) -> tuple[Silence, ...]:
        """Return the silences that hold at a moment, the oldest first."""
        ...

    def all(self, *, limit: int) -> tuple[Silence, ...]:
        """Return silences, the newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAlerts:
    """Which alerts are looked for; what is empty or None asks for nothing."""

    states: Sequence[AlertState] = ()
    kinds: Sequence[AlertKind] = ()
    routes: Sequence[RouteId] = ()
    channels: Sequence[ChannelId] = ()
    story: StoryId | None = None
    """Alerts about items of it."""
    since: datetime | None = None
    """Made at this moment or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to deliver an alert."""

    number: int
    """From 1; from 1 again where a dead alert was revived."""
    at: datetime
    outcome: AlertState
    """Sent, retrying or dead."""
    error: str
    """What the channel said; empty where it accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxTotals:
    """All alerts that ever went into the outbox, and what became of them."""

    added: int
    """Counted when they were added."""
    states: Mapping[AlertState, int]
    """Those that are there."""
    pruned: Mapping[AlertState, int]
    """Those that were forgotten, by their last state."""
    holds: Mapping[Hold, int]
    """Of those held, for what."""

    @property
    def found(self) -> int:
        """How many can be accounted for."""
        return sum(self.states.values()) + sum(self.pruned.values())

    @property
    def missing(self) -> int:
        """How many cannot; anything but 0 is a fault of the program, or of whoever edited the database."""
        return self.added - self.found
