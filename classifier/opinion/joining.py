"""Joins a second opinion to what the first classifier said. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.classification import Evidence, Zone
from core.opinion import Wish, blend

if TYPE_CHECKING:
    from core.classification import Classification, Document
    from core.opinion import Opinion
    from core.ports import Classifier

EVIDENCE_KIND = "second-opinion"


class Joiner:
    """Adds opinions to classifications: to score, labels, evidence, reason, translation and summary, and no more."""

    def __init__(self, lenient: Classifier, *, threshold: float, weight: float, adviser: str) -> None:
        """Join by these rules.

        Args:
            lenient: The first classifier with a low threshold, asked what an item is about that becomes relevant.
            threshold: Score from which an item is relevant.
            weight: Factor on an opinion's log-odds.
            adviser: Whose opinions they are, as shown to people.
        """
        self._lenient = lenient
        self._threshold = threshold
        self._weight = weight
        self._adviser = adviser

    def join(self, document: Document, judged: Classification, opinion: Opinion, *, wish: Wish) -> Classification:
        """Return the classification with the opinion in it; only with its words where no verdict was wished for."""
        told = judged if wish is Wish.TRANSLATION else self._weighed(document, judged, opinion)
        if not told.relevant:
            return told
        return replace(told, translation=opinion.translation, summary=opinion.summary)

    def _weighed(self, document: Document, judged: Classification, opinion: Opinion) -> Classification:
        added = opinion.log_odds(self._weight)
        score = blend(judged.score, added)
        relevant = score >= self._threshold
        base = judged
        if relevant and not judged.relevant:
            base = _filled(self._lenient.classify(document), opinion)
        elif judged.relevant and not relevant:
            base = _bare(judged)
        proof = Evidence(
            concept=f"opinion.{self._adviser}",
            kind=EVIDENCE_KIND,
            zone=Zone.TITLE,
            start=0,
            end=0,
            text="",
            contribution=added,
        )
        return replace(
            base,
            relevant=relevant,
            score=score,
            evidence=tuple(sorted((*judged.evidence, proof), key=lambda part: -abs(part.contribution))),
            reason=f"{base.reason} {self._sentence(opinion)}",
            classifier=f"{judged.classifier}+opinion.{self._adviser}",
        )

    def _sentence(self, opinion: Opinion) -> str:
        verdict = "relevant" if opinion.relevant else "not relevant"
        said = f": “{opinion.reason}”" if opinion.reason else "."
        return f"A second opinion ({self._adviser}) was asked and says {verdict}, {opinion.confidence:.0%} sure{said}"


def _filled(base: Classification, opinion: Opinion) -> Classification:
    """Return a classification with the opinion's topics and act where the first classifier has none."""
    act = base.act if base.act != "none" else opinion.act
    return replace(base, topics=base.topics or opinion.topics, act=act)


def _bare(judged: Classification) -> Classification:
    """Return a classification without what is said of relevant items only."""
    return replace(judged, topics=(), act="none", stage=None, effective_on=None, comments_until=None, gloss="")
