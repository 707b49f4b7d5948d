"""Who acts in a clause, and how surely: an authority by name, a sort of body, or a place that stands for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_PLACE_ACTS_WITHIN = 14
"""Characters between a place and the verb that makes it an actor (`上海市今日正式发布`)."""
_PLACE_ACTS_WITHIN_LATIN = 40
_PLACE_STRENGTH = 0.75
"""A place that acts is most often its government, but can be its people or its market."""
_TITLE_COLON = re.compile(r"[：:]")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a clause says is done: who, by which verb, with what paper; and how sure that is."""

    clause: Clause
    actor: Hit | None
    verb: Hit | None
    instrument: Hit | None
    strength: float
    """0 (nothing) to 1 (a named authority acts, with a verb and a paper)."""


def find_deed(reading: Reading, clause: Clause) -> Deed:
    """Find the act of a clause."""
    verbs, papers = clause.of(ConceptKind.ACT), clause.of(ConceptKind.INSTRUMENT)
    actor, actor_strength = _actor(reading, clause, (*verbs, *papers))
    verb, paper = _strongest(verbs), _strongest(papers)
    done = min(1.0, 0.65 * _weight(verb) + 0.65 * _weight(paper))
    return Deed(clause, actor, verb, paper, actor_strength * done)


def _actor(reading: Reading, clause: Clause, deeds: tuple[Hit, ...]) -> tuple[Hit | None, float]:
    authority = _strongest(clause.of(ConceptKind.AUTHORITY))
    best: tuple[Hit | None, float] = (authority, _weight(authority))
    within = _PLACE_ACTS_WITHIN if reading.is_chinese else _PLACE_ACTS_WITHIN_LATIN
    for place in clause.of(ConceptKind.PLACE):
        strength = _PLACE_STRENGTH * place.concept.weight
        if strength > best[1] and (_acts(place, deeds, within) or _is_headed(reading, clause, place)):
            best = (place, strength)
    return best


def _acts(place: Hit, deeds: tuple[Hit, ...], within: int) -> bool:
    return any(0 <= deed.start - place.end <= within for deed in deeds)


def _is_headed(reading: Reading, clause: Clause, place: Hit) -> bool:
    """Tell whether a headline names a place and a colon (`上海：…`), as flashes do."""
    after = reading.title[place.end : place.end + 1]
    return clause.zone is Zone.TITLE and place.start == clause.start and bool(_TITLE_COLON.match(after))


def _strongest(hits: tuple[Hit, ...]) -> Hit | None:
    return max(hits, key=lambda hit: hit.concept.weight, default=None)


def _weight(hit: Hit | None) -> float:
    return hit.concept.weight if hit else 0.0
