"""Slack through Apprise: messages of blocks that keep our markup, and any Slack-compatible incoming webhook."""

from __future__ import annotations

from typing import Any

import requests
from apprise import NotifyFormat

from alerts.apprise_bases import SLACK_BOT, NotifyBase, NotifySlack
from alerts.apprise_posting import Posting, is_fine
from alerts.channel_payloads import Payload, slack_message
from alerts.channel_sending import PRESENT
from alerts.slack_payload import MAX_MESSAGE, slack_payload
from core.message import ChannelKind


class SlackBlocks(Posting, NotifySlack):  # type: ignore[misc]  # Apprise's class has no types
    """`slack://` with our blocks in place of Apprise's legacy attachment.

    Apprise escapes Slack markup once more in its attachment form and then turns words such as `!channel>` in a title
    back into mentions; its block form has no fallback text, so that phones show "This content can't be displayed",
    and sends sections longer than Slack's 3000 characters, which are refused. Only the payload is changed, on its way
    out: tokens, channels, bot mode and the reading of answers are Apprise's.
    """

    kind = ChannelKind.SLACK
    endpoints = ("webhook_url", "webhook_gov_url", "api_url")
    body_maxlen = MAX_MESSAGE

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Send one message to every channel of the address."""
        self._blocks = _message(title, body)
        accepted: bool = super().send(body, title, **options)
        return accepted

    def _send(
        self,
        url: str,
        payload: dict[str, Any],
        *args: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if "attachments" not in payload or self.template:
            return super()._send(url, payload, *args, **options)
        kept = {name: value for name, value in payload.items() if name in ("channel", "thread_ts", "username")}
        bearer = {"Authorization": f"Bearer {self.access_token}"} if self.mode == SLACK_BOT else {}
        return self._read(self.post(url, {**self._blocks, **kept}, headers=bearer))

    def _read(self, answer: requests.Response | None) -> dict[str, Any] | None:
        """Return what Slack said of a message that it took: an object to bots, `ok` to webhooks."""
        if self.mode == SLACK_BOT:
            return answer.json() if answer is not None and is_fine(answer, sign="ok", good=True) else None
        is_taken = answer is not None and answer.status_code == requests.codes.ok and answer.content == b"ok"
        return {"ok": True} if is_taken else None


class SlackCompatibleHook(Posting, NotifyBase):  # type: ignore[misc]  # Apprise's class has no types
    """`slackhook://host:port/path` (http) and `slackhooks://…` (https): a Slack-compatible incoming webhook.

    For Mattermost, Rocket.Chat, Zulip and other servers that take Slack's webhook messages at an address of their own,
    and for the local receiver of the rehearsal. Apprise's `slack://` only ever speaks to slack.com.
    """

    service_name = "Slack-compatible webhook"
    protocol = "slackhook"
    secure_protocol = "slackhooks"
    kind = ChannelKind.SLACK
    notify_format = NotifyFormat.TEXT
    body_maxlen = MAX_MESSAGE
    request_rate_per_sec = 0.1

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # Apprise's parsed address
        super().__init__(**options)
        scheme = "https" if self.secure else "http"
        port = f":{self.port}" if self.port else ""
        self._address = f"{scheme}://{self.host}{port}{options.get('fullpath') or '/'}"

    def send(self, body: str, title: str = "", **_options: Any) -> bool:  # noqa: ANN401
        """Post one message; return whether it was accepted."""
        answer = self.post(self._address, _message(title, body))
        return answer is not None and answer.status_code == requests.codes.ok

    def url(self, *_args: Any, **_options: Any) -> str:  # noqa: ANN401
        """Return the address without its path, which is its secret."""
        return f"{self.secure_protocol if self.secure else self.protocol}://{self.host}/"


def _message(title: str, body: str) -> Payload:
    """Return the part being sent as blocks; where the address asks for text, that text."""
    sending = PRESENT.get()
    return slack_message(sending.part) if sending else slack_payload(title, body, markup=False)
