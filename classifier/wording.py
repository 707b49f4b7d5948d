"""The wording of title and lead as short runs of words, in which names are replaced by what they are names of.

`<place>发布<technology>行动` is the same wording whatever the place and the technology: a model that learns from it
learns how acts are told, and nothing about subjects, which are the lexicon's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from classifier.folding import fold
from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.matching import Hit
    from classifier.reading import Reading

_MASKED = {
    ConceptKind.TECHNOLOGY: "<technology>",
    ConceptKind.PROGRAMME: "<technology>",
    ConceptKind.AUTHORITY: "<authority>",
    ConceptKind.PLACE: "<place>",
}
_TOKEN = re.compile(r"[\u3400-\u9fff]|[a-z][a-z'’]*|\d[\d.,]*|[《》【】：:?？、“”\"|$%]")
_LONGEST = 4
_LONGEST_LATIN = 2
"""Tokens of the longest run: four Chinese characters are two words."""


_SHORTEST_WORD = 4
"""Letters of a Latin word that is a run by itself."""


class Place(NamedTuple):
    """Where a run of words first stands."""

    zone: Zone
    start: int
    end: int


def find_wording(reading: Reading) -> dict[str, Place]:
    """Return every run of words of title and lead with its first place, title first."""
    found: dict[str, Place] = {}
    longest = _LONGEST if reading.is_chinese else _LONGEST_LATIN
    for zone in (Zone.TITLE, Zone.LEAD):
        tokens = tuple(_tokens(reading, zone))
        for first in range(len(tokens)):
            run = ""
            for token, _, end in tokens[first : first + longest]:
                is_telling = bool(run) or _tells(token)
                run += token if not run or _joins(token) else f" {token}"
                if is_telling:
                    found.setdefault(run, Place(zone, tokens[first][1], end))
    return found


def _tells(token: str) -> bool:
    """Tell whether a token says anything by itself: single characters, small words and names do not."""
    return token[0].isalpha() and len(token) >= _SHORTEST_WORD


def _joins(token: str) -> bool:
    """Tell whether a token follows without a space: all but Latin words do."""
    return not token[0].isascii() or token[0] == "<"


def _tokens(reading: Reading, zone: Zone) -> Iterator[tuple[str, int, int]]:
    clauses = reading.zone(zone)
    if not clauses:
        return
    text = fold(reading.title if zone is Zone.TITLE else reading.text[: clauses[-1].end])
    position = 0
    for hit in sorted((hit for clause in clauses for hit in clause.hits if hit.concept.kind in _MASKED), key=_by_start):
        if hit.start < position:
            continue
        yield from _words(text, position, hit.start)
        yield _MASKED[hit.concept.kind], hit.start, hit.end
        position = hit.end
    yield from _words(text, position, len(text))


def _by_start(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text, start, end):
        token = match.group()
        yield "0" if token[0].isdigit() else token, match.start(), match.end()
