"""Counter-vocabulary: prices, products, tenders, visits, opinions; what looks like the subject and is no act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.evidence import hit_evidence
from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.actors import Deed
    from classifier.reading import Reading
    from classifier.weights import Weights
    from core.classification import Evidence

_OFTEN_IN_LEAD = 3
"""Mentions of counter-vocabulary in the lead from which it sets the tone."""
_SPARED = 0.7
_SPARABLE = frozenset({"company", "crime", "price", "product", "background"})
_PER_MENTION = 40
_PER_MENTION_LATIN = 60
"""Characters of the body to one mention from which counter-vocabulary fills it."""


def find_signals(reading: Reading, deeds: Sequence[Deed], weights: Weights) -> Iterator[Evidence]:
    """Yield counter-vocabulary: once a signal in the title, once in the lead, and once for the whole text.

    What an authority does to a company is told in the words of companies: the surer the title's act, the less they say.
    """
    spared = 1 - _SPARED * max((deed.strength for deed in deeds if deed.clause.zone is Zone.TITLE), default=0.0)
    lead = [hit.concept.signal for clause in reading.zone(Zone.LEAD) for hit in clause.of(ConceptKind.MARKET)]
    seen: set[tuple[Zone, str]] = set()
    for clause in reading.zone(Zone.TITLE, Zone.LEAD):
        for hit in clause.of(ConceptKind.MARKET):
            signal = hit.concept.signal
            if (clause.zone, signal) in seen:
                continue
            seen.add((clause.zone, signal))
            if clause.zone is Zone.TITLE:
                weight = weights.signal_in_title[signal] * (spared if signal in _SPARABLE else 1.0)
            else:
                weight = weights.signal_in_lead[signal] * min(1.0, lead.count(signal) / _OFTEN_IN_LEAD)
            if weight:
                yield hit_evidence(reading, clause, hit, weight * hit.concept.weight)
    yield from _signals_in_body(reading, weights)


def _signals_in_body(reading: Reading, weights: Weights) -> Iterator[Evidence]:
    found = [(clause, hit) for clause in reading.zone(Zone.BODY) for hit in clause.of(ConceptKind.MARKET)]
    if not found:
        return
    length = sum(clause.end - clause.start for clause in reading.zone(Zone.BODY))
    per_mention = _PER_MENTION if reading.is_chinese else _PER_MENTION_LATIN
    share = min(1.0, len(found) * per_mention / length)
    yield hit_evidence(
        reading, *found[0], weights.signal_in_body * share, concept="pattern.counter-vocabulary"
    )  # fmt: skip
