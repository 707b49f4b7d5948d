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

    from core.classification import Classification
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

    They must be of one jurisdiction and kind of act, published within days of each other, and share either the title
    or number of the document that is their subject, or (across languages, where titles cannot be compared) all topics
    of the smaller set, at least two of them, and the period of years that the document covers.
    """
    a, b = one.classification, other.classification
    if a is None or b is None or a.jurisdiction != b.jurisdiction or a.act != b.act or a.jurisdiction is None:
        return ""
    if abs(one.published.at - other.published.at) > _EVENT_WINDOW:
        return ""
    if shared := _subjects(one, a) & _subjects(other, b):
        return f"same document {min(shared)}"
    if one.language[:2] == other.language[:2]:
        return ""
    topics = set(a.topics) & set(b.topics)
    periods = _periods(one) & _periods(other)
    if periods and len(topics) >= max(2, min(len(a.topics), len(b.topics))):
        return f"same authority, act, topics and period {min(periods)}"
    return ""


def _subjects(item: Item, judged: Classification) -> set[str]:
    """Return keys of the documents an item is about: those in its title, and the first it names."""
    in_title = {document_key(name) for name in judged.documents if document_key(name) in document_key(item.title)}
    first = {document_key(name) for name in judged.documents[:1]}
    return (in_title or first) | set(item.document_numbers[:1])


def _periods(item: Item) -> set[str]:
    return {f"{start}-{end}" for start, end in _YEARS.findall(f"{item.title}\n{item.text}")}
