"""Listens to the HTTP answers that Apprise's services get, which Apprise itself reduces to yes or no.

A delivery that failed must be told apart: wait (429, and for how long), give up (403), shorten (413). Apprise logs the
status in some services' own words, Retry-After in none, and offers no hook; all its HTTP services go through
`requests.Session.send`, so that is where we listen. Outside a `listening` block nothing is recorded, and nothing is
ever changed.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_BODY = 500
"""Characters of an answer that are kept: enough for an error code or sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """One answer of a channel's server."""

    status: int
    retry_after: str = ""
    """The Retry-After header as it came, seconds or an HTTP date (RFC 9110 §10.2.3)."""
    date: str = ""
    """The Date header, against which an HTTP date is read."""
    body: str = ""
    """The first characters of the body."""


_HEARD: ContextVar[list[HttpAnswer] | None] = ContextVar("hongtou_heard_answers", default=None)


@contextmanager
def listening() -> Iterator[list[HttpAnswer]]:
    """Collect the answers to requests made within the block, in this thread or task, in order."""
    _listen_to_requests()
    heard: list[HttpAnswer] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


@functools.cache
def _listen_to_requests() -> None:
    """Wrap `requests.Session.send`, once a process."""
    send = requests.Session.send

    @functools.wraps(send)
    def send_and_listen(
        session: requests.Session,
        request: requests.PreparedRequest,
        **options: Any,  # noqa: ANN401  # handed on as they are
    ) -> requests.Response:
        response = send(session, request, **options)
        heard = _HEARD.get()
        if heard is not None:
            heard.append(_answer(response))
        return response

    requests.Session.send = send_and_listen  # type: ignore[method-assign, assignment]


def _answer(response: requests.Response) -> HttpAnswer:
    return HttpAnswer(
        status=response.status_code,
        retry_after=response.headers.get("Retry-After", ""),
        date=response.headers.get("Date", ""),
        body=response.content[: 4 * _MAX_BODY].decode("utf-8", errors="replace")[:_MAX_BODY],
    )
