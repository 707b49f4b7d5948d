"""Leaves a host alone for a while once it refuses pages, as more requests make a wall last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.addresses import host_of
from crawler.failures import EasedOffError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REFUSALS = 3
"""Refused pages in a row before a host is left alone: one may be a page that nobody may see."""
REST_S = 600.0
"""How long it is left alone; lists keep their own schedule."""
MOST_HOSTS = 2000
_REFUSED = frozenset({403, 405, 412, 418, 521, 566, 567})
_PLEAS = frozenset({429, 503})
"""Statuses that ask for a rest themselves, 503 when it names a time."""


@dataclass(slots=True)
class _Host:
    refusals: int = 0
    until: float = 0.0
    """Loop time in seconds."""


class EasingOff:
    """Refuses further pages of a host that refused some; what is left is asked for with a later poll.

    Lists are not held back: each source has its own backoff, and a host may refuse one column and give another.
    """

    def __init__(self, *, time: Callable[[], float]) -> None:
        """Set up the middleware.

        Args:
            time: The present in seconds, from any start.
        """
        self._time = time
        self._hosts: dict[str, _Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> EasingOff:
        """Build it on the loop's time."""
        del crawler
        return cls(time=lambda: asyncio.get_running_loop().time())

    def process_request(self, request: Request) -> None:
        """Let a request pass, or put it off.

        Raises:
            EasedOffError: It is for a page of a host that is left alone now.
        """
        host = host_of(request.url)
        known = self._hosts.get(host)
        if known and "entry" in request.cb_kwargs and known.until > self._time():
            raise EasedOffError(f"{host} refused the pages before this one and is left alone for a while")

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how a host answers to requests for pages."""
        if "entry" not in request.cb_kwargs:
            return response
        host = host_of(request.url)
        pleads = response.status in _PLEAS and (response.status == 429 or "Retry-After" in response.headers)
        if not pleads and response.status not in _REFUSED:
            self._hosts.pop(host, None)
            return response
        if host not in self._hosts and len(self._hosts) >= MOST_HOSTS:
            self._hosts.pop(next(iter(self._hosts)))
        known = self._hosts.setdefault(host, _Host())
        known.refusals += 1
        if pleads or known.refusals >= REFUSALS:
            known.until = self._time() + REST_S
        return response
