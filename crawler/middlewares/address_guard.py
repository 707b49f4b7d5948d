"""Keeps requests, redirects included, away from private networks and from what is not the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy import signals
from scrapy.exceptions import CannotResolveHostError

from crawler.addresses import host_of, refusal
from crawler.failures import ForbiddenAddressError
from crawler.resolver import GuardedResolver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.resolver import ResolvingReactor


class AddressGuard:
    """Refuses requests by their address, and wraps the reactor's resolver while a spider is open.

    A request may carry `meta["private_host"]`: the one host that its source may reach on a private address. Behind a
    proxy names are resolved by the proxy, which then has to guard them itself.
    """

    def __init__(self, reactor: ResolvingReactor, *, private_hosts: Iterable[str] | None, proxy_host: str = "") -> None:
        """Set up the guard.

        Args:
            reactor: Whose name resolver is wrapped.
            private_hosts: Hosts that every source may reach on a private address; None allows all hosts that.
            proxy_host: Host of the proxy, which may be anywhere; empty when there is none.
        """
        self._reactor = reactor
        self._open = None if private_hosts is None else frozenset(private_hosts)
        self._proxy_host = proxy_host
        self._opted_out: set[str] = set()
        self._resolver: GuardedResolver | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Build the guard from HONGTOU_ALLOW_PRIVATE, HONGTOU_PRIVATE_HOSTS and HONGTOU_PROXY."""
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs a reactor)

        proxy = crawler.settings.get("HONGTOU_PROXY")
        allows_all = crawler.settings.getbool("HONGTOU_ALLOW_PRIVATE")
        guard = cls(
            cast("ResolvingReactor", reactor),
            private_hosts=None if allows_all else crawler.settings.getlist("HONGTOU_PRIVATE_HOSTS"),
            proxy_host=host_of(proxy.get_secret_value()) if proxy else "",
        )
        crawler.signals.connect(guard.spider_opened, signals.spider_opened)
        crawler.signals.connect(guard.spider_closed, signals.spider_closed)
        return guard

    def spider_opened(self) -> None:
        """Wrap the reactor's resolver."""
        self._resolver = GuardedResolver(self._reactor.nameResolver, may_be_private=self._may_resolve)
        self._reactor.installNameResolver(self._resolver)

    def spider_closed(self) -> None:
        """Put the reactor's own resolver back."""
        if self._resolver is not None and self._reactor.nameResolver is self._resolver:
            self._reactor.installNameResolver(self._resolver.inner)
        self._resolver = None

    def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it.

        Raises:
            ForbiddenAddressError: The request leads where it must not.
        """
        host = host_of(request.url)
        own = request.meta.get("private_host") == host
        if own:
            self._opted_out.add(host)
        elif host in self._opted_out and not self._is_open(host):
            raise ForbiddenAddressError(f"{host} may be contacted by sources with allow_private_addresses only")
        reason = refusal(request.url, may_be_private=own or self._is_open(host))
        if reason is not None:
            raise ForbiddenAddressError(reason)

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        """Tell a name that resolves to forbidden addresses only from one that does not resolve.

        Raises:
            ForbiddenAddressError: In place of the failed look-up.
        """
        if isinstance(exception, CannotResolveHostError) and self._resolver is not None:
            reason = self._resolver.refusal(host_of(request.url))
            if reason is not None:
                raise ForbiddenAddressError(reason) from exception
        return None

    def _is_open(self, host: str) -> bool:
        return self._open is None or host in self._open

    def _may_resolve(self, host: str) -> bool:
        return self._is_open(host) or host in self._opted_out or host == self._proxy_host
