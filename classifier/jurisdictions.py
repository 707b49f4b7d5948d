"""Whose authority acts: votes of authorities and places by where they stand, and of the source."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from core.classification import Zone
from core.language import detect_language
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.actors import Deed
    from classifier.matching import Hit
    from classifier.reading import Clause, Reading

_AUTHORITY = {Zone.TITLE: 4.0, Zone.LEAD: 2.0, Zone.BODY: 0.3}
_PLACE = {Zone.TITLE: 2.0, Zone.LEAD: 0.8, Zone.BODY: 0.1}
_IN_OFFICIAL_TITLE = 3.8
"""A place in the title of a paper, where the title names no authority: the paper is that place's."""
_FIRST_CLAUSE = 1.5
"""The lead's first clause says who, more than what follows."""
_ACTS = 1.5
"""An actor of a clause that acts counts more than a name in passing."""
_SOURCE = 3.5
"""An authority mostly publishes its own acts; a title that names another outweighs it."""
_WITH_SORT_OF_BODY = 2.0
"""A place beside a sort of body without a jurisdiction (`Nanjing … the municipal government`) is that body's."""
_WHOLE_COUNTRY = 0.6
"""`China` and `Chinese` are said of every act of its cities too."""
_OWNED = frozenset({"", " ", "'s ", "’s ", "' ", "’ ", "的", "-"})
"""What stands between a place and an authority it owns: `Vietnam's Ministry of Finance`, 泰国财政部."""
_LOCAL_OFFICE = re.compile(r"[省市区]?.{0,8}?(?:分局|监管局|监管分局|税务局|分行|支行|专员办|海关|管理局|总部)")
"""After a place right behind a national body's name these make it the body's office there: 外汇局上海市分局."""
_OFFICE_WITHIN = 14
_LOCAL_WEIGHT = 0.9
"""Least weight of sorts of bodies that are local for certain (市政府), unlike 有关部门 or `ministry`."""


_MONEY = {
    "cn": r"\b(?:yuan|renminbi|e-CNY)\b",
    "hk": r"HK\$|港元|港[币幣]",
    "tw": r"NT\$|新[台臺][币幣]",
    "jp": r"\byen\b|日[元圆圓]",
    "kr": r"韩元|韓元|\bKorean won\b",
    "in": r"\brupees?\b|卢比|盧比",
}
"""Sums of money tell whose a text is where it names neither place nor body."""
_MONEY_NAMES = {code: re.compile(pattern, re.IGNORECASE) for code, pattern in _MONEY.items()}


def find_jurisdiction(
    reading: Reading, deeds: tuple[Deed, ...], *, is_official: bool, issuer: Iterable[Hit] = ()
) -> str | None:
    """Return the code with the most votes.

    Args:
        reading: The document.
        deeds: What is done in it.
        is_official: Whether the title has the form of an authority's own paper.
        issuer: The names found in the document's issuer; they go before the source's own jurisdiction.

    Returns:
        A code. Without any vote that of the money named, else `cn` for a text in Simplified Chinese, else None.
    """
    votes = _votes(reading, deeds, home=_home(issuer) or reading.document.jurisdiction)
    if is_official and not any(clause.of(ConceptKind.AUTHORITY) for clause in reading.zone(Zone.TITLE)):
        for place in (hit for clause in reading.zone(Zone.TITLE) for hit in clause.of(ConceptKind.PLACE)):
            votes[place.concept.jurisdiction] += _IN_OFFICIAL_TITLE - _PLACE[Zone.TITLE]
    if not votes:
        return _by_money(reading) or ("cn" if _language(reading) == "zh" else None)
    if "cn-bj" in votes and _stands_for_the_centre(reading):
        votes["cn"] += votes.pop("cn-bj")
    if "cn" in votes and "tw" in votes and _is_from_taiwan(reading):
        votes["tw"] += votes.pop("cn")
    best = max(votes, key=lambda code: votes[code])
    parts = [code for code in votes if code.startswith("cn-")]
    if best == "cn" and parts and (_is_local(reading) or _is_titled_local(reading)):
        return max(parts, key=lambda code: votes[code])
    return best


def _home(issuer: Iterable[Hit]) -> str:
    """Return the code of the first body of an issuer's name, else of its first place; empty when it names neither."""
    hits = [hit for hit in issuer if hit.concept.jurisdiction]
    bodies = [hit for hit in hits if hit.concept.kind is ConceptKind.AUTHORITY]
    return next((hit.concept.jurisdiction for hit in (*bodies, *hits)), "")


def _votes(reading: Reading, deeds: tuple[Deed, ...], *, home: str) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    if home:
        votes[home] += _SOURCE
    actors = {(deed.clause.zone, deed.actor.start) for deed in deeds if deed.actor and deed.strength > 0.3}
    opening = reading.opening
    for clause in reading.clauses:
        has_local = any(not hit.concept.jurisdiction for hit in clause.of(ConceptKind.AUTHORITY))
        for hit in clause.of(ConceptKind.AUTHORITY, ConceptKind.PLACE):
            code = _code(reading, clause, hit)
            if code:
                weight = _vote(clause, hit, has_local=has_local) * (_FIRST_CLAUSE if clause is opening else 1.0)
                votes[code] += weight * (_ACTS if (clause.zone, hit.start) in actors else 1.0)
    if any(code.startswith("cn-") for code in votes):
        for clause in reading.clauses:
            for hit in clause.of(ConceptKind.PLACE):
                if hit.concept.jurisdiction == "cn":
                    votes["cn"] -= _PLACE[clause.zone] * (1 - _WHOLE_COUNTRY)
    return votes


def _code(reading: Reading, clause: Clause, hit: Hit) -> str:
    """Return a hit's code; a foreign place right before an authority's name takes it over, or a local office behind it.

    Many countries have a Securities and Exchange Commission or a 财政部, and `Nigeria's` or 泰国 says which is meant.
    """
    code = hit.concept.jurisdiction
    if hit.concept.kind is ConceptKind.AUTHORITY and code:
        for place in clause.of(ConceptKind.PLACE):
            other = place.concept.jurisdiction
            between = reading.surface(clause.zone, place.end, hit.start)
            if not other.startswith("cn") and place.end <= hit.start and between in _OWNED:
                return other
            if code == "cn" and other.startswith("cn-") and place.start == hit.end:
                return other if _is_local_office(reading, clause, place) else code
    return code


def _is_local_office(reading: Reading, clause: Clause, place: Hit) -> bool:
    return bool(_LOCAL_OFFICE.match(reading.surface(clause.zone, place.end, place.end + _OFFICE_WITHIN)))


def _vote(clause: Clause, hit: Hit, *, has_local: bool) -> float:
    if hit.concept.kind is ConceptKind.AUTHORITY:
        return _AUTHORITY[clause.zone] * hit.concept.weight
    weight = _PLACE[clause.zone] * hit.concept.weight
    return weight * (_WITH_SORT_OF_BODY if has_local and hit.concept.jurisdiction != "cn" else 1.0)


def _is_local(reading: Reading) -> bool:
    """Tell whether title and lead speak of a local body and of none of the centre's."""
    bodies = [hit.concept for clause in reading.zone(Zone.TITLE, Zone.LEAD) for hit in clause.of(ConceptKind.AUTHORITY)]
    is_central = any(concept.jurisdiction == "cn" for concept in bodies)
    return not is_central and any(not body.jurisdiction and body.weight >= _LOCAL_WEIGHT for body in bodies)


def _is_titled_local(reading: Reading) -> bool:
    """Tell whether the title names a part of the country, and neither it nor the lead a body of the centre."""
    bodies = (hit for clause in reading.zone(Zone.TITLE, Zone.LEAD) for hit in clause.of(ConceptKind.AUTHORITY))
    places = (hit for clause in reading.zone(Zone.TITLE) for hit in clause.of(ConceptKind.PLACE))
    names_part = any(place.concept.jurisdiction.startswith("cn-") for place in places)
    return names_part and not any(body.concept.jurisdiction == "cn" for body in bodies)


def _is_from_taiwan(reading: Reading) -> bool:
    """Tell whether 財政部 is Taiwan's: a text in Traditional Chinese that names Taiwan, and the mainland nowhere."""
    hits = (hit.concept for clause in reading.zone(Zone.TITLE, Zone.LEAD) for hit in clause.of(ConceptKind.PLACE))
    return _language(reading) == "zh-Hant" and not any(hit.jurisdiction == "cn" for hit in hits)


def _by_money(reading: Reading) -> str:
    text = f"{reading.title}\n{reading.text}"
    found = {code: len(pattern.findall(text)) for code, pattern in _MONEY_NAMES.items()}
    best = max(found, key=lambda code: found[code])
    return best if found[best] else ""


def _language(reading: Reading) -> str:
    return detect_language(f"{reading.title}\n{reading.text}")


def _stands_for_the_centre(reading: Reading) -> bool:
    """Tell whether English `Beijing` means the country's government: no city body, but China, in title and lead."""
    hits = [hit.concept for clause in reading.zone(Zone.TITLE, Zone.LEAD) for hit in clause.hits]
    has_city = any(hit.jurisdiction == "cn-bj" and hit.id != "place.cn-bj" for hit in hits) or _is_local(reading)
    return not reading.is_chinese and not has_city and any(hit.jurisdiction == "cn" for hit in hits)
