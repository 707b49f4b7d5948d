"""The proper names of an item's title and opening, weighed by how rare they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.story_words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifier.story_bridge import Bridge
    from classifier.story_rarity import Rarity

MOST_NAMES = 12
_LEAST_NAME = 0.55
"""Rarity from which a capitalised word is a name: names are no words of everyday."""
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.&-]{3})[A-Za-z][A-Za-z0-9]*(?:[.&-][A-Za-z0-9]+)*")
_SMALL = re.compile(r"\b[a-z]{3,}\b")
_START = re.compile(r"^\W*|[.!?:\n]\W*")
_IN_OPENING = 0.5
"""Share of a name in the opening: only those of the title are what an item is about for certain."""
_TITLE_CASE = 0.6
"""Share of capitalised words above which a headline is in title case."""


def find_names(
    zones: Iterable[tuple[str, Sequence[str]]], rarity: Rarity, bridge: Bridge, *, is_chinese: bool
) -> dict[str, float]:
    """Return proper names, folded, with their weights: those of the vocabulary, and others in Latin letters.

    In English a name is what is written with a capital where no sentence begins, and not in small letters as well; a
    headline in title case says nothing of that.

    Args:
        zones: Title and opening of the text, as written, each with its meanings.
        rarity: Of words and meanings; what is common is no name.
        bridge: Knows the names of the vocabulary.
        is_chinese: Whether the text is; what stands in Latin letters there is a name with a capital or without.
    """
    found: dict[str, float] = {}
    (title, _), (opening, _) = parts = tuple(zones)
    small = set() if is_chinese else set(_SMALL.findall(opening))
    for (text, meanings), share in zip(parts, (1.0, _IN_OPENING), strict=True):
        known = ((name, rarity.of_meaning(f"={name}")) for name in bridge.names(meanings))
        written = (name.lower() for name in _capitalised(text, is_chinese=is_chinese, is_title=text is title))
        others = ((name, rarity.of_word(stem(name))) for name in written if name not in small and not bridge.has(name))
        for name, weight in (*known, *others):
            if name not in found and weight >= _LEAST_NAME:
                found[name] = weight * share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMES])


def _capitalised(text: str, *, is_chinese: bool, is_title: bool) -> Iterator[str]:
    words = [match[0] for match in _NAME.finditer(text)]
    large = [word for word in words if not word.islower()]
    if is_chinese:
        yield from large
    elif not is_title or len(large) <= _TITLE_CASE * len(words):
        starts = {match.end() for match in _START.finditer(text)}
        yield from (
            match[0] for match in _NAME.finditer(text) if not match[0].islower() and match.start() not in starts
        )
    else:
        yield from (word for word in large if not word.istitle())
