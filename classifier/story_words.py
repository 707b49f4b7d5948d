"""The words, meanings and Latin names of an item's title and opening, weighed by how rare they are."""

from __future__ import annotations

import re
import zlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from classifier.folding import fold
from classifier.glossary import Word, build_glossary
from core.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
_SMALL = re.compile(r"\b[a-z]{3,}\b")
_START = re.compile(r"^\W*|[.!?:\n]\W*")
_IN_OPENING = 0.5
"""Share of a name in the opening: only those of the title are what an item is about for certain."""
_TITLE_CASE = 0.6
"""Share of capitalised words above which a headline is in title case."""
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


def _stems(text: str) -> Iterator[str]:
    return (stem(word) for word in _LATIN.findall(fold(text)) if len(word) > 2)


@cache
def shipped_words() -> dict[str, dict[str, str]]:
    """Return the shipped names and words: Chinese, folded, to English."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = resources.files("classifier").joinpath("story_words.yaml").read_text(encoding="utf-8")
    # Neither makes anything but texts of texts.
    sections: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)  # noqa: S506
    return {section: {fold(word): english for word, english in part.items()} for section, part in sections.items()}


class Bridge:
    """From Chinese words to the stems of their English ones, by the shipped glossary."""

    def __init__(self) -> None:
        glossary, further = build_glossary(Lexicon(concepts=(), version="")), shipped_words()["words"]
        self._longest = max(glossary.longest, *map(len, further))
        english = {
            word: f"{term.english} {term.verb}"
            for word, term in glossary.terms.items()
            if len(word) > 1 and term.word is not Word.PARTICLE
        }
        for word, meant in further.items():
            english[word] = f"{english.get(word, '')} {meant}"
        self._stems = {word: tuple(dict.fromkeys(_stems(meant))) for word, meant in english.items()}
        self._names = shipped_words()["names"]
        longest_first = sorted(self._names, key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, longest_first)))
        self._known = frozenset(part for parts in self._stems.values() for part in parts)

    def stems(self, folded: str) -> Iterator[str]:
        """Yield the stems of all words of a folded text that the glossary knows in one of its languages."""
        for run in _HAN.findall(folded):
            yield from self._of_han(run)
        for word in _LATIN.findall(folded):
            if len(word) > 2 and (part := stem(word)) in self._known:
                yield part

    def names(self, folded: str) -> Iterator[str]:
        """Yield the English names of those that a folded Chinese text calls by their Chinese ones."""
        return (self._names[match[0]] for match in self._named.finditer(folded))

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
                found[word] = weight * weight * share
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {hashed(word): weight for word, weight in best}


def find_names(title: str, opening: str, rarity: Rarity, bridge: Bridge, *, is_chinese: bool) -> dict[str, float]:
    """Return proper names in Latin letters, folded, with their weights.

    In English a name is what is written with a capital where no sentence begins, and not in small letters as well; a
    headline in title case says nothing of that.

    Args:
        title: As written.
        opening: Of the text, as written.
        rarity: Of words; what is common is no name.
        bridge: For names in Chinese.
        is_chinese: Whether the text is; what stands in Latin letters there is a name with a capital or without.
    """
    found: dict[str, float] = {}
    small = set() if is_chinese else set(_SMALL.findall(opening))
    for text, share in ((title, 1.0), (opening, _IN_OPENING)):
        written = _capitalised(text, is_chinese=is_chinese, is_title=share == 1.0)
        for folded in (*(name.lower() for name in written), *bridge.names(fold(text))):
            if folded in found or folded in small:
                continue
            weight = rarity.of_word(stem(folded))
            if weight >= _LEAST_NAME:
                found[folded] = weight * share
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
