"""Asks every host for its robots.txt and obeys it (RFC 9309)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protego import Protego
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import RobotsDeniedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.crawler import Crawler
    from scrapy.http import Response

KEEP_S = 24 * 3600.0
"""How long rules are believed (RFC 9309 §2.4: no longer than a day)."""
RETRY_S = 60.0
"""How long a host is not asked again whose rules could not be had: within one poll, not until the next."""
MOST_BYTES = 500 * 1024
"""As much as is read of a file (RFC 9309 §2.5: at least 500 kibibytes)."""
MOST_HOSTS = 2000
TIMEOUT_S = 10.0
PRIORITY = 1000
"""Above all other requests of a host, as one of them is waiting for it."""


@dataclass(frozen=True, slots=True)
class _Rules:
    parser: Protego | None
    """None when there are no rules, or they could not be had."""
    until: float
    """Loop time in seconds."""


class Robots:
    """Lets a request pass when the rules of its host allow it.

    Unlike Scrapy's own middleware it asks again after a day, so that a long-lived crawler notices new rules, and after
    a minute when the rules could not be had. Until then the last known rules hold, and a host of which none are known
    counts as one without: government hosts behind a challenge refuse robots.txt as they refuse every page, and that
    refusal is what a user has to hear of.
    """

    def __init__(
        self, *, download: Callable[[Request], Awaitable[Response]], user_agent: str, forbidden: Callable[[], None]
    ) -> None:
        """Set up the middleware.

        Args:
            download: Downloads a request through all middlewares.
            user_agent: Product token that rules are looked up for.
            forbidden: Called whenever a request is refused, for statistics.
        """
        self._download = download
        self._user_agent = user_agent
        self._forbidden = forbidden
        self._rules: dict[str, _Rules] = {}
        self._asking: dict[str, asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Build it from ROBOTSTXT_OBEY and ROBOTSTXT_USER_AGENT."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(
            download=lambda request: crawler.engine.download_async(request),  # noqa: PLW0108 (there is no engine yet)
            user_agent=crawler.settings["ROBOTSTXT_USER_AGENT"],
            forbidden=lambda: crawler.stats.inc_value("robotstxt/forbidden"),
        )

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it.

        Raises:
            RobotsDeniedError: The host's robots.txt forbids the address.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request)
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._user_agent):
            self._forbidden()
            raise RobotsDeniedError(f"robots.txt of {urlparse_cached(request).netloc} forbids {request.url}")

    async def _rules_for(self, request: Request) -> _Rules:
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        loop = asyncio.get_running_loop()
        known = self._rules.get(site)
        if known is not None and known.until > loop.time():
            return known
        asking = self._asking.get(site)
        if asking is None:
            asking = self._asking[site] = loop.create_task(self._ask(site, _inherited(request)))
            asking.add_done_callback(lambda _: self._asking.pop(site))
        # Shielded, as others wait for the same rules.
        return await asyncio.shield(asking)

    async def _ask(self, site: str, inherited: dict[str, object]) -> _Rules:
        rules = await self._download_rules(site, inherited)
        if rules is None:
            last = self._rules.pop(site, None)
            rules = _Rules(last.parser if last else None, asyncio.get_running_loop().time() + RETRY_S)
        elif len(self._rules) >= MOST_HOSTS:
            oldest = min(self._rules, key=lambda key: self._rules[key].until)
            del self._rules[oldest]
        self._rules[site] = rules
        return rules

    async def _download_rules(self, site: str, inherited: dict[str, object]) -> _Rules | None:
        """Return the rules of a site; None when they cannot be had now."""
        own: dict[str, object] = {"dont_obey_robotstxt": True, "dont_retry": True, "download_timeout": TIMEOUT_S}
        meta = own | inherited
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta=meta, priority=PRIORITY, dont_filter=True)
        try:
            response = await self._download(request)
        except Exception:  # noqa: BLE001 (whatever kept the rules from us shows in the request itself, with its class)
            return None
        if response.status >= 500:
            return None
        until = asyncio.get_running_loop().time() + KEEP_S
        if response.status >= 400:
            return _Rules(None, until)
        text = response.body[:MOST_BYTES].decode("utf-8-sig", errors="ignore")
        return _Rules(Protego.parse(text), until)


def _inherited(request: Request) -> dict[str, object]:
    """Return what a request for the rules needs of the request that waits for them: how its host can be reached."""
    return {name: request.meta[name] for name in ("private_host", "own_host", "tls") if name in request.meta}
