"""The group robots of Feishu, Lark, DingTalk and WeCom through Apprise, with our own markup as it is."""

from __future__ import annotations

import re
from typing import Any

from alerts.apprise_bases import NotifyBase, NotifyDingTalk, NotifyFeishu, NotifyLark, NotifyWeComBot
from alerts.apprise_posting import Posting, is_fine, now_s
from alerts.channel_payloads import Payload, dingtalk_message, feishu_message, wecom_message
from alerts.channel_sending import PRESENT
from alerts.signing import dingtalk_signature, feishu_signature
from core.message import ChannelKind


class _FeishuCards(Posting, NotifyBase):  # type: ignore[misc]  # Apprise's class has no types
    """What Feishu and its sister for other countries have in common; Apprise signs for neither."""

    kind = ChannelKind.FEISHU
    takes_secret = True
    request_rate_per_sec = 0.6
    """Custom bots take 100 messages a minute, and 5 a second."""

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one part as a card; return whether it was accepted."""
        sending = PRESENT.get()
        if sending is None:
            return bool(super().send(body, title, **options))
        payload: Payload = feishu_message(sending.part)
        if self.secret:
            at = int(now_s())
            payload = {"timestamp": str(at), "sign": feishu_signature(self.secret, at=at), **payload}
        return is_fine(self.post(self._hook(), payload), sign="code", good=0)


class FeishuCards(_FeishuCards, NotifyFeishu):  # type: ignore[misc]  # Apprise's class has no types
    """`feishu://TOKEN`, or `feishu://SECRET@TOKEN` for a bot that asks for signatures."""

    endpoints = ("notify_url",)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # Apprise's parsed address
        super().__init__(**options)
        self.secret = self.user or ""

    @staticmethod
    def parse_native_url(url: str) -> dict[str, Any] | None:
        """Read the address that Feishu shows for a bot."""
        found = re.match(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?(\?.*)?$", url)
        options: dict[str, Any] | None = (
            NotifyFeishu.parse_url(f"feishu://{found[1]}/{found[2] or ''}") if found else None
        )
        return options

    def _hook(self) -> str:
        return str(self.notify_url).format(token=self.token).rstrip("/")


class LarkCards(_FeishuCards, NotifyLark):  # type: ignore[misc]  # Apprise's class has no types
    """`lark://TOKEN`, or `lark://SECRET@TOKEN`."""

    endpoints = ("webhook_url",)

    @staticmethod
    def parse_native_url(url: str) -> dict[str, Any] | None:
        """Read the address that Lark shows for a bot; Apprise does so only without options."""
        found = re.match(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)/?(\?.*)?$", url)
        options: dict[str, Any] | None = NotifyLark.parse_url(f"lark://{found[1]}/{found[2] or ''}") if found else None
        return options

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # Apprise's parsed address
        super().__init__(**options)
        self.secret = self.user or ""

    def _hook(self) -> str:
        return str(self.webhook_url)


class DingTalkMarkdown(Posting, NotifyDingTalk):  # type: ignore[misc]  # Apprise's class has no types
    """`dingtalk://SECRET@TOKEN` with our markdown.

    Apprise takes every answer of status 200 for accepted, though DingTalk refuses in such, and percent-encodes the
    signature twice, so that robots with signatures refuse it.
    """

    kind = ChannelKind.DINGTALK
    endpoints = ("notify_url",)
    takes_secret = True
    request_rate_per_sec = 3.0
    """Robots take 20 messages a minute, and nothing for ten minutes after more."""

    @staticmethod
    def parse_native_url(url: str) -> dict[str, Any] | None:
        """Read the address that DingTalk shows for a robot."""
        found = re.match(r"https://oapi\.dingtalk\.com/robot/send/?\?access_token=(\w+)(?:&(.*))?$", url)
        if found is None:
            return None
        query = f"?{found[2]}" if found[2] else ""
        options: dict[str, Any] = NotifyDingTalk.parse_url(f"dingtalk://{found[1]}/{query}")
        return options

    def get_signature(self) -> tuple[str, str]:
        """Return timestamp and signature, not yet percent-encoded."""
        at_ms = int(now_s() * 1000)
        return str(at_ms), dingtalk_signature(self.secret or "", at_ms=at_ms)

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one part; return whether it was accepted."""
        sending = PRESENT.get()
        if sending is None:
            return bool(super().send(body, title, **options))
        params = dict(zip(("timestamp", "sign"), self.get_signature(), strict=True)) if self.secret else None
        payload = dingtalk_message(sending.part, mobiles=self.targets)
        answer = self.post(self.notify_url.format(token=self.token), payload, params=params)
        return is_fine(answer, sign="errcode", good=0)


class WeComMarkdown(Posting, NotifyWeComBot):  # type: ignore[misc]  # Apprise's class has no types
    """`wecombot://KEY` with our markdown; Apprise sends text only, and takes every 200 for accepted."""

    kind = ChannelKind.WECOM
    endpoints = ("api_url",)
    request_rate_per_sec = 3.0
    """Robots take 20 messages a minute."""

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one part; return whether it was accepted."""
        sending = PRESENT.get()
        if sending is None:
            return bool(super().send(body, title, **options))
        return is_fine(self.post(self.api_url, wecom_message(sending.part)), sign="errcode", good=0)
