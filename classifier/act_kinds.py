"""What kind of act an item is or reports: votes of papers and verbs by where they stand, weighed by a model."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from classifier.act_model import act_features, load_act_model
from core.classification import ACTS, Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.actors import Deed
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_PAPER = {Zone.TITLE: 3.0, Zone.LEAD: 1.0, Zone.BODY: 0.1}
_VERB = {Zone.TITLE: 2.0, Zone.LEAD: 0.7, Zone.BODY: 0.05}
_FIRST_CLAUSE = 1.5
_ACTS = 1.5
_HEAD = 1.4
"""The last paper a Chinese title names is its head: …项目名单 is a list, whatever projects it lists."""
_NEXT_VOTE = 0.5
"""Each further mention counts a share of the one before: long texts speak of funds and standards all the time."""
_COVER = 0.35
"""Most papers come under cover of a notice; it names the act only where nothing else does."""
_BY_VERB = {"statement": 0.5, "rule": 0.3}
"""Every report has its `said`, and papers of all kinds are passed and take effect."""
_PASSED = 0.3
"""A draft that is passed is one no more."""
_CLEARLY = 2.5
"""Log-odds by which the model must prefer another act to overrule the votes.

On real items votes are right more often than a model of written ones (.79 against .72), on indirect headlines less
often (.39 against .50); from 2 on both kinds gain.
"""
_FACTORS = {"draft": 1.4}
"""A draft is a draft whatever it will become."""


def find_act(reading: Reading, deeds: tuple[Deed, ...], *, is_official: bool) -> str:
    """Return the kind of act that votes speak for most, unless the model is clearly of another mind.

    Without any vote it is a plan where a list cut off a paper's title (most papers with a title of their own are), a
    statement where somebody with authority acts, and `none` otherwise; cues may tell better of the first two.
    """
    votes = vote_acts(reading, deeds)
    leader = lead_act(votes, deeds, is_official=is_official)
    if leader == "none":
        return leader
    return load_act_model().choose(act_features(reading, votes, leader), leader=leader, lead=_CLEARLY)


def vote_acts(reading: Reading, deeds: tuple[Deed, ...]) -> dict[str, float]:
    """Return the votes of papers and verbs, by act; none where the text names none."""
    votes: dict[str, list[float]] = defaultdict(list)
    acting = {(deed.clause.zone, deed.clause.start) for deed in deeds if deed.strength > 0.3}
    opening = reading.opening
    head = _head(reading)
    for clause in reading.clauses:
        factor = _FIRST_CLAUSE if clause is opening else 1.0
        factor *= _ACTS if (clause.zone, clause.start) in acting else 1.0
        for hit in clause.hits:
            if hit.concept.act not in {"", "none"}:
                votes[hit.concept.act].append(_vote(clause, hit) * factor * (_HEAD if hit is head else 1.0))
    return {act: _FACTORS.get(act, 1.0) * _discounted(weights) for act, weights in votes.items()}


def lead_act(votes: Mapping[str, float], deeds: tuple[Deed, ...], *, is_official: bool) -> str:
    """Return the act with the most votes, or what an item without any is taken for."""
    if not votes:
        return "plan" if is_official else "statement" if deeds else "none"
    return max(votes, key=lambda act: (votes[act], -ACTS.index(act)))


def _vote(clause: Clause, hit: Hit) -> float:
    if hit.concept.kind is ConceptKind.ACT:
        return _VERB[clause.zone] * hit.concept.weight * _BY_VERB.get(hit.concept.act, 1.0)
    if hit.concept.act == "draft" and any(verb.concept.act == "rule" for verb in clause.of(ConceptKind.ACT)):
        return _PAPER[clause.zone] * hit.concept.weight * _PASSED
    return _PAPER[clause.zone] * hit.concept.weight * (_COVER if hit.concept.act == "notice" else 1.0)


def _head(reading: Reading) -> Hit | None:
    """Return the title's last paper or call, the covering notice left aside."""
    if not reading.is_chinese:
        return None
    hits = [hit for clause in reading.zone(Zone.TITLE) for hit in clause.hits if hit.concept.act]
    covers = (hit.concept.kind is ConceptKind.INSTRUMENT and hit.concept.act == "notice" for hit in reversed(hits))
    return next((hit for hit, is_cover in zip(reversed(hits), covers, strict=True) if not is_cover), None)


def _discounted(weights: list[float]) -> float:
    return sum(weight * _NEXT_VOTE**rank for rank, weight in enumerate(sorted(weights, reverse=True)))
