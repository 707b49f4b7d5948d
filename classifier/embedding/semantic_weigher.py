"""Lets an article's meaning move its score a little, where that can change the answer."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from classifier.embedding.text_vectors import TextVectors
from core.classification import Evidence, Zone

if TYPE_CHECKING:
    from classifier.embedding.semantic_model import SemanticModel
    from classifier.measuring import Measured
    from classifier.reading import Reading
    from core.embedding import Embedder

CONCEPT = "semantic.likeness"
KIND = "semantic"


class SemanticWeigher:
    """A `classifier.lexicon_classifier.Weigher`. Deterministic; safe in any thread.

    It is asked last. An article in which the lexicon finds no technology is left alone: what it is about is the
    lexicon's to say. So is one whose log-odds lie further from the threshold than the model's limit, which costs
    nothing then; on ordinary news that is nearly all.
    """

    def __init__(self, embedder: Embedder, model: SemanticModel, *, threshold: float) -> None:
        """Make a weigher.

        Args:
            embedder: Of the version that the model was fitted to, or near it.
            model: What vectors weigh.
            threshold: Score from which an article is relevant, above 0 and below 1.
        """
        self._vectors = TextVectors(embedder, model.centring)
        self._model = model
        self._threshold = math.log(threshold / (1 - threshold))
        self._version = f"semantic-{model.digest}.{embedder.version}"

    @property
    def version(self) -> str:
        """Of model and embedder."""
        return self._version

    def weigh(self, reading: Reading, measured: Measured, log_odds: float) -> tuple[Evidence, ...]:
        """Return evidence of what an article's meaning adds; empty where it is left alone.

        Args:
            reading: The article.
            measured: Its features.
            log_odds: Of its score so far.
        """
        if abs(log_odds - self._threshold) > self._model.limit or "no-technology" in measured.strengths():
            return ()
        (vector,) = self._vectors.vectors([(reading.title, reading.text, reading.is_chinese)])
        weight = self._model.offset + math.fsum(map(operator.mul, self._model.weights, vector))
        contribution = max(-self._model.limit, min(self._model.limit, weight))
        place = Evidence(
            concept=CONCEPT, kind=KIND, zone=Zone.TITLE, start=0, end=0, text="", contribution=contribution
        )
        return (place,)
