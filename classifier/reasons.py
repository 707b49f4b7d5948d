"""One English sentence that says why an item was flagged, or was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from classifier.actors import Deed
    from classifier.reading import Reading

_ACT_PHRASES = {
    "plan": "issues a plan", "guideline": "issues guidelines", "rule": "issues rules", "draft": "publishes a draft",
    "notice": "issues a notice", "ban": "prohibits an activity", "enforcement": "takes enforcement action",
    "licence": "sets or grants licences", "pilot": "runs a pilot", "funding": "offers funding",
    "tax": "sets a tax rule", "standard": "sets a standard", "ruling": "gives a ruling", "warning": "warns of a risk",
    "statement": "states a position", "body": "sets up a body", "agreement": "makes an agreement",
    "paper": "publishes a paper", "list": "publishes a list", "none": "acts",
}  # fmt: skip
_NAMES = {
    "ai": "AI", "cbdc": "CBDC", "nft": "NFT", "6g": "6G", "web3": "Web3", "chips": "chips",
}  # fmt: skip
_SHOWN = 4


def topic_name(topic: str) -> str:
    """Return a topic id as running English text."""
    return _NAMES.get(topic, topic.replace("-", " "))


def explain_flag(
    reading: Reading, deeds: tuple[Deed, ...], *, act: str, jurisdiction: str | None, topics: tuple[str, ...]
) -> str:
    """Return why an item counts: who does what about which technologies."""
    about = ", ".join(topic_name(topic) for topic in topics[:_SHOWN])
    return f"{_who(reading, deeds, jurisdiction)} {_ACT_PHRASES[act]} on {about}." if about else ""


def explain_pass(*, has_technology: bool, has_act: bool, counter: str) -> str:
    """Return why an item does not count."""
    if not has_technology:
        return "Names no emerging technology."
    if not has_act:
        return "Names an emerging technology, but no act of an authority about it."
    if counter:
        return f"Speaks of a technology, but reads like {counter}."
    return "Act and technology do not belong together closely enough."


def _who(reading: Reading, deeds: tuple[Deed, ...], jurisdiction: str | None) -> str:
    """Name the authority: the acting one of the jurisdiction, any one named of it, its place, or the issuer."""
    named = [deed.actor.concept for deed in deeds if deed.actor and deed.actor.concept.jurisdiction == jurisdiction]
    hits = [hit.concept for clause in reading.clauses for hit in clause.of(ConceptKind.AUTHORITY, ConceptKind.PLACE)]
    named += [concept for concept in hits if concept.jurisdiction == jurisdiction]
    authorities = [concept for concept in named if concept.kind is ConceptKind.AUTHORITY]
    best = next(iter(authorities + named), None)
    if best and jurisdiction:
        return best.english
    return reading.document.issuer or "An authority"
