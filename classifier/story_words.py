"""The words and meanings of an item's title and opening, weighed by how rare they are."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


MOST_WORDS = 64
"""Words kept of an item: those that weigh most."""
MOST_MEANINGS = 48
_LEAST = 0.3
"""Rarity from which a word is kept: below stand those of every second item."""
_STEM = 6
"""Letters that forms of one English word have in common: `regula` of regulate, regulation, regulator."""
_HASH = 0xFFFFFF

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z]+")
_EMPTY = frozenset("的了在是和与及等将就为以至也已对从由被于其这那有不一")
"""Characters that no piece of meaning holds."""


def hashed(word: str) -> int:
    """Return 24 bits that stand for a word."""
    return zlib.crc32(word.encode()) & _HASH


def stem(word: str) -> str:
    """Return what forms of an English word in small letters have in common."""
    bare = word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
    bare = bare[:-2] if bare.endswith(("ed", "er")) and len(bare) > 5 else bare
    return bare.removesuffix("e")[:_STEM] if len(bare) > 4 else bare


def pieces(folded: str) -> Iterator[str]:
    """Yield the pieces of a folded text: pairs of Chinese characters, and stems of Latin words."""
    for run in _HAN.findall(folded):
        for start in range(len(run) - 1):
            if run[start] not in _EMPTY and run[start + 1] not in _EMPTY:
                yield run[start : start + 2]
    for word in _LATIN.findall(folded):
        if len(word) > 2:
            yield stem(word)


def weigh_words(
    zones: Iterable[tuple[Iterable[str], float]], rarity_of: Callable[[str], float], *, most: int
) -> dict[int, float]:
    """Return the weightiest words of zones by their hashes, each as in the zone where it weighs most.

    Args:
        zones: Words, and how much the zone counts, at most 1.
        rarity_of: Tells how rare a word is, as `Rarity.of_word` does.
        most: How many to keep.
    """
    found: dict[str, float] = {}
    for words, share in zones:
        for word in words:
            if word not in found and (weight := rarity_of(word)) >= _LEAST:
                found[word] = weight * weight * share
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {hashed(word): weight for word, weight in best}
