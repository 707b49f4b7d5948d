"""What a story is to others that it is kept apart from: by stage, rounds, papers cited, whose act, and time. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from core.classification import Stage
from core.linking_features import is_above, is_elsewhere, is_within, overlap, same_paper
from core.stories import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.item import StoryId
    from core.story_traits import StoryCandidate, StoryTraits

MOST = 5
"""Kin found of one item at most, those of the strongest ties."""
_SIBLINGS_WITHIN = timedelta(days=4)
"""Acts of one authority within the same days are siblings."""
_CHANGED = frozenset({Stage.AMENDED, Stage.REPEALED})
_NORMS = frozenset({"rule", "guideline", "ban", "notice", "tax", "standard", "pilot"})
_CASES = frozenset({"enforcement", "licence", "ruling", "warning", "none"})
"""Also `none`: news of a case often tells no act of an authority."""
_CARRIED_OUT = frozenset({"plan", "guideline", "rule", "notice", "standard", "funding", "tax", "pilot"})
_LAST = frozenset({Relation.FOLLOWS, Relation.SIBLING})
_VAGUE = 0.5
"""How much a relation counts that is told only where nothing better can be."""
_PASSED_ON = 0.5
"""Share of words from which a paper that passes another on (转发) speaks of that one: its title holds the other's."""
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
    votes: dict[StoryId, dict[tuple[Relation, bool], float]] = defaultdict(lambda: defaultdict(float))
    best: dict[StoryId, _Tie] = {}
    for candidate in candidates:
        is_later = traits.published_at >= candidate.traits.published_at
        later, earlier = (traits, candidate.traits) if is_later else (candidate.traits, traits)
        tie = _tie(later, earlier)
        relation = relate(later, earlier, tie)
        if relation is not None:
            story = candidate.story_id
            votes[story][relation, is_later] += tie.strength * (_VAGUE if relation in _LAST else 1.0)
            best[story] = max(best.get(story, tie), tie, key=lambda one: one.strength)
    ranked = sorted(best, key=lambda story: (-best[story].strength, story))[:MOST]
    return tuple(_chosen(story, votes[story], best[story]) for story in ranked)


def _chosen(story: StoryId, votes: Mapping[tuple[Relation, bool], float], tie: _Tie) -> Kin:
    """Return what most of a story's items say, by the strength of their ties."""
    relation, is_later = max(votes, key=lambda vote: votes[vote])
    return story, relation, is_later, _reason(relation, tie)


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
    if later.forwards and not earlier.forwards and (named or overlap(later.words, earlier.words)[1] >= _PASSED_ON):
        return Relation.IMPLEMENTS
    if is_above(earlier.jurisdiction, later.jurisdiction) or is_within(later.places, earlier.places):
        return _under(later, earlier, tie, named=named)
    if len({later.jurisdiction, earlier.jurisdiction} - {""}) > 1 or is_elsewhere(later.places, earlier.places):
        return None
    if named or tie.matter >= _FAIR:
        return _of_one_matter(later, earlier, tie, named=named) or _beside(later, earlier, tie, named=named)
    return _beside(later, earlier, tie, named=named)


def _under(later: StoryTraits, earlier: StoryTraits, tie: _Tie, *, named: bool) -> Relation | None:
    """Return what an act of a lower authority, or of a smaller place, is to one above it."""
    if earlier.act not in _CARRIED_OUT or later.act == "none":
        return None
    return Relation.IMPLEMENTS if named or tie.matter >= _STRONG else None


def _of_one_matter(later: StoryTraits, earlier: StoryTraits, tie: _Tie, *, named: bool) -> Relation | None:
    """Return what an act is to an earlier one on the same technology, if its line can be told."""
    if later.rounds - earlier.rounds and max(map(int, later.rounds)) > max(map(int, earlier.rounds), default=1):
        return Relation.NEXT_ROUND
    if later.stage in _CHANGED and earlier.stage not in _CHANGED and earlier.act != "none":
        return Relation.AMENDS
    sure = named or (tie.matter >= _STRONG and tie.actors >= _FAIR)
    if earlier.stage is Stage.DRAFT and later.stage is Stage.IN_FORCE:
        return Relation.FINALISES
    if earlier.act in _NORMS and later.act in _CASES and (sure or later.act != "none"):
        return Relation.ENFORCES
    return None


def _beside(later: StoryTraits, earlier: StoryTraits, tie: _Tie, *, named: bool) -> Relation | None:
    """Return whether an act comes after another or stands beside it, where nothing more can be told."""
    if later.is_roundup or earlier.is_roundup:
        return None
    if later.published_at - earlier.published_at <= _SIBLINGS_WITHIN:
        both = (later.relevant and earlier.relevant) or (later.is_official and earlier.is_official)
        return Relation.SIBLING if both and tie.actors >= _STRONG else None
    return Relation.FOLLOWS if named or tie.names >= _FAIR else None


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
