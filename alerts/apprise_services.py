"""Which classes speak to which services: ours where a part is to arrive as it was drawn, Apprise's for all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alerts.apprise_chats import DiscordMarkdown, TelegramHtml
from alerts.apprise_email import MultipartEmail
from alerts.apprise_ntfy import NtfyMessages
from alerts.apprise_posting import Posting
from alerts.apprise_robots import DingTalkMarkdown, FeishuCards, LarkCards, WeComMarkdown
from alerts.apprise_slack import SlackBlocks, SlackCompatibleHook
from alerts.apprise_terminal import TerminalService
from alerts.apprise_webhook import SignedWebhook
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS: Mapping[str, Any] = {
    "mailto": MultipartEmail,
    "mailtos": MultipartEmail,
    "slack": SlackBlocks,
    "slackhook": SlackCompatibleHook,
    "slackhooks": SlackCompatibleHook,
    "tgram": TelegramHtml,
    "discord": DiscordMarkdown,
    "feishu": FeishuCards,
    "lark": LarkCards,
    "dingtalk": DingTalkMarkdown,
    "wecombot": WeComMarkdown,
    "ntfy": NtfyMessages,
    "ntfys": NtfyMessages,
    "webhook": SignedWebhook,
    "webhooks": SignedWebhook,
}
"""Schemes that are spoken by classes of our own; all others are Apprise's."""


def scheme_of(url: str) -> str:
    """Return the scheme of a channel's address; of a webhook's address as its service shows it, the service's own.

    `https://hooks.slack.com/services/…` is `slack`; what is nobody's webhook keeps its scheme.
    """
    scheme = url.partition(":")[0].strip().lower()
    if scheme not in ("http", "https"):
        return scheme
    return next((name for name, service in OURS.items() if service.parse_native_url(url)), scheme)


def options_of(url: str) -> dict[str, Any] | None:
    """Return what Apprise reads in an address of one of our classes, None where it cannot."""
    service = OURS[scheme_of(url)]
    options: dict[str, Any] | None = service.parse_native_url(url) or service.parse_url(url)
    return options


def kind_of(plugin: object) -> ChannelKind:
    """Return which service a plugin speaks to, as far as messages for it differ."""
    if isinstance(plugin, MultipartEmail):
        return ChannelKind.EMAIL
    if isinstance(plugin, TerminalService):
        return ChannelKind.TERMINAL
    return plugin.kind if isinstance(plugin, Posting) else ChannelKind.OTHER
