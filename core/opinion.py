"""Second opinions on documents: when one is asked for, what it says, and how much it counts. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from core.classification import Classification, Document

SUMMARY_LINES = 2
MOST_SURE = 0.9
"""No second opinion counts as surer than this, whatever it says of itself: models call themselves certain too often,
and with this bound the most that one can add is `weight * log(9)`."""


class Wish(StrEnum):
    """What a second opinion is asked for."""

    VERDICT = "verdict"
    """The score is near the threshold."""
    TRANSLATION = "translation"
    """The item is flagged beyond doubt, and is to be read in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Scores near a threshold, both ends included."""

    low: float
    high: float

    @classmethod
    def around(cls, threshold: float, margin: float) -> Band:
        """Return the band of scores at most `margin` from a threshold, within 0 and 1."""
        return cls(low=max(0.0, threshold - margin), high=min(1.0, threshold + margin))

    def holds(self, score: float) -> bool:
        """Whether a score lies in it."""
        return self.low <= score <= self.high


def wish_of(document: Document, judged: Classification, band: Band, *, translate: bool) -> Wish | None:
    """Return what to ask about a document that was judged; None when nothing is to be asked."""
    if band.holds(judged.score):
        return Wish.VERDICT
    return Wish.TRANSLATION if translate and judged.relevant and is_chinese(document) else None


def is_chinese(document: Document) -> bool:
    """Whether a document is in Chinese, in either script."""
    return document.language.lower().split("-")[0] == "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One document as it is shown to the adviser: cleaned, clipped, and nothing but data."""

    title: str
    text: str
    issuer: str
    voice: str
    """Who speaks: `authority`, `press`, …; empty when unknown."""
    published_on: str
    """ISO day; empty when unknown."""
    translate: bool
    """Whether translation and summary are wanted too."""

    def key(self, adviser: str) -> str:
        """Return what an answer is remembered by: changes with every word of the question, and with the adviser."""
        words = json.dumps([adviser, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the adviser says of one document. Every text is one line, without control characters, and limited."""

    relevant: bool
    confidence: float
    """How sure it says it is of `relevant`, 0 to 1."""
    topics: tuple[str, ...] = ()
    """Of `core.classification.TOPICS`."""
    act: str = "none"
    """Of `core.classification.ACTS`."""
    reason: str = ""
    translation: str = ""
    """The title in English; empty when it was not asked for."""
    summary: tuple[str, ...] = ()
    """At most two lines in English."""

    @property
    def probability(self) -> float:
        """How likely the document is relevant by this opinion alone, within the bounds of `MOST_SURE`."""
        sure = min(max(self.confidence, 0.5), MOST_SURE)
        return sure if self.relevant else 1 - sure

    def log_odds(self, weight: float) -> float:
        """Return what it adds to the log-odds of a score: a witness independent of the others, times its weight.

        Source: Bayes' rule in log-odds form; a confidence below one half counts as no opinion, 0.
        """
        return weight * math.log(self.probability / (1 - self.probability))


def blend(score: float, added: float) -> float:
    """Return a score with log-odds added to it.

    Args:
        score: 0 to 1.
        added: Log-odds of the further evidence.
    """
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + added)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a request took."""

    tokens_in: int
    tokens_out: int


class AdviceFault(StrEnum):
    """Why there is no advice, or not all of it."""

    UNREACHABLE = "unreachable"
    """No connection could be made: nothing was sent, nothing is owed."""
    TIMEOUT = "timeout"
    RESET = "reset"
    """The connection ended in the middle of the answer."""
    KEY = "key"
    """401 or 403: the key is refused."""
    RATE_LIMITED = "rate-limited"
    REQUEST = "request"
    """Another 4xx: the endpoint does not take such requests, or does not know the model."""
    SERVER = "server"
    REDIRECT = "redirect"
    """Never followed: the key would go along."""
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    SCHEMA = "schema"
    """JSON, but not the answer that was asked for."""

    @property
    def may_be_charged(self) -> bool:
        """Whether the provider may have done the work, so that its price must be taken as spent."""
        return self not in _FREE


_FREE = frozenset(
    {
        AdviceFault.UNREACHABLE,
        AdviceFault.KEY,
        AdviceFault.RATE_LIMITED,
        AdviceFault.REQUEST,
        AdviceFault.SERVER,
        AdviceFault.REDIRECT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What came of one request."""

    opinions: tuple[Opinion | None, ...]
    """One a question, in order; None where the answer says nothing usable."""
    usage: Usage | None = None
    """As the endpoint counted, or as guessed from the words; None when there was no answer."""
    fault: AdviceFault | None = None
    detail: str = ""
    """One sentence about the fault, fit to be shown: without key, address or page text."""
    retry_after: timedelta | None = None


class Adviser(Protocol):
    """Asks somebody else about documents. Safe in any thread; bounded in time; never raises for what is answered."""

    @property
    def name(self) -> str:
        """Model, as shown to people."""
        ...

    @property
    def version(self) -> str:
        """Model and prompt; changes whenever an answer may."""
        ...

    def most_tokens(self, questions: Sequence[Question]) -> Usage:
        """Return the most tokens that a request about these may take."""
        ...

    def ask(self, questions: Sequence[Question]) -> Advice:
        """Ask about at least one document, in one request."""
        ...
