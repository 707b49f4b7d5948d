"""Telegram and Discord through Apprise, with our own markup as it is."""

from __future__ import annotations

from typing import Any

import requests

from alerts.apprise_bases import NotifyDiscord, NotifyTelegram
from alerts.apprise_posting import Posting, is_fine
from alerts.channel_payloads import discord_message, telegram_message
from alerts.channel_sending import PRESENT
from alerts.lengths import length_of
from alerts.parts import split_text
from core.message import ChannelKind, Part, Unit

_MAX_TELEGRAM = 4096
_LONGEST_PAUSE_S = 5.0
"""Longest wait for Discord's next window; what is longer it says itself, in a 429."""


class TelegramHtml(Posting, NotifyTelegram):  # type: ignore[misc]  # Apprise's class has no types
    """`tgram://` with our HTML.

    Apprise rewrites markup before it sends it, which may break it, and gives up on an answer of "can't parse
    entities". Here such a message is sent again at once, as plain text.
    """

    kind = ChannelKind.TELEGRAM
    endpoints = ("notify_url",)
    request_rate_per_sec = 1.0
    """Bots FAQ: one message a second in a chat; more in a group is answered with 429 and the time to wait."""

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one part to every chat that has not had it; return whether all have."""
        sending = PRESENT.get()
        if sending is None or self.template:
            return bool(super().send(body, title, **options))
        if not self.targets and self.detect_owner and (owner := self.detect_bot_owner()):
            self.targets.append((str(owner), self.topic))
        if not self.targets:
            self.logger.warning("the address names no chat, and nobody has started the bot")
        # A list, because one chat that refuses must not keep it from the others.
        told = [self._tell(target, sending.part) for target in self.targets]
        return bool(told) and all(told)

    def _tell(self, target: tuple[int | str, int | None], part: Part) -> bool:
        if self.is_delivered(target):
            return True
        answer = self._message(target, telegram_message(part.body, is_html=True))
        if answer is not None and answer.status_code == requests.codes.bad and "parse entities" in answer.text:
            is_told = self._tell_plainly(target, part)
        else:
            is_told = is_fine(answer, sign="ok", good=True)
        if is_told:
            self.mark_delivered(target)
        return is_told

    def _tell_plainly(self, target: tuple[int | str, int | None], part: Part) -> bool:
        chunks = split_text(part.text or part.body, _MAX_TELEGRAM, lambda text: length_of(text, Unit.UTF16))
        for number, chunk in enumerate(chunks):
            if self.is_delivered((target, number)):
                continue
            if not is_fine(self._message(target, telegram_message(chunk, is_html=False)), sign="ok", good=True):
                return False
            self.mark_delivered((target, number))
        return True

    def _message(self, target: tuple[int | str, int | None], text: dict[str, object]) -> requests.Response | None:
        chat, topic = target
        payload = {
            "chat_id": chat,
            **({"message_thread_id": topic} if topic else {}),
            "disable_notification": self.silent,
            "link_preview_options": {"is_disabled": not self.preview},
            **text,
        }
        return self.post(f"{self.notify_url}{self.bot_token}/sendMessage", payload)


class DiscordMarkdown(Posting, NotifyDiscord):  # type: ignore[misc]  # Apprise's class has no types
    """`discord://` with our markdown as content, whole, calling nobody.

    Apprise makes embeds of what it takes for headings, and lets content mention everybody.
    """

    kind = ChannelKind.DISCORD
    endpoints = ("notify_url",)
    request_rate_per_sec = 2.0
    """Webhooks take 30 messages a minute in one channel."""

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one part; return whether it was accepted."""
        sending = PRESENT.get()
        if sending is None or self.template:
            return bool(super().send(body, title, **options))
        payload = {**discord_message(sending.part), **({"username": self.user} if self.user else {})}
        params = {"wait": "true", **({"thread_id": self.thread_id} if self.thread_id else {})}
        answer = self.post(f"{self.notify_url}/{self.webhook_id}/{self.webhook_token}", payload, params=params)
        if answer is None:
            return False
        self._heed(answer)
        return answer.status_code in (requests.codes.ok, requests.codes.no_content)

    def _heed(self, answer: requests.Response) -> None:
        """Wait out a window that is full before anything else is sent, where that is soon.

        Source: Discord, Rate Limits: X-RateLimit-Remaining, X-RateLimit-Reset-After (seconds).
        """
        try:
            left = int(answer.headers["X-RateLimit-Remaining"])
            pause = float(answer.headers["X-RateLimit-Reset-After"])
        except (KeyError, ValueError):
            return
        self.pause_s = pause if left <= 0 and 0 < pause <= _LONGEST_PAUSE_S else 0.0
