"""Which topics an item's act is about: technologies of the title and of the clauses that act, not every mention."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from classifier.features import SUBJECTS, is_enumerated
from classifier.topic_words import guess_topics
from core.classification import TOPICS, Zone

if TYPE_CHECKING:
    from classifier.actors import Deed
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_IN_TITLE = 3.0
_IN_DOCUMENT_TITLE = 2.0
_IN_LEAD = 1.0
_IN_BODY = 0.35
_ACTED_ON = 1.5
"""How much more a mention counts in a clause that acts."""
_ENUMERATED = 0.6
_SECOND_TOPIC = 0.7
"""A concept's first topic is the nearest; the others count less."""
_SHARE_OF_BEST = 0.3
_RIM = frozenset({"computing-infrastructure", "digital-economy", "advanced-manufacturing"})
"""Topics that texts on others name as means or setting; outside the title they must weigh a good part of the best."""
_RIM_SHARE = 0.4
_LEAST = 0.6
_MOST = 8
_NEXT_MENTION = 0.5
_UNDER_UMBRELLA = 0.5
"""Least weight of a mention in the text of a plan under such a title."""
_PUSHED = 0.7
"""The same where the plan says to push it: a task of its own, where a list of industries is none."""
_PUSH = re.compile(
    r"(?:加快|支持|推动|推进|布局|发展|培育|攻关|突破|探索|面向|聚焦|瞄准)[^，。；、]{0,6}$"
    r"|\b(?:accelerat|support|promot|advanc|develop|lay out|push|explor)\w*(?: \w+){0,4} $",
    re.IGNORECASE,
)
"""What a plan says right before what it pushes."""
_PUSH_REACH = 40
_COORDINATE = 2
"""Topics of the title that, together in one clause, vouch for the others beside them."""
_UMBRELLAS = frozenset({"advanced-manufacturing", "digital-economy"})
"""Topics of plans that name other technologies inside; they do not raise the bar for these."""


def find_topics(reading: Reading, deeds: tuple[Deed, ...]) -> tuple[str, ...]:
    """Return topics, strongest first.

    A topic is kept when it reaches a share of the strongest one's weight, and weighs more than a passing mention. Where
    the lexicon finds none, everyday words tell.
    """
    acting = {(deed.clause.zone, deed.clause.start) for deed in deeds if deed.strength > 0.3}
    mentions: dict[str, list[float]] = defaultdict(list)
    is_umbrella = _is_umbrella(reading)
    for clause in reading.clauses:
        for hit in clause.of(*SUBJECTS):
            weight = _mention(reading, clause, hit, is_acting=(clause.zone, clause.start) in acting)
            if is_umbrella and clause.zone is not Zone.TITLE:
                share = _PUSHED if _is_pushed(reading, clause, hit) else _UNDER_UMBRELLA
                weight = max(weight, share * hit.concept.weight)
            for rank, topic in enumerate(hit.concept.topics):
                mentions[topic].append(weight * _SECOND_TOPIC**rank)
    scores = {topic: _discounted(weights) for topic, weights in mentions.items()}
    best = max(scores.values(), default=0.0)
    narrow = max((score for topic, score in scores.items() if topic not in _UMBRELLAS), default=best)
    bar = max(_SHARE_OF_BEST * narrow, _LEAST)
    titled = {
        topic for clause in reading.zone(Zone.TITLE) for hit in clause.of(*SUBJECTS) for topic in hit.concept.topics
    }
    kept = {topic for topic, score in scores.items() if score >= bar or score == best}
    kept -= {topic for topic in kept & _RIM - titled if scores[topic] < _RIM_SHARE * best}
    kept |= _coordinate(reading)
    if not kept:
        return guess_topics(reading)
    return tuple(sorted(kept, key=lambda topic: (-scores[topic], TOPICS.index(topic)))[:_MOST])


def _coordinate(reading: Reading) -> set[str]:
    """Return what a clause of the lead names beside two topics of the title: a headline has room for the two."""
    titled = {topic for clause in reading.zone(Zone.TITLE) for topic in _named(clause)}
    found: set[str] = set()
    for clause in reading.zone(Zone.LEAD):
        here = _named(clause)
        if len(here & titled) >= _COORDINATE:
            found |= here
    return found


def _named(clause: Clause) -> set[str]:
    """Return the nearest topic of every subject in a clause."""
    return {hit.concept.topics[0] for hit in clause.of(*SUBJECTS) if hit.concept.topics}


def _is_umbrella(reading: Reading) -> bool:
    """Tell whether the title is of a plan whose field holds the others."""
    titled = [hit.concept for clause in reading.zone(Zone.TITLE) for hit in clause.of(*SUBJECTS)]
    return bool(titled) and all(set(concept.topics) <= _UMBRELLAS for concept in titled)


def _is_pushed(reading: Reading, clause: Clause, hit: Hit) -> bool:
    before = reading.surface(clause.zone, max(clause.start, hit.start - _PUSH_REACH), hit.start)
    return _PUSH.search(before) is not None


def _discounted(weights: list[float]) -> float:
    """Add up mentions, each counting a share of the one before it: the tenth says little that the first did not."""
    return sum(weight * _NEXT_MENTION**rank for rank, weight in enumerate(sorted(weights, reverse=True)))


def _mention(reading: Reading, clause: Clause, hit: Hit, *, is_acting: bool) -> float:
    if clause.zone is Zone.TITLE:
        return _IN_TITLE * hit.concept.weight
    weight = _IN_LEAD if clause.zone is Zone.LEAD else _IN_BODY
    if clause.zone is Zone.LEAD and reading.is_in_book_title(clause.zone, hit):
        weight = _IN_DOCUMENT_TITLE
    if is_acting:
        weight *= _ACTED_ON
    if is_enumerated(reading, clause, hit):
        weight *= _ENUMERATED
    return weight * hit.concept.weight
