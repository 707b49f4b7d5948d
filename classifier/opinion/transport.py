"""Posts JSON with a key, bounded in time and size, and follows nobody anywhere. Knows no model's words.

`requests` bounds each wait on the wire but not their sum, and no look-up of a name at all: a server that sends a byte
now and then would hold a thread for days. So the work is done in a thread of its own, which is left behind when its
time is over.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, LocationValueError, NewConnectionError
from urllib3.exceptions import TimeoutError as WireTimeoutError

from core.opinion import AdviceFault

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_ANSWER_BYTES = 262_144
"""Largest answer that is read: some fifty times the longest that is asked for."""
_CHUNK = 16_384
_CONNECT_S = 10.0
"""Longest wait for a connection, where the time in all is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered, or why it did not."""

    status: int = 0
    """0 when there was no whole answer."""
    retry_after: str = ""
    """The Retry-After header as it came."""
    date: str = ""
    """The Date header, against which an HTTP date is read."""
    body: bytes = b""
    fault: AdviceFault | None = None


class _Bearer(AuthBase):
    """Sends the key. An `auth` of one's own also keeps `requests` from taking another out of a .netrc."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


@dataclass(slots=True)
class _Job:
    """One request on its way, done in its own thread."""

    url: str
    payload: Mapping[str, Any]
    key: str
    ends_at: float
    reply: Reply = field(default_factory=lambda: Reply(fault=AdviceFault.TIMEOUT))
    bug: BaseException | None = None

    def run(self) -> None:
        try:
            self.reply = self._post()
        except Exception as error:  # noqa: BLE001 - carried over to the thread that waits, where it is raised
            self.bug = error

    def _post(self) -> Reply:
        left = max(0.1, self.ends_at - monotonic())
        try:
            with requests.Session() as session:
                answer = session.post(
                    self.url,
                    json=self.payload,
                    auth=_Bearer(self.key),
                    headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                    timeout=(min(_CONNECT_S, left), left),
                    allow_redirects=False,
                    stream=True,
                )
                with answer:
                    return self._read(answer)
        except requests.RequestException as error:
            return Reply(fault=_fault_of(error))
        except LocationValueError:  # an address that is none
            return Reply(fault=AdviceFault.UNREACHABLE)
        except WireTimeoutError:
            return Reply(fault=AdviceFault.TIMEOUT)
        except (HTTPError, OSError):
            return Reply(fault=AdviceFault.RESET)

    def _read(self, answer: requests.Response) -> Reply:
        body = bytearray()
        while chunk := answer.raw.read1(_CHUNK):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                return Reply(status=answer.status_code, fault=AdviceFault.TOO_LARGE)
            if monotonic() > self.ends_at:
                return Reply(fault=AdviceFault.TIMEOUT)
        headers = answer.headers
        return Reply(
            status=answer.status_code,
            retry_after=headers.get("Retry-After", ""),
            date=headers.get("Date", ""),
            body=bytes(body),
        )


def post_json(url: str, payload: Mapping[str, Any], *, key: str, within_s: float) -> Reply:
    """Post and wait for the whole answer.

    Args:
        url: http or https.
        payload: Goes out as JSON.
        key: Sent as a bearer token; empty for none. Printable ASCII.
        within_s: Longest time in all, in seconds: name look-up, connection, waiting and reading.
    """
    job = _Job(url, payload, key, monotonic() + within_s)
    thread = threading.Thread(target=job.run, name="second-opinion", daemon=True)
    thread.start()
    thread.join(within_s)
    if thread.is_alive():  # it sees for itself that its time is over, when its server next stirs
        return Reply(fault=AdviceFault.TIMEOUT)
    if job.bug is not None:
        raise job.bug
    return job.reply


def _fault_of(error: requests.RequestException) -> AdviceFault:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return AdviceFault.UNREACHABLE
    if isinstance(error, requests.Timeout):
        return AdviceFault.TIMEOUT
    if isinstance(error, requests.ConnectionError):
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        return AdviceFault.UNREACHABLE if isinstance(reason, NewConnectionError) else AdviceFault.RESET
    return AdviceFault.UNREACHABLE  # an address that is none: nothing was sent
