"""ntfy through Apprise, with titles, links and tags of our own."""

from __future__ import annotations

from typing import Any

from alerts.apprise_bases import NTFY_PUBLIC, NotifyNtfy
from alerts.apprise_posting import Posting
from alerts.channel_payloads import ntfy_message
from alerts.channel_sending import PRESENT
from core.message import ChannelKind


class NtfyMessages(Posting, NotifyNtfy):  # type: ignore[misc]  # Apprise's class has no types
    """`ntfy(s)://`, published as JSON in UTF-8.

    Apprise escapes each Chinese character to six bytes, which makes an attachment of a message that ntfy would show,
    and can set a link for all messages only. What an address sets (priority, tags, mail, delay) is kept.
    """

    kind = ChannelKind.NTFY
    request_rate_per_sec = 0.5
    """ntfy.sh takes 60 messages at once and then one in 5 s, which it says itself, in a 429; own servers any."""

    def send(self, body: str, title: str = "", **options: Any) -> bool:  # noqa: ANN401  # handed on as they are
        """Publish one part to every topic that has not had it; return whether all have."""
        if PRESENT.get() is None or not self.topics:
            return bool(super().send(body, title, **options))
        told = [self._tell(topic) for topic in self.topics]  # a list: one that refuses keeps it from no other
        return all(told)

    def _tell(self, topic: str) -> bool:
        sending = PRESENT.get()
        if sending is None or self.is_delivered(topic):
            return True
        user = (self.user, self.password or "") if self.user and not self.token else None
        payload = {**self._own(), **ntfy_message(sending.part, topic=topic)}
        answer = self.post(self._server(), payload, headers=self._headers(), auth=user)
        if answer is None or not answer.ok:
            return False
        self.mark_delivered(topic)
        return True

    def _server(self) -> str:
        if self.mode == NTFY_PUBLIC:
            return str(self.cloud_notify_url)
        port = f":{self.port}" if self.port else ""
        return f"{'https' if self.secure else 'http'}://{self.host}{port}"

    def _own(self) -> dict[str, object]:
        """Return what the address sets for every message."""
        tags = self._NotifyNtfy__tags
        return {
            **({"tags": list(tags)} if tags else {}),
            **({"click": self.click} if self.click else {}),
            **({"email": self.email} if self.email else {}),
            **({"delay": self.delay} if self.delay else {}),
        }

    def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return headers | ({"X-Priority": self.priority} if self.priority != "default" else {})
