"""Sends requests through the configured proxy, or directly when none is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr
    from scrapy import Request
    from scrapy.crawler import Crawler


class ConfiguredProxy:
    """Names the proxy of every request for Scrapy's `HttpProxyMiddleware`.

    It names none explicitly where none is configured, so that proxy variables in the environment, which the address
    guard could not see through, are not picked up.
    """

    def __init__(self, proxy: SecretStr | None) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConfiguredProxy:
        """Build it from HONGTOU_PROXY, a `SecretStr` or None."""
        return cls(crawler.settings.get("HONGTOU_PROXY"))

    def process_request(self, request: Request) -> None:
        """Name the proxy."""
        request.meta.setdefault("proxy", self._proxy.get_secret_value() if self._proxy else None)
