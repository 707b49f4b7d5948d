"""Lists from another address than the source's own: their entries must be known by the same names. Pure.

RSSHub and RSS-Bridge can run anywhere, and put the host they run on into ids and relative links.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from core.item import Entry
    from core.listing import Listing


def as_from(listing: Listing, origin: str, own: str) -> Listing:
    """Return a list from one address with the identities that it would have from another.

    Ids that name the first address's host name the second's instead; an entry without an id whose link leads to that
    host leads to the second's. All else stays, so that pages are asked for where the list says.

    Args:
        listing: The list.
        origin: Address that it came from.
        own: The source's own address.
    """
    here, there = urlsplit(origin), urlsplit(own)
    if here.netloc == there.netloc:
        return listing
    root = f"{there.scheme}://{there.netloc}"
    return replace(listing, entries=tuple(_renamed(entry, here.netloc, root) for entry in listing.entries))


def _renamed(entry: Entry, host: str, root: str) -> Entry:
    if entry.guid:
        return replace(entry, guid=_moved(entry.guid, host, root))
    return replace(entry, url=_moved(entry.url, host, root))


def _moved(address: str, host: str, root: str) -> str:
    """Return an address, or an id that is one, with another scheme and host if it has the given host."""
    for prefix in (f"https://{host}", f"http://{host}"):
        if address == prefix or address.startswith((f"{prefix}/", f"{prefix}?")):
            return root + address.removeprefix(prefix)
    return address
