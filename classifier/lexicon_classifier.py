"""Judges documents by the bilingual lexicon: what about, what act, whose; and shows why."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from classifier.act_kinds import find_act
from classifier.act_model import shipped_act_model
from classifier.dates import day_of, find_comments_until, find_effective_on
from classifier.evidence import mention_evidence
from classifier.gloss import Glosser
from classifier.jurisdictions import find_jurisdiction
from classifier.matching import LexiconMatcher
from classifier.measuring import measure_subject
from classifier.model import logistic
from classifier.model_file import load_model, model_to_json
from classifier.reading import read_document
from classifier.reasons import explain_flag, explain_pass
from classifier.stage import find_stage
from classifier.topics import find_topics
from core.classification import Classification, Evidence, Stage
from core.documents import find_document_numbers, find_document_titles
from core.lexicon import ConceptKind
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.measuring import Measured
    from classifier.model import Model
    from classifier.reading import Reading
    from core.classification import Document
    from core.lexicon import Concept, Lexicon

_VERSION = "lexicon-2"
"""Changes with the code's judgement; digests of the model and the lexicon are added to it."""
_MAX_MENTIONS = 60
"""Concepts shown besides those that counted: enough for any page, and a bound for long plans."""
_MAX_TITLE = 2_000
_OFFICIAL = (".gov.cn", ".gov.hk", ".gov.mo", ".gov.tw", ".gov")
"""Ends of hosts that only authorities get: one that the lexicon does not know still speaks for itself."""


class Weigher(Protocol):
    """Adds evidence of another kind to what the model has weighed. Deterministic; safe in any thread."""

    @property
    def version(self) -> str:
        """Changes whenever what it adds may."""
        ...

    def weigh(self, reading: Reading, measured: Measured, log_odds: float) -> tuple[Evidence, ...]:
        """Return evidence whose contributions are added to log-odds; never raises on any text."""
        ...


class LexiconClassifier:
    """A `core.ports.Classifier`. Immutable after construction, deterministic, safe in any thread."""

    def __init__(
        self, lexicon: Lexicon, *, threshold: float, model: Model | None = None, further: Weigher | None = None
    ) -> None:
        self._matcher = LexiconMatcher(lexicon)
        self._glosser = Glosser(lexicon)
        self._hosts = {host: concept for concept in lexicon.concepts for host in concept.hosts}
        places = lexicon.of(ConceptKind.PLACE)
        whole = (place for place in places if place.id == f"place.{place.jurisdiction}")
        self._places = {place.jurisdiction: place.english for place in (*places, *whole)}
        self._threshold = threshold
        self._model = model or load_model()
        models = model_to_json(self._model) + shipped_act_model()
        digest = hashlib.sha256(models.encode()).hexdigest()[:6]
        self._further = further
        self._version = f"{_VERSION}+{digest}.{lexicon.version}" + (f"+{further.version}" if further else "")

    @property
    def version(self) -> str:
        """Name and version of code, models and lexicon."""
        return self._version

    @property
    def matcher(self) -> LexiconMatcher:
        """The compiled lexicon, for others who look for the same names."""
        return self._matcher

    def at(self, threshold: float) -> LexiconClassifier:
        """Return the same classifier with another threshold; it shares the lexicon, and costs nothing."""
        other = copy.copy(self)
        other._threshold = threshold  # noqa: SLF001 - of its own class
        return other

    def read(self, document: Document) -> Reading:
        """Return a document as its features are measured on it: for fitting a model."""
        numbers = find_document_numbers(f"{document.title}\n{document.text}")
        return read_document(self._completed(document, numbers), self._matcher)

    def classify(self, document: Document) -> Classification:
        """Judge one document; never raises on any text."""
        numbers = find_document_numbers(f"{document.title}\n{document.text}")
        reading = read_document(self._completed(document, numbers), self._matcher)
        findings = measure_subject(reading)
        evidence = self._weigh(reading, findings)
        score = logistic(self._model.prior + sum(part.contribution for part in evidence))
        relevant = score >= self._threshold
        topics = find_topics(reading, findings.deeds) if relevant else ()
        issuer = self._matcher.find(reading.document.issuer)
        jurisdiction = find_jurisdiction(reading, findings.deeds, is_official=findings.is_official, issuer=issuer)
        act = find_act(reading, findings.deeds, is_official=findings.is_official) if relevant else "none"
        answer = Classification(
            relevant=relevant,
            score=score,
            topics=topics,
            jurisdiction=jurisdiction,
            act=act,
            evidence=_ranked(reading, evidence),
            documents=find_document_titles(f"{document.title}\n{document.text}"),
            document_numbers=numbers,
            reason="" if relevant else _explain_pass(findings, evidence),
            classifier=self._version,
        )
        return self._with_facts(answer, reading, findings) if relevant else answer

    def _weigh(self, reading: Reading, findings: Measured) -> tuple[Evidence, ...]:
        evidence = self._model.weigh(reading, findings)
        if self._further is None:
            return evidence
        log_odds = self._model.prior + sum(part.contribution for part in evidence)
        return (*evidence, *self._further.weigh(reading, findings, log_odds))

    def _with_facts(self, answer: Classification, reading: Reading, findings: Measured) -> Classification:
        """Add stage, dates, gloss and the reason to what is said of a relevant document."""
        document = reading.document
        text, published = f"{document.title}\n{document.text}", day_of(document.published_at)
        stage = find_stage(reading, answer.act)
        answer = replace(
            answer,
            stage=stage,
            effective_on=find_effective_on(text, published),
            comments_until=find_comments_until(text, published) if stage is Stage.DRAFT else None,
            gloss=self._glosser.gloss(document.title),
        )
        place = self._places.get(answer.jurisdiction or "", "")
        issuer = self._glosser.gloss(document.issuer) or document.issuer
        reason = explain_flag(reading, findings.deeds, answer, place=place, issuer=issuer)
        return replace(answer, reason=reason)

    def _completed(self, document: Document, numbers: tuple[str, ...]) -> Document:
        """Fill context that the address tells: an authority's host speaks with its voice."""
        document = replace(document, title=document.title[:_MAX_TITLE])
        if numbers and not document.document_numbers:
            document = replace(document, document_numbers=numbers)
        host = _host(document.url)
        authority = self._authority_at(host)
        if document.voice is None and authority:
            return replace(
                document,
                voice=Voice.AUTHORITY,
                jurisdiction=document.jurisdiction or authority.jurisdiction,
                issuer=document.issuer or authority.english,
            )
        if document.voice is None and host.endswith(_OFFICIAL):
            return replace(document, voice=Voice.AUTHORITY)
        return document

    def _authority_at(self, host: str) -> Concept | None:
        """Return the authority that publishes on a host, the nearest parent domain first."""
        parts = host.split(".")
        suffixes = (".".join(parts[index:]) for index in range(len(parts) - 1))
        return next((self._hosts[suffix] for suffix in suffixes if suffix in self._hosts), None)


def _explain_pass(measured: Measured, evidence: Iterable[Evidence]) -> str:
    features = measured.strengths()
    against = min(evidence, key=lambda part: part.contribution, default=None)
    is_market = against is not None and against.kind == ConceptKind.MARKET.value and against.contribution < 0
    return explain_pass(
        has_technology="no-technology" not in features,
        has_act="no-act" not in features,
        counter=f"other news ({against.text})" if against and is_market else "",
    )


def _ranked(reading: Reading, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return what counted, strongest first, then further concepts for information."""
    counted = tuple(sorted(evidence, key=lambda part: -abs(part.contribution)))
    return (*counted, *mention_evidence(reading, counted)[:_MAX_MENTIONS])


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
