"""What middlewares and handlers need to know of the source that a request is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.addresses import host_of

if TYPE_CHECKING:
    from core.source import Source


def source_meta(source: Source) -> dict[str, object]:
    """Return the meta of a request for a source: its headers and TLS count for its own host only."""
    own_host = host_of(source.url)
    meta: dict[str, object] = {"own_host": own_host, "own_headers": dict(source.headers), "tls": source.tls}
    if source.allow_private_addresses:
        meta["private_host"] = own_host
    return meta
