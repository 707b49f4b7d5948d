"""One English sentence that says why an item was flagged, or was not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.classification import Stage, Zone
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from datetime import date

    from classifier.actors import Deed
    from classifier.reading import Reading
    from core.classification import Classification
    from core.lexicon import Concept

_DEEDS = {
    "plan": ("issues a plan on {}", "A plan on {} is issued"),
    "guideline": ("issues guidelines on {}", "Guidelines on {} are issued"),
    "rule": ("sets rules on {}", "Rules on {} are set"),
    "draft": ("proposes rules on {}", "Rules on {} are proposed"),
    "notice": ("issues a notice on {}", "A notice on {} is issued"),
    "ban": ("bans or restricts activity in {}", "Activity in {} is banned or restricted"),
    "enforcement": ("takes enforcement action over {}", "Enforcement action is taken over {}"),
    "licence": ("grants or regulates licences in {}", "Licences in {} are granted or regulated"),
    "pilot": ("runs a pilot in {}", "A pilot in {} is run"),
    "funding": ("offers funding for {}", "Funding for {} is offered"),
    "tax": ("sets a tax rule for {}", "A tax rule for {} is set"),
    "standard": ("sets a standard for {}", "A standard for {} is set"),
    "ruling": ("gives a ruling on {}", "A ruling on {} is given"),
    "warning": ("warns of risks in {}", "Risks in {} are warned of"),
    "statement": ("states a position on {}", "A position on {} is stated"),
    "body": ("sets up or fills a body for {}", "A body for {} is set up or filled"),
    "agreement": ("makes an agreement on {}", "An agreement on {} is made"),
    "paper": ("publishes a paper on {}", "A paper on {} is published"),
    "list": ("publishes a list on {}", "A list on {} is published"),
    "none": ("acts on {}", "An authority acts on {}"),
}  # fmt: skip
"""What is done, told of somebody and told of nobody."""
_BY_STAGE = {
    Stage.DRAFT: ("seeks comments on {}", "Comments are sought on {}"),
    Stage.AMENDED: ("amends {}", "{} is amended"),
    Stage.REPEALED: ("repeals {}", "{} is repealed"),
    None: ("issues {}", "{} is issued"),
}
"""What is done with a paper that has a name of its own kind."""
_PLAIN_PAPERS = {
    "plan": "plan", "guideline": "guidelines", "rule": "rules", "notice": "notice", "standard": "standard",
    "list": "list", "paper": "paper", "tax": "tax rule", "draft": "rules",
}  # fmt: skip
_NAMES = {"ai": "AI", "cbdc": "CBDC", "nft": "NFT", "6g": "6G", "web3": "Web3", "commercial-space": "commercial space"}
_COUNTED = frozenset({
    "agent", "algorithm", "asset", "chip", "cell", "centre", "chatbot", "circuit", "coin", "collectible", "contract",
    "crypto-asset", "deepfake", "device", "drone", "exchange", "humanoid", "interface",
    "miner", "model", "network", "nft", "operator", "platform", "provider", "robot", "robotaxi", "rocket", "satellite",
    "service", "stablecoin", "system", "token", "twin", "vehicle", "wallet",
})  # fmt: skip
_SHOWN = 4
_ISSUED = frozenset({"plan", "guideline", "rule", "draft", "standard", "paper", "list"})
"""Acts that consist in a paper of their own, so that its kind says more than the act."""
_NAMED_PAPER = 0.9
"""Least weight of papers with a name of their own, unlike `plan` or `rules`."""
_GOVERNMENT = "org.local.government"
"""Goes by many names: `city officials`, `municipal authorities`."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def topic_name(topic: str) -> str:
    """Return a topic id as running English text."""
    return _NAMES.get(topic, topic.replace("-", " "))


def explain_flag(
    reading: Reading, deeds: tuple[Deed, ...], answer: Classification, *, place: str = "", issuer: str = ""
) -> str:
    """Return why an item counts: who does what about which technologies, from and until when.

    `on` introduces technologies that the title names, `naming` those that the text does. Nothing in it is Chinese, and
    it is one sentence whatever the texts hold.

    Args:
        reading: The document.
        deeds: What is done in it.
        answer: What was found: act, jurisdiction, topics, stage and days are told.
        place: The jurisdiction's name in English, for want of an authority's; empty when unknown.
        issuer: The page's own issuing organ in English, for want of both; empty when unknown.
    """
    who = _who(reading, deeds, answer.jurisdiction, place=place, issuer=issuer)
    active, passive = _deed(reading, answer)
    about, is_titled = _about(reading, answer.topics)
    template = active if who else passive
    if not is_titled and " on {}" in template and answer.act in _ISSUED:
        template = template.replace(" on {}", " naming {}")
    done = template.replace("{}", about)
    sentence = f"{who} {done}" if who else done
    return f"{_capital(sentence)}{_days(answer)}."


def explain_pass(*, has_technology: bool, has_act: bool, counter: str) -> str:
    """Return why an item does not count."""
    if not has_technology:
        return "Names no emerging technology."
    if not has_act:
        return "Names an emerging technology, but no act of an authority about it."
    if counter:
        return f"Speaks of a technology, but reads like {counter}."
    return "Act and technology do not belong together closely enough."


def _deed(reading: Reading, answer: Classification) -> tuple[str, str]:
    """Return what is done, of somebody and of nobody, with `{}` for what it is about."""
    stage = answer.stage if answer.stage is not Stage.IN_FORCE else None
    paper = _paper(reading, answer.act, is_draft=stage is Stage.DRAFT)
    if not paper and stage and answer.act in _PLAIN_PAPERS:
        paper = _PLAIN_PAPERS[answer.act]
    if not paper:
        return _DEEDS[answer.act]
    name = _with_article(f"draft {paper}" if stage is Stage.DRAFT and "draft" not in paper else paper)
    active, passive = _BY_STAGE[stage]
    if name.endswith("s") and not name.startswith(("a ", "an ")):
        passive = passive.replace(" is ", " are ")
    named = f"{name} on {{}}"
    return active.replace("{}", named), passive.replace("{}", named)


def _paper(reading: Reading, act: str, *, is_draft: bool) -> str:
    """Return the title's or lead's own paper of the act's kind; a draft's is what it is to become. Empty for none."""
    if act not in _ISSUED:
        return ""
    clauses = reading.zone(Zone.TITLE, Zone.LEAD)
    papers = [hit.concept for clause in clauses for hit in clause.of(ConceptKind.INSTRUMENT)]
    kinds = {"rule", "guideline", "plan", "standard"} if act == "draft" else {act}
    found = (name for paper in papers if paper.act in kinds and (name := _paper_name(paper)))
    return next(found, "" if act != "draft" or not is_draft else "rules")


def _paper_name(paper: Concept) -> str:
    name = paper.english
    return name if paper.weight >= _NAMED_PAPER and not _HAN.search(name) else ""


def _about(reading: Reading, topics: tuple[str, ...]) -> tuple[str, bool]:
    """Return what it is about, and whether the title says so: its technologies by name, else the topics."""
    titled: dict[str, None] = {}
    hits = [hit for clause in reading.zone(Zone.TITLE) for hit in clause.of(ConceptKind.TECHNOLOGY)]
    hits = hits or [hit for clause in reading.zone(Zone.TITLE) for hit in clause.of(ConceptKind.PROGRAMME)]
    for hit in hits:
        if set(hit.concept.topics) & set(topics) and not _HAN.search(hit.concept.english):
            titled.setdefault(hit.concept.english)
    names = tuple(map(_plural, titled))[:_SHOWN] or tuple(topic_name(topic) for topic in topics[:_SHOWN])
    return ", ".join(names) or "an emerging technology", bool(titled)


def _plural(technology: str) -> str:
    """Return a technology in running text: things that are counted stand in the plural."""
    return f"{technology}s" if technology.rsplit(" ", 1)[-1].lower() in _COUNTED else technology


def _who(reading: Reading, deeds: tuple[Deed, ...], jurisdiction: str | None, *, place: str, issuer: str) -> str:
    """Name the authority: an acting one of the jurisdiction, one named of it, its place, or the page's issuer.

    A sort of local body (市政府, `municipal government`) is named with its place.
    """
    hits = [hit.concept for clause in reading.clauses for hit in clause.of(ConceptKind.AUTHORITY)]
    named = [deed.actor.concept for deed in deeds if deed.actor] + hits
    own = (_name(concept, place) for concept in named if _is_own(concept, jurisdiction, place))
    best = next((name for name in own if not _HAN.search(name)), "")
    candidates = (best.replace("U.S.", "US"), _with_the(place), " ".join(issuer.split()))
    return next((_capital(name) for name in candidates if name and not _HAN.search(name)), "")


def _is_own(concept: Concept, jurisdiction: str | None, place: str) -> bool:
    if concept.kind is not ConceptKind.AUTHORITY or not jurisdiction:
        return False
    return concept.jurisdiction == jurisdiction or (
        _is_local(concept) and bool(place) and jurisdiction.startswith("cn-")
    )


def _name(concept: Concept, place: str) -> str:
    if not _is_local(concept):
        return concept.english
    return f"{place} {'government' if concept.id == _GOVERNMENT else concept.english}"


def _is_local(concept: Concept) -> bool:
    """Tell whether a concept is a sort of body that every province and city has."""
    return not concept.jurisdiction and concept.id.startswith("org.local.")


def _with_the(place: str) -> str:
    """Return `the US` of `U.S.`: a full stop inside would end the sentence for a reader."""
    name = place.replace(".", "")
    return f"the {name}" if name.isupper() else name


def _days(answer: Classification) -> str:
    if answer.stage is Stage.DRAFT:
        return f" until {_day(answer.comments_until)}" if answer.comments_until else ""
    return f", in force from {_day(answer.effective_on)}" if answer.effective_on else ""


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def _with_article(name: str) -> str:
    if name.endswith("s"):
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
