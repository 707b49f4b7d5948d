"""The words, meanings and Latin names of an item's title and opening, weighed by how rare they are."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from classifier.folding import fold
from classifier.glossary import Word, build_glossary
from core.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from classifier.story_rarity import Rarity

MOST_WORDS = 64
"""Words kept of an item: those that weigh most."""
MOST_MEANINGS = 48
MOST_NAMES = 12
_LEAST = 0.3
"""Rarity from which a word is kept: below stand those of every second item."""
_LEAST_NAME = 0.55
"""Rarity from which a capitalised word is a name: names are no words of everyday."""
_STEM = 6
"""Letters that forms of one English word have in common: `regula` of regulate, regulation, regulator."""
_HASH = 0xFFFFFF

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z]+")
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.&-]{3})[A-Za-z][A-Za-z0-9]*(?:[.&-][A-Za-z0-9]+)*")
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


class Bridge:
    """From Chinese words to the stems of their English ones, by the shipped glossary."""

    def __init__(self) -> None:
        glossary = build_glossary(Lexicon(concepts=(), version=""))
        self._longest = glossary.longest
        self._stems = {
            word: tuple(
                dict.fromkeys(
                    stem(part) for part in _LATIN.findall(fold(f"{term.english} {term.verb}")) if len(part) > 2
                )
            )
            for word, term in glossary.terms.items()
            if len(word) > 1 and term.word is not Word.PARTICLE
        }
        self._known = frozenset(part for parts in self._stems.values() for part in parts)

    def stems(self, folded: str) -> Iterator[str]:
        """Yield the stems of all words of a folded text that the glossary knows in one of its languages."""
        for run in _HAN.findall(folded):
            yield from self._of_han(run)
        for word in _LATIN.findall(folded):
            if len(word) > 2 and (part := stem(word)) in self._known:
                yield part

    def _of_han(self, run: str) -> Iterator[str]:
        position = 0
        while position < len(run):
            for end in range(min(len(run), position + self._longest), position + 1, -1):
                if found := self._stems.get(run[position:end]):
                    yield from found
                    position = end
                    break
            else:
                position += 1


def weigh_words(zones: Iterable[tuple[Iterable[str], float]], rarity: Rarity, *, most: int) -> dict[int, float]:
    """Return the weightiest words of zones by their hashes, each as in the zone where it weighs most.

    Args:
        zones: Words, and how much the zone counts, at most 1.
        rarity: Of words.
        most: How many to keep.
    """
    found: dict[str, float] = {}
    for words, share in zones:
        for word in words:
            if word not in found and (weight := rarity.of_word(word)) >= _LEAST:
                found[word] = weight * share
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {hashed(word): weight for word, weight in best}


def find_names(zones: Iterable[tuple[str, float]], rarity: Rarity, *, known: Mapping[str, object]) -> dict[str, float]:
    """Return proper names in Latin letters, folded.

    Args:
        zones: Text as written, and how much it counts.
        rarity: Of words; what is common in small letters is no name.
        known: Folded words to leave out, as the lexicon knows them.
    """
    found: dict[str, float] = {}
    for text, share in zones:
        for match in _NAME.finditer(text):
            if match[0].islower():
                continue
            name = match[0].lower().removesuffix("'s")
            if name in found or name in known:
                continue
            weight = rarity.of_word(stem(name))
            if weight >= _LEAST_NAME:
                found[name] = weight * share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMES])
