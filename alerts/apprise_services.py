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


def kind_of(plugin: object) -> ChannelKind:
    """Return which service a plugin speaks to, as far as messages for it differ."""
    if isinstance(plugin, MultipartEmail):
        return ChannelKind.EMAIL
    if isinstance(plugin, TerminalService):
        return ChannelKind.TERMINAL
    return plugin.kind if isinstance(plugin, Posting) else ChannelKind.OTHER
