"""What is told to a channel: its content, the form that the channel takes, and the parts it is sent in. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.alert import AlertKind, ChannelId, RouteId, Told
    from core.notices import NoticeKind
    from core.source import SourceId
    from core.stories import StoryChange


BRIEFEST = 3
"""The highest brevity: only how much there is, and where to find it."""


class ChannelKind(StrEnum):
    """Which service a channel is, as far as messages for it differ; each has templates of its own."""

    EMAIL = "email"
    SLACK = "slack"
    TELEGRAM = "telegram"
    DISCORD = "discord"
    FEISHU = "feishu"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    NTFY = "ntfy"
    WEBHOOK = "webhook"
    """Our own signed JSON."""
    TERMINAL = "terminal"
    OTHER = "other"
    """Any other service of Apprise: plain text."""


class Unit(StrEnum):
    """In what a service counts the length of a message."""

    CHARACTERS = "characters"
    """Code points."""
    UTF16 = "utf-16"
    """UTF-16 code units, as Telegram and Discord do."""
    BYTES = "bytes"
    """Bytes of UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelForm:
    """In what form one channel takes messages."""

    channel: ChannelId
    kind: ChannelKind
    max_title: int
    """Longest title in `unit`; 0 where the service shows none apart from the body."""
    max_body: int
    """Longest body of one message in `unit`, markup included; 0 for no bound."""
    unit: Unit = Unit.CHARACTERS
    language: str = "en"
    """Of our own words: `en` or `zh`."""
    template: str = ""
    """Name of the user's templates for it; empty for the shipped ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSource:
    """A source that a digest names at its foot, because it has been unusually quiet or failing."""

    source_id: SourceId
    name: str
    fault: str
    """In a word: `blocked`, `silent`."""
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFrame:
    """What a digest tells beside its stories."""

    since: datetime | None
    """When the last digest of the route was delivered; None for the first."""
    why: str = ""
    """Why it was made, where it is not the route's own schedule: `11 alerts came during quiet hours`."""
    week: tuple[tuple[str, int], ...] = ()
    """Relevant stories of the last seven days, (day as YYYY-MM-DD in the route's zone, count), oldest first."""
    quiet: tuple[QuietSource, ...] = ()
    silenced: int = 0
    """Alerts of the route that silences kept back since the last digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that one alert tells, before it is put into any form."""

    kind: AlertKind
    now: datetime
    """Aware UTC."""
    told: tuple[Told, ...] = ()
    """One for an item or update, all of a digest; none for notices and tests."""
    route: RouteId | None = None
    zone: str = "Asia/Shanghai"
    """IANA zone of the route, in which times are told beside UTC."""
    change: StoryChange | None = None
    """What an update is about."""
    frame: DigestFrame | None = None
    notice: NoticeKind | None = None
    subject: str = ""
    """Of notices and tests."""
    body: str = ""
    possible_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message as a channel is sent it; long contents become several."""

    number: int
    """From 1."""
    count: int
    subject: str
    """One line of plain text; with `2/3` where there are several."""
    body: str
    """In the channel's own markup; for mail a whole HTML document."""
    text: str = ""
    """Plain text beside the markup: the other half of a mail, the fallback of a chat message."""
    data: Mapping[str, object] = field(default_factory=dict)
    """Structured fields for channels that take JSON: Slack blocks, a Feishu card, a webhook's payload."""
    thread: str = ""
    """Stable name of the story it belongs to, for threading; empty for digests and notices."""
    items: int = 0
    """How many items or stories it tells."""
    stories: tuple[int, ...] = ()
    """Numbers of the stories that it tells; an item without a story counts by its own number."""
    more: int = 0
    """How many further stories it says there are, which no part tells."""
    key: str = ""
    """Name of it that is the same at every attempt and no other part's; idempotency keys and Message-IDs come of it.
    Empty lets the sender take one from the words, which may be meant twice."""
