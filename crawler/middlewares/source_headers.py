"""Sends a source's own headers to its own host, and to no other: they may hold a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.addresses import host_of

if TYPE_CHECKING:
    from scrapy import Request


class SourceHeaders:
    """Sets the headers in `meta["own_headers"]` on requests to `meta["own_host"]`.

    Articles on other hosts, and redirects to them, go without; Scrapy copies the headers of a redirected request, so
    they are taken away again there.
    """

    def process_request(self, request: Request) -> None:
        """Set the headers, or take them away."""
        is_own = host_of(request.url) == request.meta.get("own_host")
        for name, value in request.meta.get("own_headers", {}).items():
            if is_own:
                request.headers[name] = value
            elif request.headers.get(name) == value.encode():
                del request.headers[name]
