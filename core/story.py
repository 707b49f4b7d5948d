"""Which stored story a new relevant item belongs to. Pure.

A first, cautious linker: it joins only on strong, explainable ties, since a wrong join hides an event from its reader.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from core.documents import document_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.item import Item, ItemId

STORY_WINDOW = timedelta(days=30)
"""How far back exact copies are looked for."""
_EVENT_WINDOW = timedelta(days=4)
"""Reports of one act follow within days; the measured stories of the evaluation set span four at most."""
_YEARS = re.compile(r"(20\d\d)\s*(?:[-—–~至到]|年至|年—)\s*(20\d\d)")


def find_story(item: Item, candidates: Sequence[Item]) -> ItemId | None:
    """Return the story of the first candidate that tells the same event, or None.

    Args:
        item: A relevant item that is not stored yet.
        candidates: Relevant stored items, newest first.
    """
    for candidate in candidates:
        if same_event(item, candidate):
            return candidate.story_id or candidate.id
    return None


def same_event(one: Item, other: Item) -> str:
    """Say why two relevant items tell the same event; empty when nothing strong ties them.

    They must be of one jurisdiction, published within days of each other, and tell the same kind of act: either the
    document that is the subject of one is the subject or in the title of the other; or, across languages, where titles
    cannot be compared, they share all topics of the smaller set, at least two, and the period of years that the
    document covers. A draft and its final form are two events.
    """
    a, b = one.classification, other.classification
    if a is None or b is None or a.jurisdiction is None or a.jurisdiction != b.jurisdiction:
        return ""
    if abs(one.published.at - other.published.at) > _EVENT_WINDOW:
        return ""
    if _same_kind(a.act, b.act) and (shared := _shared_document(one, other)):
        return f"same document {shared}"
    if one.language[:2] == other.language[:2] or a.act != b.act:
        return ""
    topics = set(a.topics) & set(b.topics)
    periods = _periods(one) & _periods(other)
    if periods and len(topics) >= max(2, min(len(a.topics), len(b.topics))):
        return f"same authority, act, topics and period {min(periods)}"
    return ""


_ISSUING = frozenset({"plan", "guideline", "rule", "notice", "funding", "standard", "list", "paper", "licence", "tax"})
"""Acts that are the issuing of a document; readers of one document may well name them differently."""
_DISTINCT = 10
"""Folded characters from which a document's title is its own; shorter ones (`实施方案`, `Action Plan`) are shared."""


def _same_kind(one: str, other: str) -> bool:
    return one == other or {one, other} <= _ISSUING


def _shared_document(one: Item, other: Item) -> str:
    ours, theirs = _subjects(one), _subjects(other)
    shared = ours & theirs
    shared |= {key for key in ours if key in document_key(other.title)}
    shared |= {key for key in theirs if key in document_key(one.title)}
    return min(shared, default="")


def _subjects(item: Item) -> set[str]:
    """Return keys of the documents an item is about: its own number, those named in its title, else the first named."""
    named = item.classification.documents if item.classification else ()
    title = document_key(item.title)
    keys = [document_key(name) for name in named]
    about = {key for key in keys if key in title} or set(keys[:1])
    if item.document_numbers:
        about |= {title, item.document_numbers[0]}
    return {key for key in about if len(key) >= _DISTINCT}


def _periods(item: Item) -> set[str]:
    return {f"{start}-{end}" for start, end in _YEARS.findall(f"{item.title}\n{item.text}")}
