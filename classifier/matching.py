"""Finds lexicon concepts in text: overlapping matches, word boundaries for Latin, guards, and the longest of a kind."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from classifier.folding import fold, fold_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.lexicon import Concept, Lexicon

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_VOWELS = frozenset("aeiou")


class Hit(NamedTuple):
    """One concept at one place. A tuple because texts hold hundreds: frozen dataclasses take thrice as long to make."""

    concept: Concept
    start: int
    end: int
    """Offset after the last character, a plural ending not included."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One folded name in the automaton."""

    concept: Concept
    exact: str
    """The only spelling that counts, or empty when case does not matter."""
    family: str
    """Concepts of one family compete for the longest match."""
    order: tuple[bool, int]
    """Among names at one place: masks before what they hide, then the order of the lexicon; no two are alike."""
    is_guard: bool = False


_Found = tuple[int, int, tuple[bool, int], _Name]
"""Start, end as a negative number so that the longest comes first, order, name."""


class LexiconMatcher:
    """A lexicon compiled for search. Immutable, safe in any thread."""

    def __init__(self, lexicon: Lexicon) -> None:
        names: dict[str, list[_Name]] = {}
        count = itertools.count()
        written = [(concept, name) for concept in lexicon.concepts for name in concept.names]
        for (concept, name), folded in zip(
            written, fold_all([name.removeprefix("=") for _, name in written]), strict=True
        ):
            for form in _forms(folded):
                order = (not concept.masks, next(count))
                names.setdefault(form, []).append(_Name(concept, _exact(name), concept.family, order))
        guards = [(concept, phrase) for concept in lexicon.concepts for phrase in concept.not_in]
        for (concept, _), folded in zip(guards, fold_all([phrase for _, phrase in guards]), strict=True):
            order = (True, next(count))
            names.setdefault(folded, []).append(_Name(concept, "", concept.family, order, is_guard=True))
        self._names = list(names.values())
        self._has_latin_edge = [form[0] in _LATIN or form[-1] in _LATIN for form in names]
        # With 18,000 names a DFA takes 170 MB and falls out of the cache: 22 MB/s, against 34 for this one.
        self._automaton = AhoCorasick(list(names), implementation=Implementation.ContiguousNFA)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the concepts in a text by start, longest first; none of a kind lies inside another of the kind."""
        folded = fold(text)
        found: list[_Found] = []
        guards: dict[str, list[tuple[int, int]]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if self._has_latin_edge[index] and not _is_word(folded, start, end):
                continue
            for name in self._names[index]:
                if name.is_guard:
                    guards.setdefault(name.concept.id, []).append((start, end))
                elif not name.exact or unicodedata.normalize("NFKC", text[start:end]) == name.exact:
                    found.append((start, -end, name.order, name))
        # Plain tuples, compared without a key function: this is the innermost loop of the program.
        found.sort()
        return tuple(_resolve(found, guards))


def _resolve(found: Iterable[_Found], guards: Mapping[str, Sequence[tuple[int, int]]]) -> Iterator[Hit]:
    """Drop what a guard, a mask or a longer name of the same kind covers."""
    reach: dict[str, int] = {}
    masked = 0
    for start, negative_end, _, name in found:
        end, concept = -negative_end, name.concept
        if end <= reach.get(name.family, 0) or (end <= masked and not concept.masks):
            continue
        if guards and any(first <= start and end <= last for first, last in guards.get(concept.id, ())):
            continue
        reach[name.family] = end
        if concept.masks:
            masked = max(masked, end)
        yield Hit(concept, start, end)


def _exact(name: str) -> str:
    """Return the required spelling of names in capitals only (`AI`, `SEC`) and of those that ask for it by `=`."""
    if name.startswith("="):
        return name[1:]
    return name if name.isascii() and name.isupper() and len(name) < 6 else ""


def _forms(folded: str) -> Iterator[str]:
    """Yield a folded name and its plural where that changes the ending (`currency`, `currencies`)."""
    yield folded
    if len(folded) > 3 and folded[-1] == "y" and folded[-2] in _LATIN - _VOWELS:
        yield folded[:-1] + "ies"


def _is_word(folded: str, start: int, end: int) -> bool:
    r"""Tell whether a match does not cut into a Latin word; a plural or possessive `s` may follow.

    `\b` will not do: it takes Chinese characters for word characters too, so it finds no border in `AI政策`.
    """
    if folded[start] in _LATIN and start and folded[start - 1] in _LATIN:
        return False
    if folded[end - 1] not in _LATIN or end == len(folded) or folded[end] not in _LATIN:
        return True
    for ending in ("s", "es"):
        after = end + len(ending)
        if folded.startswith(ending, end) and (after == len(folded) or folded[after] not in _LATIN):
            return not folded[end - 1].isdigit()
    return False
