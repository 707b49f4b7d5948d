"""Lists that only a browser can show: whether there is one, and how Scrapy is told to use it (`browser` extra)."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import ipaddress
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from core.outcome import Answer
from crawler.addresses import forbidden_reason, host_of, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import Any

    from core.source import Source

log = structlog.get_logger(__name__)

SETTLE_MS = 3_000
"""How long scripts may work after a page has loaded; waiting until the network rests would never end on some pages."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OWN_BROWSERS = Path(".cache/ms-playwright")
"""Where `playwright install chromium` puts its browser, below the home folder."""
_UNSEEN = frozenset({"image", "media", "font", "stylesheet"})
"""Kinds of a browser's requests that do not change which rows a list has."""
_NETWORK = (
    ("ERR_NAME_NOT_RESOLVED", Answer.DNS),
    ("ERR_CERT", Answer.TLS),
    ("ERR_SSL", Answer.TLS),
    ("ERR_CONNECTION", Answer.REFUSED),
    ("ERR_EMPTY_RESPONSE", Answer.REFUSED),
    ("ERR_TIMED_OUT", Answer.TIMEOUT),
    ("ERR_BLOCKED_BY_CLIENT", Answer.ADDRESS),
    ("ERR_FAILED", Answer.ADDRESS),
    ("Timeout", Answer.TIMEOUT),
)
"""Marks in Playwright's messages; a request that `GuardedRequests` aborts fails as ERR_FAILED."""


def why_no_browser() -> str:
    """Say why lists cannot be rendered here; empty when they can."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        return "needs a browser, and the extra is not installed: pip install 'hongtou[browser]'"
    if find_browser() or any((Path.home() / _OWN_BROWSERS).glob("chromium*")):
        return ""
    return "needs a browser, and none was found: install chromium, or run playwright install chromium"


def find_browser() -> str:
    """Return the path of the system's Chromium; empty when it has none."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), "")


def warn_without_browser(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Say in one line at start which sources will be skipped for want of a browser; return them.

    Args:
        sources: Those that are watched.
    """
    wanting = tuple(source for source in sources if source.render)
    reason = why_no_browser() if wanting else ""
    if not reason:
        return ()
    log.warning("sources skipped", sources=[str(source.id) for source in wanting], reason=reason)
    return wanting


def page_methods() -> list[Any]:
    """Return what a page is to do before it is read.

    Raises:
        ImportError: The extra is not installed.
    """
    page_method = importlib.import_module("scrapy_playwright.page").PageMethod
    return [page_method("wait_for_timeout", SETTLE_MS)]


def browser_failure(error: BaseException, host: str) -> tuple[Answer, str] | None:
    """Say what an error of the browser means; None for errors of others."""
    if not type(error).__module__.startswith("playwright"):
        return None
    line = str(error).strip().partition("\n")[0][:200]
    answer = next((answer for mark, answer in _NETWORK if mark in line or mark in type(error).__name__), None)
    return answer or Answer.CRASHED, f"the browser could not show {host}: {line}"


class BrowserRequest(Protocol):
    """One request that a page in the browser makes; Playwright's, with types."""

    @property
    def url(self) -> str:
        """Where it goes."""

    @property
    def resource_type(self) -> str:
        """What it is for: `document`, `script`, `xhr`, `image`."""


async def addresses_of(host: str) -> list[str]:
    """Return the addresses of a name.

    Raises:
        OSError: It has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedRequests:
    """Says which requests of a page in the browser are aborted: those into private networks, and for what is not read.

    A browser resolves names by itself, after this did: a name that shows a public address to the one and a private
    one to the other gets through, which the guard of plain requests rules out.
    """

    may_be_private: bool
    """Whether all hosts may be on private addresses."""
    resolve: Callable[[str], Awaitable[Iterable[str]]] = addresses_of

    async def __call__(self, request: BrowserRequest) -> bool:
        """Say whether a request is to be aborted."""
        if request.resource_type in _UNSEEN or refusal(request.url, may_be_private=self.may_be_private):
            return True
        if self.may_be_private:
            return False
        try:
            found = await self.resolve(host_of(request.url))
        except OSError:
            return False
        return any(forbidden_reason(ipaddress.ip_address(address)) for address in found)
