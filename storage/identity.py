"""Under which keys an item is recognised again. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.hashing import entry_hash
from core.urls import canonical_url

if TYPE_CHECKING:
    from core.item import Entry, Item

_MAX_KEY = 512
"""Longest key kept readable, in code points. PostgreSQL indexes at most 2,704 bytes, a third of them when compressed
text does not shrink, and 512 code points of UTF-8 are at most 2,048 bytes."""


def entry_keys(entry: Entry) -> tuple[str, ...]:
    """Return the keys of an entry, the most trusted first; never empty.

    The guid counts within its source only, the canonical address everywhere. An entry without both is known by its
    title within its source.
    """
    return _keys(entry.source_id, guid=entry.guid, url=canonical_url(entry.url), title=entry.title)


def item_keys(item: Item) -> tuple[str, ...]:
    """Return the keys that belong to an item and to no other; never empty."""
    return _keys(item.source_id, guid=item.guid, url=item.canonical_url, title=item.title)


def spare_keys(item: Item) -> tuple[str, ...]:
    """Return further keys that lead to an item unless they lead to another already.

    A list's address may redirect, so that the address listed and the address of the page are two.
    """
    url = canonical_url(item.url)
    return (_bounded("url", url),) if url and url != item.canonical_url else ()


def _keys(source_id: str, *, guid: str | None, url: str, title: str) -> tuple[str, ...]:
    keys = []
    if guid:
        keys.append(_bounded(f"guid:{source_id}", guid))
    if url:
        keys.append(_bounded("url", url))
    return tuple(keys) or (_bounded(f"title:{source_id}", entry_hash(title, "")),)


def _bounded(kind: str, value: str) -> str:
    key = f"{kind}:{value}"
    if len(key) <= _MAX_KEY:
        return key
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
    return f"{kind}:sha256:{digest}"
