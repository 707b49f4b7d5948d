"""Says in what form, size and pace each service takes messages, as far as its makers tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.message import ChannelForm, ChannelKind, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from core.alert import ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """What a configuration says of a channel beside its address."""

    language: str = "en"
    """Of our own words: `en` or `zh`."""
    template: str = ""
    """Name of the user's templates; empty for the shipped ones."""
    gap: timedelta | None = None
    """Shortest time between two messages; None for the service's own."""
    max_size: int | None = None
    """Longest body in the service's unit; None for the service's own."""
    secret: str = field(default="", repr=False)
    """Key that signs messages, where the service takes signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a service takes in one message."""

    max_title: int
    """As of `ChannelForm`."""
    max_body: int
    unit: Unit = Unit.CHARACTERS


_BOUNDS: Mapping[ChannelKind, Bounds] = {
    # RFC 5322 §2.1.1 lets a folded subject be of any length; mail programs show less than this. Servers take 10 MB and
    # more (RFC 1870 lets them say so), which no alert is near.
    ChannelKind.EMAIL: Bounds(max_title=250, max_body=0),
    # Header block 150; four sections of 3000. More is allowed (50 blocks), but refused with `msg_blocks_too_long` at a
    # point that Slack does not publish.
    ChannelKind.SLACK: Bounds(max_title=150, max_body=12_000),
    # Bot API, sendMessage: 1-4096 characters after entities parsing, which Telegram counts in UTF-16 code units. We
    # count the markup as well, which errs on the short side.
    ChannelKind.TELEGRAM: Bounds(max_title=0, max_body=4096, unit=Unit.UTF16),
    # Discord, Execute Webhook: content of up to 2000 characters.
    ChannelKind.DISCORD: Bounds(max_title=0, max_body=2000, unit=Unit.UTF16),
    # Feishu's guide to custom bots: a request of at most 20 kB; 2 kB are left for signature and escapes.
    ChannelKind.FEISHU: Bounds(max_title=300, max_body=18_000, unit=Unit.BYTES),
    # DingTalk's robots refuse requests of more than 20,000 bytes; the title is sent apart.
    ChannelKind.DINGTALK: Bounds(max_title=300, max_body=18_000, unit=Unit.BYTES),
    # WeCom's guide to group robots: markdown of at most 4096 bytes of UTF-8.
    ChannelKind.WECOM: Bounds(max_title=0, max_body=4096, unit=Unit.BYTES),
    # ntfy makes an attachment of messages of more than 4096 bytes.
    ChannelKind.NTFY: Bounds(max_title=250, max_body=3900, unit=Unit.BYTES),
    # Our own: no bound that we know of.
    ChannelKind.WEBHOOK: Bounds(max_title=500, max_body=0, unit=Unit.BYTES),
    ChannelKind.TERMINAL: Bounds(max_title=500, max_body=0),
}

_MARKED_UP = frozenset(
    {
        ChannelKind.SLACK,
        ChannelKind.TELEGRAM,
        ChannelKind.DISCORD,
        ChannelKind.FEISHU,
        ChannelKind.DINGTALK,
        ChannelKind.WECOM,
    }
)
_PLAIN_BOUNDS: Mapping[ChannelKind, Bounds] = {
    # WeCom's guide to group robots: text of at most 2048 bytes of UTF-8.
    ChannelKind.WECOM: Bounds(max_title=0, max_body=2000, unit=Unit.BYTES),
    ChannelKind.FEISHU: Bounds(max_title=300, max_body=17_500, unit=Unit.BYTES),
    ChannelKind.DINGTALK: Bounds(max_title=300, max_body=17_500, unit=Unit.BYTES),
}
"""Of services that take text, where that differs."""


def form_of(
    channel: ChannelId, service: ChannelKind, options: ChannelOptions, *, is_plain: bool, others: Bounds
) -> ChannelForm:
    """Return the form of one channel.

    Args:
        channel: Its name.
        service: What it speaks to.
        options: Of the configuration.
        is_plain: Whether its address asks for plain text, where it would be sent markup; mail stays mail.
        others: Bounds of a service that is none of ours, or is sent text.
    """
    is_text = service is ChannelKind.OTHER or (is_plain and service in _MARKED_UP)
    bounds = _PLAIN_BOUNDS.get(service, others) if is_text else _BOUNDS[service]
    return ChannelForm(
        channel=channel,
        kind=ChannelKind.OTHER if is_text else service,
        max_title=bounds.max_title,
        max_body=options.max_size or bounds.max_body,
        unit=bounds.unit,
        language=options.language,
        template=options.template,
    )
