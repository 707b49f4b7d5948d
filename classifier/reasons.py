"""One English sentence that says why an item was flagged, or was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.classification import Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.actors import Deed
    from classifier.reading import Reading

_ACT_PHRASES = {
    "plan": "issues a plan on", "guideline": "issues guidelines on", "rule": "issues rules on",
    "draft": "publishes a draft on", "notice": "issues a notice on", "ban": "bans or restricts activity in",
    "enforcement": "takes enforcement action in", "licence": "sets or grants licences in", "pilot": "runs a pilot of",
    "funding": "offers funding for", "tax": "sets a tax rule for", "standard": "sets a standard for",
    "ruling": "gives a ruling on", "warning": "warns of risks in", "statement": "states a position on",
    "body": "sets up or fills a body for", "agreement": "makes an agreement on", "paper": "publishes a paper on",
    "list": "publishes a list in", "none": "acts on",
}  # fmt: skip
_NAMES = {
    "ai": "AI", "cbdc": "CBDC", "nft": "NFT", "6g": "6G", "web3": "Web3", "chips": "chips",
}  # fmt: skip
_SHOWN = 4
_ISSUED = frozenset({"plan", "guideline", "rule", "draft", "standard", "paper", "list"})
_NAMED_PAPER = 0.9
"""Least weight of papers with a name of their own, unlike `plan` or `rules`."""


def topic_name(topic: str) -> str:
    """Return a topic id as running English text."""
    return _NAMES.get(topic, topic.replace("-", " "))


def explain_flag(
    reading: Reading,
    deeds: tuple[Deed, ...],
    *,
    act: str,
    jurisdiction: str | None,
    place: str,
    topics: tuple[str, ...],
) -> str:
    """Return why an item counts: who does what about which technologies.

    Args:
        reading: The document.
        deeds: What is done in it.
        act: Of `core.classification.ACTS`.
        jurisdiction: Whose act it is; None when unknown.
        place: The jurisdiction's name in English, for want of an authority's; empty when unknown.
        topics: At least one, strongest first.
    """
    about = ", ".join(topic_name(topic) for topic in topics[:_SHOWN])
    what = _paper(reading, act) or _ACT_PHRASES[act]
    return f"{_who(reading, deeds, jurisdiction, place=place)} {what} {about}."


def _paper(reading: Reading, act: str) -> str:
    """Return `issues an action plan on` by the title's or lead's own paper of that kind, or an empty text."""
    clauses = reading.zone(Zone.TITLE, Zone.LEAD)
    papers = (hit.concept for clause in clauses for hit in clause.of(ConceptKind.INSTRUMENT))
    name = next((paper.english for paper in papers if paper.act == act and paper.weight >= _NAMED_PAPER), "")
    if act not in _ISSUED or not name:
        return ""
    article = "" if name.endswith("s") else "an " if name[0] in "aeiou" else "a "
    return f"issues {article}{name} on"


def explain_pass(*, has_technology: bool, has_act: bool, counter: str) -> str:
    """Return why an item does not count."""
    if not has_technology:
        return "Names no emerging technology."
    if not has_act:
        return "Names an emerging technology, but no act of an authority about it."
    if counter:
        return f"Speaks of a technology, but reads like {counter}."
    return "Act and technology do not belong together closely enough."


def _who(reading: Reading, deeds: tuple[Deed, ...], jurisdiction: str | None, *, place: str) -> str:
    """Name the authority: an acting one of the jurisdiction, one named of it, its place, or the page's issuer."""
    hits = [hit.concept for clause in reading.clauses for hit in clause.of(ConceptKind.AUTHORITY)]
    named = [deed.actor.concept for deed in deeds if deed.actor] + hits
    own = [concept for concept in named if concept.jurisdiction == jurisdiction]
    best = next((concept for concept in own if concept.kind is ConceptKind.AUTHORITY), None)
    if best and jurisdiction:
        return best.english[0].upper() + best.english[1:]
    return place or reading.document.issuer or "An authority"
