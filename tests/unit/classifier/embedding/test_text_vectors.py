"""Vectors of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.embedding.text_vectors import TextVectors, embedded_text, similarity
from core.embedding import Centring, cosine

if TYPE_CHECKING:
    from core.embedding import Embedder


def test_title_and_lead_are_embedded() -> None:
    """Of a long text only the lead counts, which is shorter in Chinese; a title alone stands for itself."""
    assert embedded_text("题", "字" * 1_000, is_chinese=True) == "题\n" + "字" * 220
    assert embedded_text("Title", "w" * 1_000, is_chinese=False) == "Title\n" + "w" * 600
    assert embedded_text("题", "", is_chinese=True) == "题"


def test_vectors_are_centred_by_language(embedder: Embedder) -> None:
    """What all texts of a language share is taken away before texts are compared."""
    centring = Centring(means={"zh": (0.0, 0.5), "en": (0.5, 0.5)})
    made = TextVectors(embedder, centring)
    (chinese, english) = made.vectors([("北京印发通知", "", True), ("Beijing issues notice", "", False)])
    assert chinese == pytest.approx((0.894, -0.447), abs=0.001)
    assert english == pytest.approx((0.707, -0.707), abs=0.001)
    assert made.version == embedder.version


def test_similarity_of_stored_vectors_is_their_cosine(embedder: Embedder) -> None:
    """Vectors are stored centred, so that comparing them needs no language."""
    made = TextVectors(embedder, Centring(means={"zh": (0.2, 0.1)}))
    texts = [("北京印发通知", "", True), ("天气晴", "", True)]
    one, other = made.stored(texts)
    assert len(one) == 4
    assert similarity(one, other) == pytest.approx(cosine(*made.vectors(texts)), abs=0.001)
    assert similarity(one, one) == pytest.approx(1, abs=0.001)


def test_stored_vectors_of_two_models_are_no_pair() -> None:
    """Vectors of other lengths come from another model."""
    with pytest.raises(ValueError, match="2 and 4 bytes"):
        similarity(b"\x00\x3c", b"\x00\x3c\x00\x3c")
