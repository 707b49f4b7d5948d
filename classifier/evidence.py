"""Makes evidence: what spoke for or against, where it stands, and what it added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.classification import Evidence

if TYPE_CHECKING:
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading
    from core.classification import Zone


def hit_evidence(reading: Reading, clause: Clause, hit: Hit, contribution: float, *, concept: str = "") -> Evidence:
    """Return evidence at a hit: of its concept, or of a pattern that is seen there (`concept`)."""
    return Evidence(
        concept=concept or hit.concept.id,
        kind="pattern" if concept else hit.concept.kind.value,
        zone=clause.zone,
        start=hit.start,
        end=hit.end,
        text=reading.surface(clause.zone, hit.start, hit.end),
        contribution=contribution,
    )


def pattern_evidence(reading: Reading, name: str, zone: Zone, span: tuple[int, int], contribution: float) -> Evidence:
    """Return evidence that no concept stands for; an empty span where it is of the document as a whole."""
    text = reading.surface(zone, *span)
    return Evidence(
        concept=f"pattern.{name}", kind="pattern", zone=zone, start=span[0], end=span[1], text=text,
        contribution=contribution,
    )  # fmt: skip


def mention_evidence(reading: Reading, counted: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the first mention of each concept in each zone that counted for nothing, in order, for information."""
    seen = {(part.zone, part.concept) for part in counted}
    mentions: list[Evidence] = []
    for clause in reading.clauses:
        for hit in clause.hits:
            if (clause.zone, hit.concept.id) not in seen:
                seen.add((clause.zone, hit.concept.id))
                mentions.append(hit_evidence(reading, clause, hit, 0.0))
    return tuple(mentions)
