"""Which guids and links of one list tell its entries apart, judged by looking at the whole list.

Feeds repeat a broken guid on every item, or give the site's front page as every item's link; entries with different
titles must not be merged by either.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.item import Entry

_SHARED = 3
"""Entries with different titles from which a link is a page for all of them. Two may be one article whose title was
edited while the feed kept both."""


def with_sound_identity(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries without exact repetitions, with only those guids and links that identify one of them.

    A guid that stands for different links or titles is dropped. A link that stands for different titles is dropped
    when every entry has it or at least three do; such entries get a guid made of link and title if they have none.
    """
    distinct = tuple(dict.fromkeys(entries))
    guids = _ambiguous(distinct, lambda entry: entry.guid or "", lambda entry: (entry.url, entry.title), least=2)
    sound = tuple(dict.fromkeys(replace(entry, guid=None) if entry.guid in guids else entry for entry in distinct))
    least = min(_SHARED, max(2, len(sound)))
    links = _ambiguous(sound, lambda entry: entry.url, lambda entry: entry.title, least=least)
    return tuple(dict.fromkeys(_unlinked(entry) if entry.url in links else entry for entry in sound))


def _ambiguous(
    entries: Sequence[Entry], key: Callable[[Entry], str], meaning: Callable[[Entry], object], *, least: int
) -> frozenset[str]:
    """Return the keys that stand for at least so many different meanings."""
    meanings: dict[str, set[object]] = defaultdict(set)
    for entry in entries:
        meanings[key(entry)].add(meaning(entry))
    return frozenset(name for name, found in meanings.items() if name and len(found) >= least)


def _unlinked(entry: Entry) -> Entry:
    words = f"{entry.url}\n{entry.title}".encode()
    return replace(entry, url="", guid=entry.guid or f"link-title:{hashlib.sha256(words).hexdigest()[:32]}")
