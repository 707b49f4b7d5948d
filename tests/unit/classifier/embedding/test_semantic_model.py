"""The semantic model's file."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from classifier.embedding.semantic_model import SemanticModel, load_semantic, semantic_to_json
from classifier.embedding.use_embedder import DIMENSIONS
from core.embedding import Centring
from core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MODEL = SemanticModel(
    embedder="fake-1", offset=0.25, weights=(1.5, -0.5), limit=1.5, centring=Centring(means={"zh": (0.1, 0.2)})
)


def test_a_model_comes_back_from_its_file(tmp_path: Path) -> None:
    """Reading what was written gives the same model and the same digest."""
    path = tmp_path / "model.json"
    path.write_text(semantic_to_json(MODEL), encoding="utf-8")
    assert load_semantic(path) == MODEL
    assert load_semantic(path).digest == MODEL.digest


@pytest.mark.parametrize(
    "change", [{"limit": 0}, {"weights": [1.0]}, {"weights": None}, {"means": []}, {"offset": "much"}]
)
def test_a_file_that_is_no_model_is_a_fault_with_its_path(tmp_path: Path, change: dict[str, object]) -> None:
    """A limit of nought, vectors of two lengths and other shapes are refused."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps(json.loads(semantic_to_json(MODEL)) | change), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_semantic(path)
    assert caught.value.problems[0].where == str(path)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """A file that is not there is told as such."""
    with pytest.raises(ConfigError, match="no semantic model"):
        load_semantic(tmp_path / "none.json")


def test_the_shipped_model_fits_the_embedder() -> None:
    """Its weights and means are as long as the embedder's vectors, and it never weighs as much as an act."""
    model = load_semantic()
    assert model.embedder.startswith("use-multilingual-3+")
    assert len(model.weights) == DIMENSIONS
    assert set(model.centring.means) == {"zh", "en"}
    assert all(math.hypot(*mean) < 1 for mean in model.centring.means.values())
    assert model.limit <= 1.5
