"""Tests of model files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from classifier.model import Fitted, Wording, hand_model
from classifier.model_file import SHIPPED, load_model, model_to_json
from core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MODEL = replace(
    hand_model(),
    slope=0.75,
    offset=-0.25,
    wording=Wording(weights={"新政": 0.5, "<place>发布": -0.125}, limit=1.5),
    fitted=Fitted(items=3, training="t", lexicon="l", program="p"),
)


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    """What is written is what is read."""
    path = tmp_path / "model.json"
    path.write_text(model_to_json(MODEL), encoding="utf-8")
    assert load_model(path) == MODEL


def test_the_same_model_is_the_same_bytes() -> None:
    """The order of runs does not matter, nor digits beyond the fourth."""
    turned = replace(MODEL, wording=Wording(weights={"<place>发布": -0.12500001, "新政": 0.5}, limit=1.5))
    assert model_to_json(turned) == model_to_json(MODEL)


def test_the_shipped_model_is_as_written() -> None:
    """Reading and writing it changes nothing."""
    assert model_to_json(load_model()) == SHIPPED.read_text(encoding="utf-8")


def _changed(**changes: Any) -> str:
    return json.dumps(json.loads(model_to_json(MODEL)) | changes)


WEIGHTS = json.loads(model_to_json(MODEL))["weights"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no model file"),
        ("{}", "is no model file"),
        (_changed(format=9), "format: is 9"),
        (_changed(fitted={"day": 1}), "is no model file"),
        (_changed(weights={"act.title": 1}), "belongs to other features"),
        (_changed(weights=WEIGHTS | {"moon": 1.0}), "unknown moon"),
        (_changed(weights=WEIGHTS | {"act.title": "much"}), "weights.act.title: must be a number"),
        (_changed(weights=WEIGHTS | {"act.title": True}), "weights.act.title: must be a number"),
        (_changed(weights=WEIGHTS | {"act.title": float("inf")}), "weights.act.title: must be a number"),
        (_changed(weights=WEIGHTS | {"act.title": -1.0}), "weights.act.title: may only speak for"),
        (_changed(weights=WEIGHTS | {"signal.price.title": 1.0}), "may only speak against"),
        (_changed(calibration={"slope": -1, "offset": 0}), "slope must be above 0"),
    ],
)
def test_faulty_files_are_told(text: str, message: str, tmp_path: Path) -> None:
    """File, key and what to do."""
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_model(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """It cannot be read."""
    with pytest.raises(ConfigError, match="cannot be read"):
        load_model(tmp_path / "none.json")
