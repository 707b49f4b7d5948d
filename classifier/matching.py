"""Finds lexicon concepts in text: overlapping matches, word boundaries for Latin, guards, and the longest of a kind."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, Implementation

from classifier.folding import fold
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.lexicon import Concept, Lexicon

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_VOWELS = frozenset("aeiou")
_EITHER = frozenset({ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME})
_WHERE = frozenset({ConceptKind.AUTHORITY, ConceptKind.PLACE})


@dataclass(frozen=True, slots=True)
class Hit:
    """One concept at one place."""

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
    is_guard: bool = False


class LexiconMatcher:
    """A lexicon compiled for search. Immutable, safe in any thread."""

    def __init__(self, lexicon: Lexicon) -> None:
        names: dict[str, list[_Name]] = {}
        for concept in lexicon.concepts:
            for name in concept.names:
                exact = _exact(name)
                for form in _forms(fold(name.removeprefix("="))):
                    names.setdefault(form, []).append(_Name(concept, exact))
            for phrase in concept.not_in:
                names.setdefault(fold(phrase), []).append(_Name(concept, "", is_guard=True))
        self._names = list(names.values())
        self._automaton = AhoCorasick(list(names), implementation=Implementation.DFA)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the concepts in a text by start, longest first; none of a kind lies inside another of the kind."""
        folded = fold(text)
        hits: list[Hit] = []
        guards: dict[str, list[tuple[int, int]]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if not _is_word(folded, start, end):
                continue
            for name in self._names[index]:
                if name.is_guard:
                    guards.setdefault(name.concept.id, []).append((start, end))
                elif not name.exact or unicodedata.normalize("NFKC", text[start:end]) == name.exact:
                    hits.append(Hit(name.concept, start, end))
        return tuple(_resolve(hits, guards))


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


def _resolve(hits: Iterable[Hit], guards: dict[str, list[tuple[int, int]]]) -> Iterator[Hit]:
    """Drop what a guard, a mask or a longer name of the same kind covers."""
    reach: dict[str, int] = {}
    masked = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, not hit.concept.masks)):
        family = _family(hit.concept)
        covered = hit.end <= reach.get(family, 0) or (hit.end <= masked and not hit.concept.masks)
        if covered or any(start <= hit.start and hit.end <= end for start, end in guards.get(hit.concept.id, ())):
            continue
        reach[family] = max(reach.get(family, 0), hit.end)
        if hit.concept.masks:
            masked = max(masked, hit.end)
        yield hit


def _family(concept: Concept) -> str:
    """Return which concepts compete for the longest match: a place inside an authority's name is not one."""
    if concept.kind in _EITHER:
        return "subject"
    if concept.kind in _WHERE:
        return "where"
    # Counter-signals speak for different things, and may share words.
    return concept.signal or concept.kind.value
