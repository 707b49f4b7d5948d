"""Our own webhook as an Apprise service: signed JSON to any program."""

from __future__ import annotations

from typing import Any

from apprise import NotifyFormat

from alerts.apprise_bases import NotifyBase
from alerts.apprise_posting import Posting, encoded, now_s
from alerts.channel_payloads import webhook_message
from alerts.channel_sending import PRESENT
from alerts.signing import webhook_signature
from core.message import ChannelKind


class SignedWebhook(Posting, NotifyBase):  # type: ignore[misc]  # Apprise's class has no types
    """`webhook://host:port/path` (http) and `webhooks://…` (https): JSON with an HMAC signature, where there is a key.

    User and password of the address are sent as basic authentication, `?+Name=value` as headers.
    """

    service_name = "Signed webhook"
    protocol = "webhook"
    secure_protocol = "webhooks"
    notify_format = NotifyFormat.TEXT
    kind = ChannelKind.WEBHOOK
    takes_secret = True
    request_rate_per_sec = 0
    body_maxlen = 1_000_000

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # Apprise's parsed address
        super().__init__(**options)
        port = f":{self.port}" if self.port else ""
        self._address = f"{'https' if self.secure else 'http'}://{self.host}{port}{options.get('fullpath') or '/'}"
        self._headers = {str(name): str(value) for name, value in options.get("qsd+", {}).items()}
        self.secret = str(options.get("qsd", {}).get("secret", ""))

    def send(self, body: str, title: str = "", **_options: Any) -> bool:  # noqa: ANN401
        """Post one message; return whether it was accepted, with any status of 200 to 299."""
        sending = PRESENT.get()
        content = encoded(webhook_message(sending.part) if sending else {"subject": title, "text": body})
        headers = dict(self._headers)
        if self.secret:
            headers["X-Hongtou-Signature"] = webhook_signature(self.secret, content, at=int(now_s()))
        auth = (self.user, self.password or "") if self.user else None
        answer = self.post(self._address, content, headers=headers, auth=auth)
        return answer is not None and 200 <= answer.status_code < 300

    def url(self, *_args: Any, **_options: Any) -> str:  # noqa: ANN401
        """Return the address without its path, which may be its secret."""
        return f"{self.secure_protocol if self.secure else self.protocol}://{self.host}/"
