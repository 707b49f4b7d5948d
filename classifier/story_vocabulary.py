"""The words of news in Chinese and English by what they mean, from the files beside this module. Pure but for those.

A line of a file is one meaning: its Chinese words, a colon, and its English ones. Files of names and places ask for a
capital letter in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from classifier.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = "meanings"
_NAMES, _PLACES = "names", "places"
_HAN = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"[a-z0-9]+(?:['&.][a-z0-9]+)*(?: [a-z0-9]+(?:['&.][a-z0-9]+)*)*")
_SHORTEST = 2
"""Characters of a Chinese word: single ones have too many senses."""
_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
"""Ends of short verbs that double their last letter: `plan`, `cut`, `ship`."""
_SIBILANT = ("s", "x", "z", "ch", "sh")
_INFLECTED = 3
"""Letters from which a word has forms."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What words mean; a meaning is called `=` and its first English word."""

    han: Mapping[str, tuple[str, ...]]
    """Folded Chinese words."""
    latin: Mapping[str, tuple[str, ...]]
    """English words and phrases in small letters, all their forms."""
    capital: Mapping[str, tuple[str, ...]]
    """The same of names and places, in small letters too."""
    names: frozenset[str]
    """Meanings that are names of somebody or something."""


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the shipped words.

    Raises:
        ValueError: Where a line is not of the form that is asked for.
    """
    han: dict[str, tuple[str, ...]] = {}
    latin: dict[str, tuple[str, ...]] = {}
    capital: dict[str, tuple[str, ...]] = {}
    names: set[str] = set()
    for file in sorted(resources.files("classifier").joinpath(FOLDER).iterdir(), key=lambda one: one.name):
        sort = file.name.removesuffix(".yaml")
        for chinese, english in read_lines(file.read_text(encoding="utf-8")):
            meaning = f"={english[0]}"
            names |= {meaning} if sort == _NAMES else set()
            _add(han, chinese, meaning)
            if sort in (_NAMES, _PLACES):
                _add(capital, english, meaning)
            else:
                _add(latin, (form for phrase in english for form in forms(phrase)), meaning)
    return Vocabulary(han, latin, capital, frozenset(names))


def _add(table: dict[str, tuple[str, ...]], words: Iterator[str] | tuple[str, ...], meaning: str) -> None:
    for word in words:
        if meaning not in (known := table.get(word, ())):
            table[word] = (*known, meaning)


def read_lines(text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the folded Chinese and English words of each line.

    Raises:
        ValueError: Where a line is not of the form that is asked for.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Neither makes anything but texts of texts: `no` stays a word.
    lines: dict[str, str] = yaml.load(text, Loader=loader)  # noqa: S506
    for line, told in lines.items():
        chinese = tuple(fold(line).split(" "))
        # Folding makes a space of the dash, as in texts.
        english = tuple(fold(told).split(", "))
        if not all(len(word) >= _SHORTEST and _HAN.search(word) for word in chinese):
            raise ValueError(f"not all Chinese words of two characters and more: {line}")
        if not all(map(_ENGLISH.fullmatch, english)):
            raise ValueError(f"not all English words: {line}: {told}")
        yield chinese, english


def forms(phrase: str) -> Iterator[str]:
    """Yield an English phrase and its regular forms: its first word as a verb, its last as a noun."""
    first, _, rest = phrase.partition(" ")
    if not rest:
        yield from _spellings(_inflected(phrase))
        return
    start, _, last = phrase.rpartition(" ")
    yield from _spellings(f"{form} {rest}" for form in _inflected(first))
    yield from _spellings(f"{start} {form}" for form in (last, _plural(last)))


def _spellings(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        yield word
        american = re.sub(r"is(e[ds]?|ing|ations?)\b", r"iz\1", word)
        yield re.sub(r"tre(s?)\b", r"ter\1", american)


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_SIBILANT) else f"{word}s"


def _inflected(word: str) -> Iterator[str]:
    yield word
    if not word.isalpha() or len(word) < _INFLECTED:
        return
    yield _plural(word)
    if word.endswith("e"):
        yield from (f"{word}d", f"{word[:-1]}ing")
        return
    bare = f"{word[:-1]}i" if word.endswith("y") and word[-2:-1] not in "aeiou" else word
    yield from (f"{bare}ed", f"{word}ing")
    if _DOUBLED.search(word):
        yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")
