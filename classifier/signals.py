"""Counter-vocabulary: prices, products, tenders, visits, opinions; what looks like the subject and is no act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.evidence import at_hit
from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.actors import Deed
    from classifier.evidence import Measure
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_OFTEN_IN_LEAD = 3
"""Mentions of counter-vocabulary in the lead from which it sets the tone."""
_SPARED = 0.7
_SPARABLE = frozenset({"company", "crime", "price", "product", "background"})
_PER_MENTION = 40
_PER_MENTION_LATIN = 60
"""Characters of the body to one mention from which counter-vocabulary fills it."""


def find_signals(reading: Reading, deeds: Sequence[Deed]) -> Iterator[Measure]:
    """Yield counter-vocabulary: once a signal in the title, once in the lead, and once for the whole text.

    What an authority does to a company is told in the words of companies: the surer the title's act, the less they say.
    """
    spared = 1 - _SPARED * max((deed.strength for deed in deeds if deed.clause.zone is Zone.TITLE), default=0.0)
    lead = [hit.concept.signal for _, hit in _market(reading, Zone.LEAD)]
    seen: set[tuple[Zone, str]] = set()
    for clause, hit in (*_market(reading, Zone.TITLE), *_market(reading, Zone.LEAD)):
        signal = hit.concept.signal
        if (clause.zone, signal) in seen:
            continue
        seen.add((clause.zone, signal))
        share = min(1.0, lead.count(signal) / _OFTEN_IN_LEAD)
        if clause.zone is Zone.TITLE:
            share = spared if signal in _SPARABLE else 1.0
        yield at_hit(f"signal.{signal}.{clause.zone.value}", share * hit.concept.weight, reading, clause, hit)
    yield from _signals_in_body(reading)


def _market(reading: Reading, zone: Zone) -> list[tuple[Clause, Hit]]:
    return [(clause, hit) for clause in reading.zone(zone) for hit in clause.of(ConceptKind.MARKET)]


def _signals_in_body(reading: Reading) -> Iterator[Measure]:
    found = _market(reading, Zone.BODY)
    if not found:
        return
    length = sum(clause.end - clause.start for clause in reading.zone(Zone.BODY))
    per_mention = _PER_MENTION if reading.is_chinese else _PER_MENTION_LATIN
    share = min(1.0, len(found) * per_mention / length)
    yield at_hit("signal.body", share, reading, *found[0], concept="pattern.counter-vocabulary")
