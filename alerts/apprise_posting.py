"""What our HTTP services have in common: posting JSON, and going by another way to the same service."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import requests

from alerts.channel_sending import PRESENT
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_JSON = "application/json; charset=utf-8"


class Posting:
    """Mixed into Apprise's service classes, whose own `send` stays for whatever is no part."""

    kind: ClassVar[ChannelKind] = ChannelKind.OTHER
    """What service it is."""
    endpoints: ClassVar[tuple[str, ...]] = ()
    """Attributes that hold addresses of the service, which `endpoint=` moves."""
    takes_secret: ClassVar[bool] = False
    """Whether `secret` signs its messages."""
    secret: str | None = ""
    """Key that signs its messages; empty for none."""
    gateway: str = ""
    """What it speaks to in place of the service's host; empty for that."""

    def move_to(self, endpoint: str) -> None:
        """Speak to a gateway in place of the service's own host.

        Args:
            endpoint: `https://host[:port][/path]`; the service's own paths are put after it.

        Raises:
            ValueError: It is no such address, or the service has none of its own to be replaced.
        """
        if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).netloc:
            raise ValueError("endpoint must be an address such as https://gateway.example.org")
        if not self.endpoints:
            raise ValueError("this service has its host in its address, and takes no endpoint")
        self.gateway = endpoint
        for name in self.endpoints:
            _, _, path = str(getattr(self, name)).removeprefix("https://").partition("/")
            setattr(self, name, f"{endpoint.rstrip('/')}/{path}")

    def post(
        self: Any,  # an Apprise service
        url: str,
        payload: Mapping[str, object] | bytes,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> requests.Response | None:
        """Post JSON when the pace allows; return the answer, or None when there was none, with the fault logged.

        Args:
            url: Where to.
            payload: An object, or JSON that is final.
            headers: Beside our own.
            params: Added to the address's query.
            auth: User and password.
        """
        sending = PRESENT.get()
        key = {"Idempotency-Key": sending.key} if sending else {}
        self.throttle()
        try:
            answer: requests.Response = requests.post(
                url,
                data=payload if isinstance(payload, bytes) else encoded(payload),
                headers={"User-Agent": self.app_id, "Content-Type": _JSON, **key, **(headers or {})},
                params=params,
                auth=auth,
                timeout=self.request_timeout,
                verify=self.verify_certificate,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self.logger.debug("Socket Exception: %s", error)
            return None
        return answer


def encoded(payload: Mapping[str, object]) -> bytes:
    """Return the JSON of an object in UTF-8, which is half as long for Chinese as with escapes."""
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", errors="replace")


def is_fine(answer: requests.Response | None, *, sign: str, good: object) -> bool:
    """Say whether a service that puts its yes or no into the body said yes.

    A page with status 200 is the answer of something in between: a hotel's login, a proxy.

    Args:
        answer: What came, if anything.
        sign: Name of the field that says it.
        good: Value of that field for yes.
    """
    if answer is None or answer.status_code != requests.codes.ok:
        return False
    try:
        said = answer.json()
    except ValueError:
        return False
    return isinstance(said, dict) and said.get(sign, good) == good


def now_s() -> float:
    """Return seconds since 1970, UTC, for signatures that a service compares with its own clock."""
    return time.time()  # noqa: TID251  # the real time, whatever a test's clock says
