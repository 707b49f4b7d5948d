"""Which story a new item belongs to, which others are the same, and which are akin. Pure.

Every pair of the item and a stored one is weighed feature by feature; a story's score is made of those of its members.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from core.linking_features import compare
from core.linking_kinship import find_kin
from core.linking_reasons import explain, explain_against
from core.linking_weights import BIAS, BRIDGE, JOIN, WEIGHTS
from core.stories import LinkDecision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.item import StoryId
    from core.story_traits import StoryCandidate, StoryTraits

_BEST = 0.5
"""Share of the best member in a story's score; the rest is the mean of all that were found."""


_SURE = frozenset({"copy", "number"})
"""Ties to one member that need no others."""

_Member = tuple[float, "StoryCandidate", "dict[str, float]"]
"""Log-odds, stored item, features of the pair."""


def decide(
    traits: StoryTraits,
    candidates: Sequence[StoryCandidate],
    *,
    bias: float = BIAS,
    weights: Mapping[str, float] = WEIGHTS,
) -> LinkDecision:
    """Decide on an item.

    Args:
        traits: Of the new item.
        candidates: Stored items that may tell the same event, each with its story.
        bias: Log-odds of a pair without any feature; others than the shipped ones are for fitting.
        weights: Log-odds by feature.

    Returns:
        The story to join, if any; further ones to be merged with it; those it is related to.
    """
    found: dict[StoryId, list[_Member]] = defaultdict(list)
    for candidate in candidates:
        features = compare(traits, candidate.traits, is_copy=candidate.is_copy)
        found[candidate.story_id].append((weigh(features, bias, weights), candidate, features))
    if not found:
        return LinkDecision(story_id=None)
    scores = {story: _score(members) for story, members in found.items()}
    ranked = sorted(scores, key=lambda story: (-scores[story], story))
    joined = scores[ranked[0]] >= JOIN
    same = tuple(story for story in ranked[1:] if scores[story] >= BRIDGE) if joined else ()
    taken = {ranked[0], *same} if joined else set()
    _, candidate, features = max(found[ranked[0]], key=lambda member: member[0])
    reason = explain(traits, candidate.traits, features)
    against = explain_against(features)
    return LinkDecision(
        story_id=ranked[0] if joined else None,
        probability=scores[ranked[0]],
        reason=reason if joined or not against else f"{reason}; but {against}",
        same=same,
        kin=find_kin(traits, [candidate for candidate in candidates if candidate.story_id not in taken]),
    )


def weigh(features: Mapping[str, float], bias: float = BIAS, weights: Mapping[str, float] = WEIGHTS) -> float:
    """Return the log-odds that a pair with these features tells one event."""
    return bias + sum(weights.get(name, 0.0) * value for name, value in features.items())


def _score(members: Sequence[_Member]) -> float:
    """Return the probability that an item tells the event of a story, by those of its members that were found."""
    odds = [odds for odds, _, _ in members]
    best, _, features = max(members, key=lambda member: member[0])
    if _SURE.isdisjoint(features):
        best = _BEST * best + (1 - _BEST) * sum(odds) / len(odds)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, best))))
