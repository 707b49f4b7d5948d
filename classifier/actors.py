"""Who acts in a clause, and how surely: an authority by name, a sort of body, or a place that stands for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_PLACE_ACTS_WITHIN = 14
"""Characters between a place and the verb that makes it an actor (`上海市今日正式发布`)."""
_PLACE_ACTS_WITHIN_LATIN = 40
_PLACE_STRENGTH = 0.75
"""A place that acts is most often its government, but can be its people or its market."""
_TITLE_COLON = re.compile(r"[：:]")
_OTHER_ACTOR = re.compile(
    r"公司|机构|企业|交易所|平台|集团|银行|基金|团队|创始人|协会|协議|开发者|矿|项目|概念"
    r"|based|compan|firm|start-?up|lender|exchange|bank|giant|maker|fund|miner|investor|platform|researcher"
    r"|foundry|operator|carrier|producer|retailer|developer|analyst|scientist|trader|court of",
    re.IGNORECASE,
)
"""Between a place and a verb these are who acts: `日本航空公司推出`, `Japanese lender launches`."""
_VERB = 0.75
_PAPER = 0.6
"""A verb alone says more than a paper alone; both together are as sure as can be."""
_HEADED = 0.6
"""A headline that begins with a name and a colon tells what that body did, whatever its words."""
_NOBODY_NAMED = 0.45
"""Papers only authorities make (条例, 国家标准) need no actor to be an act, but it may be old, or another's."""
_OFFICIAL_PAPER = 0.9
"""Least weight of such papers, and of verbs that go with them."""
_SURE = 0.8
"""Least weight of a verb or paper that makes a place an actor outside the title."""
_LOCATED = re.compile(r"(?:在|于|赴|从|自|向|\b(?:in|from|of|across|near|to|outside|for)(?: the)? )$", re.IGNORECASE)
"""Before a place these say where, not who."""
_SORT_WITHIN = 30
"""Characters between a place and the sort of body it names more closely (`Shenzhen's legislature`)."""
_SORT_NAMED = 0.25


@dataclass(frozen=True, slots=True)
class Deed:
    """What a clause says is done: who, by which verb, with what paper; and how sure that is."""

    clause: Clause
    actor: Hit | None
    verb: Hit | None
    instrument: Hit | None
    strength: float
    """0 (nothing) to 1 (a named authority acts, with a verb and a paper)."""


def find_deed(reading: Reading, clause: Clause) -> Deed:
    """Find the act of a clause."""
    verbs, papers = clause.of(ConceptKind.ACT), _papers(clause)
    if not verbs and not papers and clause.zone is not Zone.TITLE:
        return Deed(clause, None, None, None, 0.0)
    actor, actor_strength = _actor(reading, clause, (*verbs, *papers))
    verb, paper = _strongest(verbs), _strongest(papers)
    done = min(1.0, _VERB * _weight(verb) + _PAPER * _weight(paper))
    if actor and _is_headed(reading, clause, actor):
        done = max(done, _HEADED)
    is_title = clause.zone is Zone.TITLE
    if _weight(paper) >= _OFFICIAL_PAPER and (is_title or _weight(verb) >= _SURE):
        actor_strength = max(actor_strength, _NOBODY_NAMED)
    return Deed(clause, actor, verb, paper, actor_strength * done)


def _papers(clause: Clause) -> tuple[Hit, ...]:
    """Return instruments, and named laws and programmes, which are papers too."""
    programmes = (hit for hit in clause.of(ConceptKind.PROGRAMME) if hit.concept.act)
    return (*clause.of(ConceptKind.INSTRUMENT), *programmes)


def _actor(reading: Reading, clause: Clause, deeds: tuple[Hit, ...]) -> tuple[Hit | None, float]:
    best: tuple[Hit | None, float] = (None, 0.0)
    for authority in clause.of(ConceptKind.AUTHORITY):
        strength = _authority_strength(clause, authority)
        if strength > best[1]:
            best = (authority, strength)
    within = _PLACE_ACTS_WITHIN if reading.is_chinese else _PLACE_ACTS_WITHIN_LATIN
    if clause.zone is not Zone.TITLE:
        deeds = tuple(deed for deed in deeds if deed.concept.weight >= _SURE)
    for place in clause.of(ConceptKind.PLACE):
        strength = _PLACE_STRENGTH * place.concept.weight
        if strength > best[1] and (
            _acts(reading, clause, place, deeds=deeds, within=within) or _is_headed(reading, clause, place)
        ):
            best = (place, strength)
    return best


def _acts(reading: Reading, clause: Clause, place: Hit, *, deeds: tuple[Hit, ...], within: int) -> bool:
    """Tell whether a verb or paper follows a place closely, with nobody else in between."""
    if _LOCATED.search(reading.surface(clause.zone, max(0, place.start - 14), place.start)):
        return False
    near = [deed for deed in deeds if 0 <= deed.start - place.end <= within]
    return any(not _OTHER_ACTOR.search(reading.surface(clause.zone, place.end, deed.start)) for deed in near)


def _is_headed(reading: Reading, clause: Clause, name: Hit) -> bool:
    """Tell whether a headline begins with a name and a colon (`上海：…`, `江苏常熟：…`), as flashes do."""
    after = reading.title[name.end : name.end + 1]
    return clause.zone is Zone.TITLE and name.start - clause.start <= 4 and bool(_TITLE_COLON.match(after))


def _authority_strength(clause: Clause, authority: Hit) -> float:
    """Return an authority's weight; a place close before it makes a sort of body nearly a named one."""
    weight = authority.concept.weight
    if authority.concept.jurisdiction:
        return weight
    places = clause.of(ConceptKind.PLACE)
    named = any(0 <= authority.start - place.end <= _SORT_WITHIN for place in places)
    return min(1.0, weight + _SORT_NAMED) if named else weight


def _strongest(hits: tuple[Hit, ...]) -> Hit | None:
    return max(hits, key=lambda hit: hit.concept.weight, default=None)


def _weight(hit: Hit | None) -> float:
    return hit.concept.weight if hit else 0.0
