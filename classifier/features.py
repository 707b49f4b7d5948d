"""What a document is about: where technologies stand in it, how often, and whether in passing only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.evidence import at_hit, at_span
from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.actors import Deed
    from classifier.evidence import Measure
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

SUBJECTS = (ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME)
"""Kinds that say what about."""
_RANK = {Zone.TITLE: 1.0, Zone.LEAD: 0.65, Zone.BODY: 0.15}
_DOCUMENT_TITLE_RANK = 0.85
"""Which mention is the best-placed: the title's, then one in a paper's name in the lead, the lead's, the body's."""
_ENUMERATION = re.compile(r"[、,，]")
_MANY = 3
"""Separators near a mention that make it one item of a list."""
_NEAR = 16
_NEAR_LATIN = 45
_HEADLINE_ON_OTHER = 0.5
_PASSING_SHARE = 0.5
"""Share of the text's clauses that name a technology, below which it is not the subject."""
_OFTEN = 4
"""Mentions in the text from which a technology counts as its subject."""

Placed = tuple["Clause", "Hit"]
"""A mention with the clause it stands in."""


def is_enumerated(reading: Reading, clause: Clause, hit: Hit) -> bool:
    """Tell whether a mention is one item of a longer list."""
    near = _NEAR if reading.is_chinese else _NEAR_LATIN
    around = reading.surface(clause.zone, max(clause.start, hit.start - near), min(clause.end, hit.end + near))
    return len(_ENUMERATION.findall(around)) >= _MANY


def find_subjects(reading: Reading, deeds: Sequence[Deed], *, is_official: bool) -> Iterator[Measure]:
    """Yield the best-placed mention of a technology, and how far the text is about it.

    Args:
        reading: The document.
        deeds: What is done in each of its clauses.
        is_official: Whether the title has the form of an authority's own paper.
    """
    placed = [(clause, hit) for clause in reading.clauses for hit in clause.of(*SUBJECTS)]
    if not placed:
        yield at_span("no-technology", 1.0, reading, Zone.TITLE, (0, 0))
        return
    best = max(placed, key=lambda pair: _rank(reading, *pair))
    yield at_hit(_feature(reading, *best), best[1].concept.weight, reading, *best)
    in_text = [pair for pair in placed if pair[0].zone is not Zone.TITLE]
    yield from _returns(reading, best, in_text)
    if best[0].zone is not Zone.TITLE:
        on_other = _titled_otherwise(reading, deeds, is_official=is_official)
        if on_other:
            yield at_span("title-on-other", on_other, reading, Zone.TITLE, (0, len(reading.title)))
        yield from _passing(reading, placed)


def _rank(reading: Reading, clause: Clause, hit: Hit) -> float:
    rank = _DOCUMENT_TITLE_RANK if _names_paper(reading, clause, hit) else _RANK[clause.zone]
    return rank * hit.concept.weight


def _feature(reading: Reading, clause: Clause, hit: Hit) -> str:
    place = "document-title" if _names_paper(reading, clause, hit) else clause.zone.value
    return f"technology.{place}"


def _names_paper(reading: Reading, clause: Clause, hit: Hit) -> bool:
    """Tell whether a mention is in the name of a paper that the lead reports."""
    return clause.zone is Zone.LEAD and reading.is_in_book_title(clause.zone, hit)


def _returns(reading: Reading, best: Placed, in_text: Sequence[Placed]) -> Iterator[Measure]:
    """Yield how often the text comes back to technologies, and in what share of its clauses."""
    mentions = sum(hit.concept.weight for _, hit in in_text)
    if mentions > 1:
        strength = min(1.0, mentions / _OFTEN)
        yield at_hit("technology.repeated", strength, reading, *best, concept="pattern.technology-repeated")
    lead = max((pair for pair in in_text if pair[0].zone is Zone.LEAD), key=_weight, default=None)
    if lead and best[0].zone is Zone.TITLE:
        yield at_hit("technology.also-lead", _weight(lead), reading, *lead, concept="pattern.technology-also-lead")
    share = len({clause.start for clause, _ in in_text}) / max(1, len(reading.zone(Zone.LEAD, Zone.BODY)))
    if in_text and share:
        yield at_hit("technology.share", share, reading, *in_text[0], concept="pattern.technology-share")


def _weight(pair: Placed) -> float:
    return pair[1].concept.weight


def _titled_otherwise(reading: Reading, deeds: Sequence[Deed], *, is_official: bool) -> float:
    """Return how surely a title without technology names another subject: 0 to 1.

    A paper's own title says what it is on. So does a headline that tells who issues what, unless the lead's first
    clause brings a technology in.
    """
    if is_official:
        return 1.0
    if reading.opening and reading.opening.of(*SUBJECTS):
        return 0.0
    full = any(deed.clause.zone is Zone.TITLE and deed.actor and deed.verb and deed.instrument for deed in deeds)
    return _HEADLINE_ON_OTHER if full else 0.0


def _passing(reading: Reading, placed: Sequence[Placed]) -> Iterator[Measure]:
    """Yield that technologies are named in passing only: in lists, or in few clauses of many."""
    if all(is_enumerated(reading, *pair) for pair in placed):
        yield at_hit("technology.enumerated", 1.0, reading, *placed[0], concept="pattern.enumerated-only")
        return
    total = len(reading.zone(Zone.LEAD, Zone.BODY))
    share = len({clause.start for clause, _ in placed}) / total
    if total >= _MANY and share < _PASSING_SHARE:
        strength = 1 - share / _PASSING_SHARE
        yield at_hit("technology.passing", strength, reading, *placed[0], concept="pattern.in-passing")
