"""What is done, and whether it is done about a technology: the surest act, and the clause where both meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifier.evidence import at_hit, at_hits, at_span
from classifier.features import SUBJECTS, is_enumerated
from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.actors import Deed
    from classifier.evidence import Measure
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_TITLE_ENDS = (
    "通知|公告|通告|意见|决定|批复|复函|函|令|办法|条例|规定|细则|方案|计划|规划|措施|若干政策|支持政策|扶持政策|指南|指引|标准|规范|白皮书|目录"
    "|清单|名单|纲要|要点"
)
_OFFICIAL_TITLE = re.compile(
    rf"(?:关于|印发|公布|发布|修改|废止|转发|批转|下达|同意|批准|征求).{{2,}}的(?:{_TITLE_ENDS}|解读)"
    rf"|(?:{_TITLE_ENDS})[》”]?(?:[（(〔][^（(〔]{{1,30}}[）)〕])*(?:》?的?通知|》?(?:政策)?解读)?[》\s.…]*$"
)
"""The forms that authorities give their papers: 关于…的通知, …办法, …行动方案（2023-2025年）."""
_FORMAL = re.compile("关于|印发")
_BROKEN_TITLE = re.compile(r"(?:关于印发|印发)\s*《?.{4,}")
_OPENING = "opening"
_ACT_RANK = {Zone.TITLE: 1.0, _OPENING: 0.9, Zone.LEAD: 0.75, Zone.BODY: 0.15}
"""Which act is the best-placed; the text's first clause tells the news."""
_JOINED_RANK = {Zone.TITLE: 0.9, _OPENING: 1.0, Zone.LEAD: 0.65, Zone.BODY: 0.15}
_ACROSS_RANK = {"joined.act-title": 0.6, "joined.act-lead": 0.45}
"""Act and technology in one clause say more than one in the title and the other in the lead."""
_LISTED = 0.5
_SURE = 0.3
"""Least strength of a deed that is counted as one."""
_COUNTED = 3
"""Clauses of act and technology together from which the text is full of them."""
_CONCEPT = "pattern.act-on-technology"


def official_title(reading: Reading) -> tuple[int, int] | None:
    """Return where the title has an authority's form; a bare ending counts only where a place or authority is named."""
    if not reading.is_chinese:
        return None
    title = reading.title
    match = _OFFICIAL_TITLE.search(title) or _BROKEN_TITLE.search(title)
    is_bare = bool(match) and not _FORMAL.search(title)
    if is_bare and not any(clause.of(ConceptKind.AUTHORITY, ConceptKind.PLACE) for clause in reading.zone(Zone.TITLE)):
        return None
    return match.span() if match else None


def find_acts(reading: Reading, deeds: Sequence[Deed], official: tuple[int, int] | None) -> Iterator[Measure]:
    """Yield the best-placed act, the next one, and authorities named at all.

    Args:
        reading: The document.
        deeds: What is done in each of its clauses.
        official: Where the title has the form of an authority's own paper.
    """
    ranked = sorted(deeds, key=lambda deed: -_ACT_RANK[_place(reading, deed.clause)] * deed.strength)
    done = [deed for deed in ranked if deed.strength > 0]
    if official:
        yield at_span("official-title", 1.0, reading, Zone.TITLE, official)
    elif done:
        yield _deed_measure(f"act.{_place(reading, done[0].clause)}", reading, done[0])
    else:
        yield at_span("no-act", 1.0, reading, Zone.TITLE, (0, 0))
    others = [deed for deed in done[0 if official else 1 :] if deed.clause.zone in {Zone.LEAD, Zone.TITLE}]
    if others:
        yield _deed_measure("act.another", reading, others[0])
    yield from _authorities(reading)


def _deed_measure(feature: str, reading: Reading, deed: Deed) -> Measure:
    parts = [part for part in (deed.actor, deed.verb, deed.instrument) if part]
    return at_hits(feature, deed.strength, reading, deed.clause, parts)


def _authorities(reading: Reading) -> Iterator[Measure]:
    """Yield the surest authority named in title and in lead, whatever it does."""
    for zone in (Zone.TITLE, Zone.LEAD):
        named = [(clause, hit) for clause in reading.zone(zone) for hit in clause.of(ConceptKind.AUTHORITY)]
        if named:
            clause, hit = max(named, key=lambda pair: pair[1].concept.weight)
            yield at_hit(f"authority.{zone.value}", hit.concept.weight, reading, clause, hit)


def find_named(reading: Reading) -> Iterator[Measure]:
    """Yield authority or place and technology named together in title or opening, whatever is done."""
    opening = (reading.opening,) if reading.opening else ()
    for name, clauses in (("title", reading.zone(Zone.TITLE)), ("opening", opening)):
        for feature, kind in (("named.authority", ConceptKind.AUTHORITY), ("named.place", ConceptKind.PLACE)):
            best: tuple[float, Clause, Hit] | None = None
            for clause in clauses:
                subject = max((hit.concept.weight for hit in clause.of(*SUBJECTS)), default=0.0)
                for hit in clause.of(kind):
                    strength = hit.concept.weight * subject
                    if strength > (best[0] if best else 0.0):
                        best = (strength, clause, hit)
            if best:
                yield at_hit(f"{feature}-{name}", best[0], reading, best[1], best[2])


def _place(reading: Reading, clause: Clause) -> str:
    """Return a clause's zone, the text's first clause apart."""
    return _OPENING if clause is reading.opening else clause.zone.value


def find_joined(reading: Reading, deeds: Sequence[Deed], official: tuple[int, int] | None) -> Iterator[Measure]:
    """Yield where act and technology meet most closely, in a clause or across title and lead, and how often."""
    found = [*_together(reading, deeds, official), *_across(reading, deeds)]
    if found:
        feature, strength, clause, hit = max(found, key=lambda part: _joined_rank(part[0]) * part[1])
        yield at_hit(feature, strength, reading, clause, hit, concept=_CONCEPT)
    clauses = {deed.clause.start for deed in deeds if deed.strength > _SURE and _is_on_technology(reading, deed.clause)}
    if len(clauses) > 1:
        yield at_span("joined.often", min(1.0, len(clauses) / _COUNTED), reading, Zone.TITLE, (0, 0))


def _joined_rank(feature: str) -> float:
    return _ACROSS_RANK.get(feature) or _JOINED_RANK[feature.removeprefix("joined.")]


def _is_on_technology(reading: Reading, clause: Clause) -> bool:
    return clause.zone is not Zone.TITLE and any(
        not is_enumerated(reading, clause, hit) for hit in clause.of(*SUBJECTS)
    )


def _together(
    reading: Reading, deeds: Sequence[Deed], official: tuple[int, int] | None
) -> Iterator[tuple[str, float, Clause, Hit]]:
    for deed in deeds:
        strength = 1.0 if official and deed.clause.zone is Zone.TITLE else deed.strength
        for hit in deed.clause.of(*SUBJECTS) if strength > 0 else ():
            share = _LISTED if deed.clause.zone is not Zone.TITLE and is_enumerated(reading, deed.clause, hit) else 1.0
            feature = f"joined.{_place(reading, deed.clause)}"
            yield feature, strength * hit.concept.weight * share, deed.clause, hit


def _across(reading: Reading, deeds: Sequence[Deed]) -> Iterator[tuple[str, float, Clause, Hit]]:
    """Yield what title and lead say together, one the act, the other the technology: headlines tease, leads tell."""
    for zone, other in ((Zone.TITLE, Zone.LEAD), (Zone.LEAD, Zone.TITLE)):
        surest = max((deed.strength for deed in deeds if deed.clause.zone is other), default=0.0)
        feature = "joined.act-lead" if zone is Zone.TITLE else "joined.act-title"
        for clause in reading.zone(zone) if surest > 0 else ():
            for hit in clause.of(*SUBJECTS):
                if zone is Zone.TITLE or not is_enumerated(reading, clause, hit):
                    yield feature, surest * hit.concept.weight, clause, hit
