"""Routes, matches, and the outbox: who is told what, where, and how that went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime, time

    from core.item import Item, ItemId, StoryId
    from core.notices import NoticeKind
    from core.source import Source
    from core.stories import Outlet, Relation, Story, StoryChange

AlertId = NewType("AlertId", int)
RouteId = NewType("RouteId", str)
ChannelId = NewType("ChannelId", str)


class Cadence(StrEnum):
    """When a route tells: at once, or in a digest."""

    NOW = "now"
    DIGEST = "digest"
    BOTH = "both"
    """At once, and again in the digest."""


class GroupBy(StrEnum):
    """What of a route that tells at once is told together."""

    STORY = "story"
    """One alert a story."""
    ITEM = "item"
    """One alert an item, also for further reports of a story."""
    TOPIC = "topic"
    """Stories of one first topic that come within `group_wait` of each other, in one message."""
    JURISDICTION = "jurisdiction"
    """The same by jurisdiction."""
    ROUTE = "route"
    """The same for all of the route."""


class Hold(StrEnum):
    """Why an alert is held back."""

    DIGEST = "digest"
    """For the route's next digest."""
    GROUP = "group"
    """For others of its group."""
    QUIET = "quiet"
    """Until the route's quiet hours end."""
    OVERFLOW = "overflow"
    """The route has told its fill this hour."""
    STORM = "storm"
    """So many alerts came at once, over all routes, that they are told as a digest."""
    CATCH_UP = "catch-up"
    """It was found while a source, or the whole program, caught up with what it had missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A daily time in which a route does not ring. It may pass midnight; equal ends make a whole day."""

    start: time
    """Local, in `zone`."""
    end: time
    days: frozenset[int] = frozenset(range(7))
    """Weekdays on which it begins, Monday 0."""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time in which what it matches is not told; kept in the database, made by `hongtou alerts silence`."""

    id: int
    match: RouteMatch
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_at: datetime
    routes: frozenset[str] = frozenset()
    """Routes it is for; empty for all."""


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
    stages: frozenset[str] = frozenset()
    """Of `core.classification.Stage`."""
    query: str = ""
    """Words wanted in title or text, with AND, OR, NOT, brackets and \"phrases\"; see `core.text_query`."""


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
    group_by: GroupBy = GroupBy.STORY
    group_wait: timedelta = timedelta(minutes=5)
    """How long a group is waited for, from its first alert."""
    quiet: tuple[QuietHours, ...] = ()
    max_per_hour: int = 0
    """Messages told at once in an hour to each channel; what is over it becomes a digest. 0 for no bound."""
    language: str = ""
    """Of our own words; empty for the channel's."""
    template: str = ""
    """Name of the user's templates; empty for the channel's."""


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
    SILENCED = "silenced"
    """A silence kept it back for good; it is counted, and can be listed."""


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
    change: StoryChange | None = None
    """Of an update."""
    notice: NoticeKind | None = None
    """Of a notice."""
    held_for: Hold | None = None
    """Why it is held; None for one that is not."""
    release_at: datetime | None = None
    """When a held one is to be told; None for one that waits for its route's digest."""
    group: str = ""
    """Which held ones are told together, beside route and channel."""


DIGEST_KEY = "/digest"
"""At the end of the dedup key of a row that waits for the digest beside one that is told at once."""


def item_alert_key(route: RouteId, channel: ChannelId, story: StoryId) -> str:
    """Return the dedup key of an item's alert: one a route, channel and story. Its parts hold no `/`."""
    return f"{route}/{channel}/story-{story}"


def digest_key(key: str) -> str:
    """Return the dedup key of the row that waits for the digest, beside one of this key that is told at once."""
    return f"{key}{DIGEST_KEY}"


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
    change: StoryChange | None = None
    notice: NoticeKind | None = None
    held_for: Hold | None = None
    release_at: datetime | None = None
    group: str = ""
    returned: bool = False
    """Whether it is held again because the digest that carried it died; `release_at` is when to try another."""
    silence_id: int | None = None
    """The silence that kept it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item as an alert or digest tells it."""

    item: Item
    source: Source | None
    """None when the source has since left the configuration."""
    reason: str = ""
    """Why the route wanted it."""
    story: StoryTold | None = None
    """What is known of its story; None where nothing but the item is to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletTold:
    """One source's report of a story, with its name and address."""

    outlet: Outlet
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold:
    """A story as an alert tells it."""

    story: Story
    primary: Item | None
    """The authority's own document."""
    outlets: tuple[OutletTold, ...] = ()
    """The first published first."""
    kin: tuple[tuple[Relation, bool, Story], ...] = ()
    """Related stories: the relation, whether this story is the later one, and the other story."""
