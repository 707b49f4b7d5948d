"""What a story is to others that it is kept apart from: by stage, rounds, papers cited, whose act, and time. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from core.classification import Stage
from core.linking_features import is_above, is_apart, overlap, same_paper
from core.stories import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.item import StoryId
    from core.story_traits import StoryCandidate, StoryTraits

MOST = 5
"""Kin found of one item at most, those of the strongest ties."""
_SIBLINGS_WITHIN = timedelta(days=4)
"""Acts of one authority within the same days are siblings."""
_CHANGED = frozenset({Stage.AMENDED, Stage.REPEALED})
_NORMS = frozenset({"rule", "guideline", "ban", "notice", "tax", "standard", "pilot"})
_CASES = frozenset({"enforcement", "licence", "ruling", "list"})
_STRONG, _FAIR = 0.55, 0.35
"""Shares of what two items speak of from which they are of one matter."""

Kin = tuple["StoryId", Relation, bool, str]


class _Tie(NamedTuple):
    """What holds a pair together."""

    paper: str
    """A paper both are about, or that one is about and the other names."""
    cites: bool
    """Whether the later one names the number of the earlier one's own document."""
    matter: float
    """Share of technologies and programmes."""
    names: float
    actors: float

    @property
    def strength(self) -> float:
        """For the order of kin."""
        return 2.0 * bool(self.paper or self.cites) + self.matter + self.names + self.actors


def find_kin(traits: StoryTraits, candidates: Iterable[StoryCandidate]) -> tuple[Kin, ...]:
    """Return the stories that a new item's story is related to, each once: the strongest ties, at most `MOST`.

    Args:
        traits: Of the new item.
        candidates: Stored items of other stories.
    """
    found: dict[StoryId, tuple[float, Kin]] = {}
    for candidate in candidates:
        is_later = traits.published_at >= candidate.traits.published_at
        later, earlier = (traits, candidate.traits) if is_later else (candidate.traits, traits)
        tie = _tie(later, earlier)
        relation = relate(later, earlier, tie)
        if relation is None:
            continue
        strength = tie.strength
        if candidate.story_id not in found or found[candidate.story_id][0] < strength:
            kin = (candidate.story_id, relation, is_later, _reason(relation, tie))
            found[candidate.story_id] = (strength, kin)
    ranked = sorted(found.values(), key=lambda one: (-one[0], one[1][0]))
    return tuple(kin for _, kin in ranked[:MOST])


def _tie(later: StoryTraits, earlier: StoryTraits) -> _Tie:
    paper = same_paper(later.subjects | later.documents, earlier.subjects)
    return _Tie(
        paper=paper,
        cites=bool(earlier.own_numbers & later.numbers),
        matter=overlap(later.concepts, earlier.concepts)[1],
        names=overlap(later.names, earlier.names)[1],
        actors=overlap(later.actors, earlier.actors)[1],
    )


def relate(later: StoryTraits, earlier: StoryTraits, tie: _Tie) -> Relation | None:
    """Return what the later of two items of different stories is to the earlier one; None for nothing."""
    named = bool(tie.paper or tie.cites)
    if is_above(earlier.jurisdiction, later.jurisdiction):
        return Relation.IMPLEMENTS if named or tie.matter >= _STRONG else None
    if later.jurisdiction != earlier.jurisdiction:
        return None
    if not named and (tie.matter < _FAIR or is_apart(later.places, earlier.places)):
        return None
    return _of_one_place(later, earlier, tie, named=named)


def _of_one_place(later: StoryTraits, earlier: StoryTraits, tie: _Tie, *, named: bool) -> Relation | None:
    if later.forwards and named:
        return Relation.IMPLEMENTS
    if later.rounds and earlier.rounds and later.rounds.isdisjoint(earlier.rounds):
        return Relation.NEXT_ROUND
    if later.stage in _CHANGED and earlier.stage not in _CHANGED and earlier.act != "none":
        return Relation.AMENDS
    if earlier.stage is Stage.DRAFT and later.stage is Stage.IN_FORCE:
        return Relation.FINALISES
    if later.act in _CASES and earlier.act in _NORMS:
        return Relation.ENFORCES
    if later.published_at - earlier.published_at <= _SIBLINGS_WITHIN and "none" not in (later.act, earlier.act):
        return Relation.SIBLING if tie.actors >= _FAIR else None
    if named or tie.names >= _STRONG:
        return Relation.FOLLOWS
    return None


_WORDS = {
    Relation.FINALISES: "final form of an earlier draft",
    Relation.AMENDS: "changes or ends an earlier act",
    Relation.IMPLEMENTS: "carries out a higher authority's act",
    Relation.NEXT_ROUND: "another round of the same",
    Relation.ENFORCES: "cases under an earlier act",
    Relation.FOLLOWS: "a later step of the same affair",
    Relation.SIBLING: "another act of the same authority within days",
}


def _reason(relation: Relation, tie: _Tie) -> str:
    if tie.cites:
        return f"{_WORDS[relation]}: cites its number"
    return f"{_WORDS[relation]}: names {tie.paper}" if tie.paper else _WORDS[relation]
