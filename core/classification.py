"""What the classifier is given, and what it says, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.source import Voice

TOPICS = (
    "blockchain", "web3", "metaverse", "virtual-assets", "stablecoin", "cbdc", "ai", "data-elements", "chips",
    "quantum", "6g", "robotics", "low-altitude", "commercial-space", "brain-computer", "autonomous-driving",
    "biomanufacturing", "new-energy-storage", "computing-infrastructure", "cybersecurity", "digital-economy",
    "nft", "advanced-manufacturing",
)  # fmt: skip
"""Topic ids an item can have."""

ACTS = (
    "plan", "guideline", "rule", "draft", "notice", "ban", "enforcement", "licence", "pilot", "funding", "tax",
    "standard", "ruling", "warning", "statement", "body", "agreement", "paper", "list", "none",
)  # fmt: skip
"""Kinds of act of an authority; `none` where there is no act."""


class Stage(StrEnum):
    """How far the paper that an item is about has come."""

    DRAFT = "draft"
    """Open for comment, proposed, or a bill not yet passed."""
    IN_FORCE = "in-force"
    """Issued, passed or decided; also when the day from which it applies is still to come."""
    AMENDED = "amended"
    """The act changes an older paper, or puts it off."""
    REPEALED = "repealed"
    """The act ends an older paper."""


class Zone(StrEnum):
    """Part of a document in which evidence was found."""

    TITLE = "title"
    LEAD = "lead"
    """The opening of the text: its first paragraphs up to a fixed length."""
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the classifier reads. Only `title` is required; every context field may be empty."""

    title: str
    text: str = ""
    url: str = ""
    language: str = ""
    published_at: datetime | None = None
    voice: Voice | None = None
    """Who speaks: the source's voice, or None when the source is unknown."""
    issuer: str = ""
    """Authority that publishes on the source, or the page's own issuing organ."""
    jurisdiction: str = ""
    """Jurisdiction of the source's authority; empty for the press."""
    document_numbers: tuple[str, ...] = ()
    silent: bool = False
    """Whether nobody will be told of it, so that no money is spent on it: what a first sync stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place in the document that spoke for or against."""

    concept: str
    """Lexicon id such as `tech.blockchain`, or a feature name such as `pattern.document-title`."""
    kind: str
    """technology, authority, act, instrument, place, programme, market, pattern, semantic, second-opinion."""
    zone: Zone
    start: int
    """Offset of the first character in `title` (zone title) or `text` (other zones), in code points."""
    end: int
    """Offset after the last character."""
    text: str
    """The characters themselves."""
    contribution: float
    """What it added to the score's log-odds; negative for counter-evidence; 0 for information only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What an item is about, and why we think so."""

    relevant: bool
    score: float
    """0 to 1; `relevant` is score >= the classifier's threshold."""
    topics: tuple[str, ...]
    """Of `TOPICS`, strongest first; empty when not relevant."""
    jurisdiction: str | None
    act: str
    """Of `ACTS`."""
    evidence: tuple[Evidence, ...]
    """Strongest first, by absolute contribution."""
    documents: tuple[str, ...]
    """Titles of official documents named in title or text, bare of brackets and quotation marks, in order."""
    document_numbers: tuple[str, ...]
    """Normalised document numbers named in title or text, in order of appearance."""
    reason: str
    """One English sentence that says why, for an alert."""
    classifier: str
    """Name and version of the classifier and lexicon that said so."""
    stage: Stage | None = None
    """Of the paper the item is about; None where there is none, or nothing tells."""
    effective_on: date | None = None
    """The day from which the paper applies, where the text states one."""
    comments_until: date | None = None
    """The last day for comments on a draft, where the text states one."""
    gloss: str = ""
    """A Chinese title in English by the lexicon, what it does not know left in Chinese; empty for other titles."""
    translation: str = ""
    """A Chinese title in English by a language model; empty where none was asked. One line, made by a machine."""
    summary: tuple[str, ...] = ()
    """What the item says in at most two English lines by a language model; empty where none was asked."""
