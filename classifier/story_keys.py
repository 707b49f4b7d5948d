"""The keys under which tellings of one event find each other."""

from __future__ import annotations

import hashlib
from itertools import combinations, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.story_traits import StoryTraits

_Name = TypeVar("_Name", int, str)

MOST = 40
"""Keys of an item at most: the index has a row for each."""
_PAPERS, _NUMBERS, _NAMES, _FIGURES, _WORDS, _MEANINGS, _PAIRS = 8, 4, 5, 5, 4, 10, 3
"""How many of each sort; together at most `MOST`, but for rare cases that are cut."""


def find_keys(traits: StoryTraits) -> tuple[int, ...]:
    """Return an item's keys, the most telling first, each once and at most `MOST`."""
    return tuple(dict.fromkeys(map(_hashed, islice(dict.fromkeys(_named(traits)), MOST))))


def _named(traits: StoryTraits) -> Iterator[str]:
    yield from _some("number", [*sorted(traits.own_numbers), *sorted(traits.numbers)], _NUMBERS)
    yield from _some("paper", [*sorted(traits.subjects), *sorted(traits.documents)], _PAPERS)
    yield from _some("name", _best(traits.names), _NAMES)
    yield from _some("figure", _best(traits.figures), _FIGURES)
    yield from _pairs(traits)
    yield from _some("mean", _best(traits.meanings), _MEANINGS)
    yield from _some(traits.language, _best(traits.words), _WORDS)
    yield from (f"topic {traits.jurisdiction} {traits.act} {topic}" for topic in traits.topics[:2])


def _pairs(traits: StoryTraits) -> Iterator[str]:
    """Yield who or where, with what; and what with what."""
    what = _best(traits.concepts)[:_PAIRS]
    where = [*_best(traits.actors)[:_PAIRS], *_best(traits.places)[:2]]
    yield from (f"pair {one} {other}" for one in where for other in what)
    yield from (f"both {one} {other}" for one, other in combinations(sorted(what), 2))
    if not what:
        yield from (f"where {one}" for one in where)


def _some(sort: str, found: Iterable[object], most: int) -> Iterator[str]:
    return (f"{sort} {one}" for one in islice(found, most))


def _best(weights: Mapping[_Name, float]) -> list[_Name]:
    return sorted(weights, key=lambda name: (-weights[name], name))


def _hashed(key: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest(), "big", signed=True
    )
