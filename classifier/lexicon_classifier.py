"""Judges documents by the bilingual lexicon: what about, what act, whose; and shows why."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from classifier.act_kinds import find_act
from classifier.dates import day_of, find_comments_until, find_effective_on
from classifier.evidence import mention_evidence
from classifier.features import find_features
from classifier.gloss import Glosser
from classifier.jurisdictions import find_jurisdiction
from classifier.matching import LexiconMatcher
from classifier.reading import read_document
from classifier.reasons import explain_flag, explain_pass
from classifier.stage import find_stage
from classifier.topics import find_topics
from classifier.weights import Weights
from core.classification import Classification, Evidence, Stage
from core.documents import find_document_numbers, find_document_titles
from core.lexicon import ConceptKind
from core.source import Voice

if TYPE_CHECKING:
    from classifier.features import Findings
    from classifier.reading import Reading
    from core.classification import Document
    from core.lexicon import Concept, Lexicon

_VERSION = "lexicon-1"
"""Changes with the code's judgement; digests of the weights and the lexicon are added to it."""
_MAX_MENTIONS = 60
"""Concepts shown besides those that counted: enough for any page, and a bound for long plans."""
_MAX_TITLE = 2_000
_OFFICIAL = (".gov.cn", ".gov.hk", ".gov.mo", ".gov.tw", ".gov")
"""Ends of hosts that only authorities get: one that the lexicon does not know still speaks for itself."""


class LexiconClassifier:
    """A `core.ports.Classifier`. Immutable after construction, deterministic, safe in any thread."""

    def __init__(self, lexicon: Lexicon, *, threshold: float, weights: Weights | None = None) -> None:
        self._matcher = LexiconMatcher(lexicon)
        self._glosser = Glosser(lexicon)
        self._hosts = {host: concept for concept in lexicon.concepts for host in concept.hosts}
        places = lexicon.of(ConceptKind.PLACE)
        self._places = {concept.jurisdiction: concept.english for concept in reversed(places)}
        self._threshold = threshold
        self._weights = weights or Weights()
        digest = hashlib.sha256(repr(self._weights).encode()).hexdigest()[:6]
        self._version = f"{_VERSION}+{digest}.{lexicon.version}"

    @property
    def version(self) -> str:
        """Name and version of code, weights and lexicon."""
        return self._version

    def classify(self, document: Document) -> Classification:
        """Judge one document; never raises on any text."""
        numbers = find_document_numbers(f"{document.title}\n{document.text}")
        document = self._completed(document, numbers)
        reading = read_document(document, self._matcher)
        findings = find_features(reading, self._weights)
        score = _logistic(self._weights.prior + sum(part.contribution for part in findings.evidence))
        relevant = score >= self._threshold
        topics = find_topics(reading, findings.deeds)
        jurisdiction = find_jurisdiction(reading, findings.deeds, is_official=findings.is_official)
        act = find_act(reading, findings.deeds, is_official=findings.is_official) if relevant else "none"
        answer = Classification(
            relevant=relevant,
            score=score,
            topics=topics if relevant else (),
            jurisdiction=jurisdiction,
            act=act,
            evidence=_ranked(reading, findings),
            documents=find_document_titles(f"{document.title}\n{document.text}"),
            document_numbers=numbers,
            reason="" if relevant else _explain_pass(findings),
            classifier=self._version,
        )
        return self._with_facts(answer, reading, findings) if relevant else answer

    def _with_facts(self, answer: Classification, reading: Reading, findings: Findings) -> Classification:
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


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _explain_pass(findings: Findings) -> str:
    names = {part.concept for part in findings.evidence}
    against = min(findings.evidence, key=lambda part: part.contribution)
    is_market = against.kind == ConceptKind.MARKET.value and against.contribution < 0
    return explain_pass(
        has_technology="pattern.no-technology" not in names,
        has_act="pattern.no-act" not in names,
        counter=f"other news ({against.text})" if is_market else "",
    )


def _ranked(reading: Reading, findings: Findings) -> tuple[Evidence, ...]:
    """Return what counted, strongest first, then further concepts for information."""
    counted = tuple(sorted(findings.evidence, key=lambda part: -abs(part.contribution)))
    return (*counted, *mention_evidence(reading, counted)[:_MAX_MENTIONS])


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
