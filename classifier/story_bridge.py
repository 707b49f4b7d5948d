"""From the words of either language to what they mean, by the shipped vocabulary and the glossary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.glossary import Word, build_glossary
from classifier.story_vocabulary import shipped_vocabulary
from classifier.story_words import stem
from core.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HAN = re.compile(r"[\u3400-\u9fff]")
_TOKEN = re.compile(r"[a-z0-9]+(?:['&.][a-z0-9]+)*")
_SHORTEST = 3
"""Letters of an English word that is known by its stem alone."""


class Bridge:
    """Finds meanings: those of the vocabulary, and of words that only the glossary knows the stems of their English."""

    def __init__(self) -> None:
        """Read the shipped files."""
        self._vocabulary = shipped_vocabulary()
        self._first: dict[str, int] = {}
        for phrase in (*self._vocabulary.latin, *self._vocabulary.capital):
            first, _, rest = phrase.partition(" ")
            self._first[first] = max(self._first.get(first, 1), 2 + rest.count(" ") if rest else 1)
        self._parts = frozenset(word for phrase in self._vocabulary.capital for word in phrase.split(" "))
        glossed = _glossed()
        self._known = frozenset(stem(word) for told in glossed.values() for word in _TOKEN.findall(told.lower()))
        self._han: dict[str, tuple[str, ...]] = {
            word: tuple(dict.fromkeys(self._of_latin(told.lower(), ""))) for word, told in glossed.items()
        }
        self._han |= self._vocabulary.han
        self._reach: dict[str, int] = {}
        for word in self._han:
            self._reach[word[:2]] = max(self._reach.get(word[:2], 0), len(word))

    def meanings(self, folded: str, surface: str) -> list[str]:
        """Return what a text means, word by word, the longest known word first.

        Args:
            folded: Text in folded form.
            surface: The same as written, of the same length: names have a capital.
        """
        found = [*self._of_latin(folded, surface)]
        if _HAN.search(folded):
            found += self._of_han(folded)
        return found

    def names(self, meanings: Sequence[str]) -> list[str]:
        """Return those meanings that are names, without their mark, each once."""
        return [one[1:] for one in dict.fromkeys(meanings) if one in self._vocabulary.names]

    def has(self, word: str) -> bool:
        """Tell whether an English word in small letters is one of a name's or place's in the vocabulary."""
        return word in self._parts

    def _of_latin(self, folded: str, surface: str) -> Iterator[str]:
        tokens = list(_TOKEN.finditer(folded))
        words = [token[0] for token in tokens]
        position = 0
        while position < len(words):
            word = words[position]
            for length in range(self._first.get(word, 0), 0, -1):
                phrase = word if length == 1 else " ".join(words[position : position + length])
                if found := self._phrase(phrase, surface, tokens[position].start()):
                    yield from found
                    position += length
                    break
            else:
                if len(word) >= _SHORTEST and (part := stem(word)) in self._known:
                    yield part
                position += 1

    def _phrase(self, phrase: str, surface: str, start: int) -> Sequence[str]:
        found = self._vocabulary.capital.get(phrase)
        if found and (not surface or not surface[start].islower()):
            return found
        return self._vocabulary.latin.get(phrase, ())

    def _of_han(self, folded: str) -> Iterator[str]:
        position, last = 0, len(folded) - 1
        while position < last:
            for length in range(self._reach.get(folded[position : position + 2], 0), 1, -1):
                if (found := self._han.get(folded[position : position + length])) is not None:
                    yield from found
                    position += length
                    break
            else:
                position += 1


def _glossed() -> Mapping[str, str]:
    """Return the English of Chinese words that are more than particles, by the glossary."""
    return {
        word: f"{term.english} {term.verb}"
        for word, term in build_glossary(Lexicon(concepts=(), version="")).terms.items()
        if len(word) > 1 and term.word is not Word.PARTICLE
    }
