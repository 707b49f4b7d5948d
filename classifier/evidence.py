"""Makes measures and their evidence: what was seen, how strongly, where it stands; and later what it weighs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.classification import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from classifier.matching import Hit
    from classifier.reading import Clause, Reading
    from core.classification import Zone


@dataclass(frozen=True, slots=True)
class Measure:
    """How strongly one feature was seen, and where. What it weighs is the model's."""

    feature: str
    """Of `classifier.weights.FEATURES`."""
    strength: float
    """Above 0, at most 1."""
    places: tuple[Evidence, ...]
    """At least one, each with contribution 0."""

    def weighed(self, weight: float) -> Iterator[Evidence]:
        """Yield the places with their contributions, which sum to `weight * strength`."""
        share = weight * self.strength / len(self.places)
        for place in self.places:
            yield replace(place, contribution=share)


def at_hit(feature: str, strength: float, reading: Reading, clause: Clause, hit: Hit, *, concept: str = "") -> Measure:
    """Return a measure taken at one hit: of its concept, or of a pattern that is seen there (`concept`)."""
    return Measure(feature, strength, (hit_evidence(reading, clause, hit, concept=concept),))


def at_hits(feature: str, strength: float, reading: Reading, clause: Clause, hits: Iterable[Hit]) -> Measure:
    """Return a measure taken at several hits of one clause together."""
    return Measure(feature, strength, tuple(hit_evidence(reading, clause, hit) for hit in hits))


def at_span(feature: str, strength: float, reading: Reading, zone: Zone, span: tuple[int, int]) -> Measure:
    """Return a measure that no concept stands for; an empty span where it is of the document as a whole."""
    return Measure(feature, strength, (pattern_evidence(reading, feature, zone, span),))


def hit_evidence(reading: Reading, clause: Clause, hit: Hit, *, concept: str = "") -> Evidence:
    """Return evidence at a hit that has not been weighed: of its concept, or of a pattern that is seen there."""
    return Evidence(
        concept=concept or hit.concept.id,
        kind="pattern" if concept else hit.concept.kind.value,
        zone=clause.zone,
        start=hit.start,
        end=hit.end,
        text=reading.surface(clause.zone, hit.start, hit.end),
        contribution=0.0,
    )


def pattern_evidence(reading: Reading, name: str, zone: Zone, span: tuple[int, int]) -> Evidence:
    """Return evidence of a pattern that has not been weighed."""
    text = reading.surface(zone, *span)
    return Evidence(
        concept=f"pattern.{name}", kind="pattern", zone=zone, start=span[0], end=span[1], text=text, contribution=0.0
    )


def mention_evidence(reading: Reading, counted: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the first mention of each concept in each zone that counted for nothing, in order, for information."""
    seen = {(part.zone, part.concept) for part in counted}
    mentions: list[Evidence] = []
    for clause in reading.clauses:
        for hit in clause.hits:
            if (clause.zone, hit.concept.id) not in seen:
                seen.add((clause.zone, hit.concept.id))
                mentions.append(hit_evidence(reading, clause, hit))
    return tuple(mentions)
