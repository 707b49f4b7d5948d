"""What kind of act an item is or reports: votes of instruments and verbs by where they stand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.classification import ACTS, Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.actors import Deed
    from classifier.reading import Reading

_PAPER = {Zone.TITLE: 3.0, Zone.LEAD: 1.0, Zone.BODY: 0.1}
_VERB = {Zone.TITLE: 2.0, Zone.LEAD: 0.7, Zone.BODY: 0.05}
_FIRST_CLAUSE = 1.5
_ACTS = 1.5
_NOTICE = 0.35
"""Most papers come under cover of a notice; it names the act only where nothing else does."""
_STATEMENT = 0.5
"""Every report has its `said`; a statement is the act only where nothing else is."""


def find_act(reading: Reading, deeds: tuple[Deed, ...]) -> str:
    """Return the kind of act with the most votes, or `none`."""
    votes: dict[str, float] = defaultdict(float)
    acting = {(deed.clause.zone, deed.clause.start) for deed in deeds if deed.strength > 0.3}
    first = next((clause for clause in reading.zone(Zone.LEAD)), None)
    for clause in reading.clauses:
        factor = _FIRST_CLAUSE if clause is first else 1.0
        factor *= _ACTS if (clause.zone, clause.start) in acting else 1.0
        for hit in clause.of(ConceptKind.INSTRUMENT, ConceptKind.ACT):
            by_zone = _PAPER if hit.concept.kind is ConceptKind.INSTRUMENT else _VERB
            if hit.concept.act not in {"", "none"}:
                votes[hit.concept.act] += by_zone[clause.zone] * hit.concept.weight * factor
    votes["notice"] *= _NOTICE
    votes["statement"] *= _STATEMENT
    best = max(votes, key=lambda act: (votes[act], -ACTS.index(act)))
    return best if votes[best] > 0 else "none"
