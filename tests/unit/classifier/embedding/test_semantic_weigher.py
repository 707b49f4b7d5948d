"""What an article's meaning adds to its score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import pytest

from classifier.embedding.semantic_model import SemanticModel
from classifier.embedding.semantic_weigher import KIND, SemanticWeigher
from classifier.lexicon_classifier import LexiconClassifier
from classifier.measuring import measure
from core.classification import Document
from core.embedding import Centring, Embedder
from core.lexicon import Concept, ConceptKind, Lexicon

if TYPE_CHECKING:
    from core.classification import Classification


class NotingEmbedder(Embedder, Protocol):
    """An embedder that notes what it is asked."""

    asked: list[str]


LEXICON = Lexicon(
    concepts=(
        Concept(
            id="tech.blockchain",
            kind=ConceptKind.TECHNOLOGY,
            zh=("区块链",),
            en=("blockchain",),
            topics=("blockchain",),
        ),
    ),
    version="test",
)
MODEL = SemanticModel(embedder="fake-1", offset=0.0, weights=(9.0, -9.0), limit=1.5, centring=Centring())
NEWS = Document(title="某地印发区块链方案", language="zh")


def weigher(embedder: NotingEmbedder, *, threshold: float = 0.5) -> SemanticWeigher:
    """Return a weigher with a heavy hand, held by its limit."""
    return SemanticWeigher(embedder, MODEL, threshold=threshold)


def added(embedder: NotingEmbedder, title: str, log_odds: float) -> list[float]:
    """Return what is added to log-odds for a title."""
    reading = LexiconClassifier(LEXICON, threshold=0.5).read(Document(title=title))
    return [part.contribution for part in weigher(embedder).weigh(reading, measure(reading), log_odds)]


@pytest.mark.parametrize("log_odds", [-1.5, 0.0, 1.5])
def test_meaning_is_weighed_where_it_can_turn_the_answer(embedder: NotingEmbedder, log_odds: float) -> None:
    """Within the limit around the threshold it adds or takes, and never more than the limit."""
    assert added(embedder, "某地印发区块链方案", log_odds) == [1.5]
    assert added(embedder, "区块链行情", log_odds) == [-1.5]


@pytest.mark.parametrize("log_odds", [-1.6, 1.6, -20.0])
def test_elsewhere_nothing_is_embedded(embedder: NotingEmbedder, log_odds: float) -> None:
    """An article whose answer cannot change costs nothing."""
    assert added(embedder, "某地印发区块链方案", log_odds) == []
    assert embedder.asked == []


def test_what_names_no_technology_is_left_alone(embedder: NotingEmbedder) -> None:
    """Meaning alone says nothing of what an article is about."""
    assert added(embedder, "某地印发养老方案", 0.0) == []
    assert embedder.asked == []


def judge(embedder: NotingEmbedder, document: Document) -> tuple[Classification, Classification]:
    """Return the judgements of a document without and with meaning, around a threshold that it all but meets."""
    plain = LexiconClassifier(LEXICON, threshold=0.5).classify(document)
    threshold = min(0.99, plain.score + 0.01)
    further = weigher(embedder, threshold=threshold)
    return plain, LexiconClassifier(LEXICON, threshold=threshold, further=further).classify(document)


def test_the_score_is_the_sum_of_its_evidence(embedder: NotingEmbedder) -> None:
    """The semantic evidence is one more contribution to the log-odds, and may turn the answer."""
    plain, with_meaning = judge(embedder, NEWS)
    (part,) = [part for part in with_meaning.evidence if part.kind == KIND]
    before, after = (math.log(each.score / (1 - each.score)) for each in (plain, with_meaning))
    assert after - before == pytest.approx(part.contribution) == pytest.approx(1.5)
    assert with_meaning.relevant


def test_the_classifier_tells_what_weighs_meaning(embedder: NotingEmbedder) -> None:
    """Judgements made with meaning bear the version of model and embedder, so that none is taken for one without."""
    plain, with_meaning = judge(embedder, NEWS)
    assert with_meaning.classifier.endswith(f"+semantic-{MODEL.digest}.fake-1")
    assert with_meaning.classifier.startswith(plain.classifier)
