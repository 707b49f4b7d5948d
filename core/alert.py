"""Routes, matches, and the outbox: who is told what, where, and how that went."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from core.item import Item, ItemId, StoryId
    from core.source import Source
    from core.stories import StoryChange

AlertId = NewType("AlertId", int)
RouteId = NewType("RouteId", str)
ChannelId = NewType("ChannelId", str)


class Cadence(StrEnum):
    """When a route tells: at once, or in a digest."""

    NOW = "now"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMatch:
    """What a route wants. An empty field matches everything; a jurisdiction also matches its parts (`cn` ⊇ `cn-sh`)."""

    topics: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    min_score: float = 0.0
    """Besides being relevant, an item must have at least this score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way from items to channels; routes are tried in order and the first match ends unless `continue_`."""

    id: RouteId
    match: RouteMatch = field(default_factory=RouteMatch)
    channels: tuple[ChannelId, ...] = ()
    cadence: Cadence = Cadence.NOW
    cron: str = ""
    """Five-field cron expression of a digest."""
    zone: str = "Asia/Shanghai"
    """IANA zone in which `cron` is read."""
    continue_: bool = False
    updates: frozenset[StoryChange] = frozenset()
    """Of what in a story that it was told of the route wants to hear again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One route that wants one item."""

    route: Route
    reason: str
    """Which conditions were met, for a person."""


class AlertKind(StrEnum):
    """What an outbox row carries."""

    ITEM = "item"
    """One item (story), for a route that tells at once, or held for a digest."""
    UPDATE = "update"
    """Something new in a story that the channel was told of, for routes that ask for it."""
    DIGEST = "digest"
    """A bundle of held rows."""
    NOTICE = "notice"
    """Operator notice: a source incident, a dead delivery."""
    TEST = "test"


class AlertState(StrEnum):
    """Where an alert is on its way.

    held → bundled (in a digest) → sent; pending → claimed → sent | retrying → … | dead.
    A bundled row goes back to held when its digest dies.
    """

    HELD = "held"
    BUNDLED = "bundled"
    PENDING = "pending"
    CLAIMED = "claimed"
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to be put into the outbox, once: a second one with the same `dedup_key` is not stored."""

    dedup_key: str
    kind: AlertKind
    channel: ChannelId
    state: AlertState
    created_at: datetime
    route: RouteId | None = None
    item_id: ItemId | None = None
    reason: str = ""
    subject: str = ""
    """For notices and tests; items and digests are rendered when they are sent."""
    body: str = ""


def item_alert_key(route: RouteId, channel: ChannelId, story: StoryId) -> str:
    """Return the dedup key of an item's alert: one a route, channel and story. Its parts hold no `/`."""
    return f"{route}/{channel}/story-{story}"


def update_alert_key(route: RouteId, channel: ChannelId, *, story: StoryId, change: StoryChange, item: ItemId) -> str:
    """Return the dedup key of an update: one a route, channel, story, change and item."""
    return f"{route}/{channel}/story-{story}/{change.value}-{item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the outbox."""

    id: AlertId
    dedup_key: str
    kind: AlertKind
    channel: ChannelId
    state: AlertState
    created_at: datetime
    route: RouteId | None = None
    item_id: ItemId | None = None
    reason: str = ""
    subject: str = ""
    body: str = ""
    attempts: int = 0
    next_attempt_at: datetime | None = None
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    last_error: str = ""
    possible_repeat: bool = False
    """True when an earlier claim ended without a result: the channel may have accepted it already."""
    digest_id: AlertId | None = None
    """The digest that carries this row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item as an alert or digest tells it."""

    item: Item
    source: Source | None
    """None when the source has since left the configuration."""
    reason: str = ""
    """Why the route wanted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel is given, in every form it may want."""

    subject: str
    """One line of plain text."""
    text: str
    """Plain text."""
    html: str
    """A whole HTML document, safe against hostile titles."""
    markdown: str
    """Slack-flavoured markdown, escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place that can be told, by name; its address is a secret of the alerts package."""

    id: ChannelId
    scheme: str
    """Scheme of its address, `mailtos`, `slack`, `terminal`: safe to show."""
