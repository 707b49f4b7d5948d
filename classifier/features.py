"""What speaks for and against a document, each with its place in the text and what it adds to the log-odds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.actors import Deed, find_deed
from classifier.evidence import hit_evidence, pattern_evidence
from classifier.signals import find_signals
from core.classification import Evidence, Zone
from core.lexicon import ConceptKind
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.matching import Hit
    from classifier.reading import Clause, Reading
    from classifier.weights import Weights

SUBJECTS = (ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME)
_TITLE_ENDS = (
    "通知|公告|通告|意见|决定|批复|复函|函|令|办法|条例|规定|细则|方案|计划|规划|措施|若干政策|支持政策|扶持政策|指南|指引|标准|规范|白皮书|目录"
    "|清单|名单|纲要|要点"
)
_OFFICIAL_TITLE = re.compile(
    rf"(?:关于|印发|公布|发布|修改|废止|转发|批转|下达|同意|批准|征求).{{2,}}的(?:{_TITLE_ENDS}|解读)"
    rf"|(?:{_TITLE_ENDS})[》”]?(?:[（(〔][^（(〔]{{1,30}}[）)〕])*(?:》?的?通知|》?(?:政策)?解读)?[》\s.…]*$"
)
"""The forms that authorities give their papers: 关于…的通知, …办法, …行动方案（2023-2025年）."""
_OPENING = "opening"
_FORMAL = re.compile("关于|印发")
_BROKEN_TITLE = re.compile(r"(?:关于印发|印发)\s*《?.{4,}")
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


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a document, before it is summed up."""

    evidence: tuple[Evidence, ...]
    deeds: tuple[Deed, ...]
    """Of every clause in which somebody with authority does something, in order."""
    is_official: bool
    """Whether the title has the form of an authority's own paper."""


def find_features(reading: Reading, weights: Weights) -> Findings:
    """Collect everything that adds to the log-odds, the prior excepted."""
    deeds = tuple(find_deed(reading, clause) for clause in reading.clauses)
    official = _official_title(reading)
    evidence = [
        *_technology(reading, deeds, weights=weights, is_official=official is not None),
        *_act(reading, deeds, official, weights=weights),
        *_joined(reading, deeds, official, weights=weights),
        *_context(reading, weights),
        *find_signals(reading, deeds, weights),
    ]
    return Findings(tuple(evidence), tuple(deed for deed in deeds if deed.strength > 0), official is not None)


def _official_title(reading: Reading) -> tuple[int, int] | None:
    """Return where the title has an authority's form; a bare ending counts only where a place or authority is named."""
    if not reading.is_chinese:
        return None
    title = reading.title
    match = _OFFICIAL_TITLE.search(title) or _BROKEN_TITLE.search(title)
    is_bare = bool(match) and not _FORMAL.search(title)
    if is_bare and not any(clause.of(ConceptKind.AUTHORITY, ConceptKind.PLACE) for clause in reading.zone(Zone.TITLE)):
        return None
    return match.span() if match else None


def is_enumerated(reading: Reading, clause: Clause, hit: Hit) -> bool:
    """Tell whether a mention is one item of a longer list."""
    near = _NEAR if reading.is_chinese else _NEAR_LATIN
    around = reading.surface(clause.zone, max(clause.start, hit.start - near), min(clause.end, hit.end + near))
    return len(_ENUMERATION.findall(around)) >= _MANY


def _technology(reading: Reading, deeds: Sequence[Deed], *, weights: Weights, is_official: bool) -> Iterator[Evidence]:
    """Yield the best-placed mention of a technology, and whether the text comes back to it."""
    placed = [(clause, hit) for clause in reading.clauses for hit in clause.of(*SUBJECTS)]
    if not placed:
        yield pattern_evidence(reading, "no-technology", Zone.TITLE, (0, 0), weights.no_technology)
        return
    clause, hit = max(placed, key=lambda pair: _place_weight(reading, *pair, weights=weights))
    yield hit_evidence(reading, clause, hit, _place_weight(reading, clause, hit, weights=weights))
    mentions = sum(pair[1].concept.weight for pair in placed if pair[0].zone is not Zone.TITLE)
    if mentions > 1:
        yield hit_evidence(
            reading, clause, hit, weights.technology_repeated * min(1.0, mentions / _OFTEN),
            concept="pattern.technology-repeated",
        )  # fmt: skip
    if clause.zone is not Zone.TITLE:
        on_other = weights.title_on_other * _titled_otherwise(reading, deeds, is_official=is_official)
        if on_other:
            yield pattern_evidence(reading, "title-on-other", Zone.TITLE, (0, len(reading.title)), on_other)
        yield from _passing(reading, placed, weights)


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


def _passing(reading: Reading, placed: Sequence[tuple[Clause, Hit]], weights: Weights) -> Iterator[Evidence]:
    """Yield that technologies are named in passing only: in lists, or in few clauses of many."""
    if all(is_enumerated(reading, *pair) for pair in placed):
        yield hit_evidence(reading, *placed[0], weights.technology_enumerated, concept="pattern.enumerated-only")
        return
    total = len(reading.zone(Zone.LEAD, Zone.BODY))
    share = len({clause.start for clause, _ in placed}) / total
    if total >= _MANY and share < _PASSING_SHARE:
        strength = weights.technology_in_passing * (1 - share / _PASSING_SHARE)
        yield hit_evidence(reading, *placed[0], strength, concept="pattern.in-passing")


def _place_weight(reading: Reading, clause: Clause, hit: Hit, *, weights: Weights) -> float:
    by_zone = {
        Zone.TITLE: weights.technology_in_title,
        Zone.LEAD: weights.technology_in_lead,
        Zone.BODY: weights.technology_in_body,
    }
    weight = by_zone[clause.zone]
    if clause.zone is Zone.LEAD and reading.is_in_book_title(clause.zone, hit):
        weight = max(weight, weights.technology_in_document_title)
    return weight * hit.concept.weight


def _act(
    reading: Reading, deeds: Sequence[Deed], official: tuple[int, int] | None, *, weights: Weights
) -> Iterator[Evidence]:
    """Yield the best-placed act."""
    by_place = {
        Zone.TITLE: weights.act_in_title,
        _OPENING: weights.act_in_opening,
        Zone.LEAD: weights.act_in_lead,
        Zone.BODY: weights.act_in_body,
    }
    weighed = [(by_place[_place(reading, deed.clause)] * deed.strength, deed) for deed in deeds]
    contribution, best = max(weighed, key=lambda pair: pair[0], default=(0.0, None))
    if official and weights.official_title >= contribution:
        yield pattern_evidence(reading, "official-title", Zone.TITLE, official, weights.official_title)
    elif best and contribution > 0:
        parts = [part for part in (best.actor, best.verb, best.instrument) if part]
        for part in parts:
            yield hit_evidence(reading, best.clause, part, contribution / len(parts))
    else:
        yield pattern_evidence(reading, "no-act", Zone.TITLE, (0, 0), weights.no_act)


def _place(reading: Reading, clause: Clause) -> str:
    """Return a clause's zone, the text's first clause apart."""
    return _OPENING if clause is reading.opening else clause.zone


def _joined(
    reading: Reading, deeds: Sequence[Deed], official: tuple[int, int] | None, *, weights: Weights
) -> Iterator[Evidence]:
    """Yield the clause in which act and technology meet most closely."""
    by_place = {
        Zone.TITLE: weights.act_on_technology_in_title,
        _OPENING: weights.act_on_technology_in_opening,
        Zone.LEAD: weights.act_on_technology_in_lead,
        Zone.BODY: weights.act_on_technology_in_body,
    }
    best: tuple[float, Clause, Hit] | None = None
    for deed in deeds:
        strength = 1.0 if official and deed.clause.zone is Zone.TITLE else deed.strength
        for hit in deed.clause.of(*SUBJECTS):
            share = 0.5 if deed.clause.zone is not Zone.TITLE and is_enumerated(reading, deed.clause, hit) else 1.0
            contribution = by_place[_place(reading, deed.clause)] * strength * hit.concept.weight * share
            if contribution > (best[0] if best else 0.0):
                best = (contribution, deed.clause, hit)
    across = _across(reading, deeds, weights)
    if across and across.contribution > (best[0] if best else 0.0):
        yield across
    elif best:
        yield hit_evidence(reading, best[1], best[2], best[0], concept="pattern.act-on-technology")


def _across(reading: Reading, deeds: Sequence[Deed], weights: Weights) -> Evidence | None:
    """Return what title and lead say together, one the act, the other the technology: headlines tease, leads tell."""
    found: list[tuple[float, Clause, Hit]] = []
    for zone, other in ((Zone.TITLE, Zone.LEAD), (Zone.LEAD, Zone.TITLE)):
        surest = max((deed.strength for deed in deeds if deed.clause.zone is other), default=0.0)
        weight = weights.act_in_lead_on_title if zone is Zone.TITLE else weights.act_in_title_on_lead
        for clause in reading.zone(zone):
            found.extend(
                (weight * surest * hit.concept.weight, clause, hit)
                for hit in clause.of(*SUBJECTS)
                if zone is Zone.TITLE or not is_enumerated(reading, clause, hit)
            )
    if not found:
        return None
    contribution, clause, hit = max(found, key=lambda part: part[0])
    return hit_evidence(reading, clause, hit, contribution, concept="pattern.act-on-technology")


def _context(reading: Reading, weights: Weights) -> Iterator[Evidence]:
    """Yield what the source and the naming of papers add."""
    document = reading.document
    if document.voice is Voice.AUTHORITY:
        yield pattern_evidence(reading, "authority-voice", Zone.TITLE, (0, 0), weights.authority_voice)
    if document.document_numbers:
        yield pattern_evidence(reading, "document-number", Zone.TITLE, (0, 0), weights.document_number)
    named = next((book for book in reading.book_titles if book[0] is Zone.LEAD), None)
    if named:
        yield pattern_evidence(reading, "document-title", Zone.LEAD, named[1:], weights.document_named)
