"""Reads and writes model files: JSON that a reader can follow, the same bytes for the same model."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

from classifier.model import Fitted, Model, Wording
from classifier.weights import BELIEFS, FEATURES, PRIOR
from core.errors import ConfigError, ConfigProblem

SHIPPED = Path(__file__).parent / "model.json"
"""The model that comes with the program."""
FORMAT = 1
_DIGITS = 4
"""Decimals kept: a ten-thousandth of log-odds moves no score that anybody sees."""
_REFIT = "fit it anew with `hongtou train` or `hongtou tune`"


def program_digest() -> str:
    """Return a digest of the features and what is believed of them; another one means that a model must be refitted."""
    words = json.dumps([PRIOR, [[name, *_believed(name)] for name in FEATURES]])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _believed(feature: str) -> tuple[float, int, float]:
    belief = BELIEFS[feature]
    return belief.weight, belief.side, belief.least


def model_to_json(model: Model) -> str:
    """Return a model's file: features in their order, runs of words by the alphabet, four decimals."""
    fitted = model.fitted
    document = {
        "format": FORMAT,
        "fitted": {
            "items": fitted.items,
            "training": fitted.training,
            "lexicon": fitted.lexicon,
            "program": fitted.program,
        },
        "intercept": _rounded(model.intercept),
        "calibration": {"slope": _rounded(model.slope), "offset": _rounded(model.offset)},
        "weights": {feature: _rounded(model.weights[feature]) for feature in FEATURES},
        "wording": {
            "limit": _rounded(model.wording.limit),
            "weights": {run: _rounded(weight) for run, weight in sorted(model.wording.weights.items())},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rounded(value: float) -> float:
    return round(value, _DIGITS) + 0.0


def load_model(path: Path | None = None) -> Model:
    """Read a model file, the shipped one by default.

    Raises:
        ConfigError: It cannot be read, is no model, or belongs to other features than this program's.
    """
    path = path or SHIPPED
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(path, "", f"cannot be read: {error}") from error
    except json.JSONDecodeError as error:
        raise _fault(path, "", f"is no JSON: {error.msg} at line {error.lineno}") from None
    try:
        return _model(document, path)
    except (KeyError, TypeError, AttributeError) as error:
        raise _fault(path, "", f"is no model file ({error}); {_REFIT}") from None


def _model(document: dict[str, Any], path: Path) -> Model:
    if document["format"] != FORMAT:
        raise _fault(path, "format", f"is {document['format']}, where {FORMAT} is understood; {_REFIT}")
    weights = _numbers(document["weights"], path, "weights")
    _check_features(weights, path)
    wording = document["wording"]
    runs = _numbers(wording["weights"], path, "wording.weights")
    numbers = _numbers(
        {"intercept": document["intercept"], **document["calibration"], "limit": wording["limit"]}, path, "calibration"
    )
    if numbers["slope"] <= 0 or numbers["limit"] < 0:
        raise _fault(path, "calibration", f"slope must be above 0, and wording.limit not below; {_REFIT}")
    return Model(
        intercept=numbers["intercept"],
        weights=weights,
        slope=numbers["slope"],
        offset=numbers["offset"],
        wording=Wording(weights=runs, limit=numbers["limit"]),
        fitted=Fitted(**document["fitted"]),
    )


def _check_features(weights: dict[str, float], path: Path) -> None:
    """Refuse other features, and weights on the side that a feature may not speak for."""
    missing = [feature for feature in FEATURES if feature not in weights]
    unknown = [feature for feature in weights if feature not in BELIEFS]
    if missing or unknown:
        difference = ", ".join([*(f"no {name}" for name in missing[:3]), *(f"unknown {name}" for name in unknown[:3])])
        raise _fault(path, "weights", f"belongs to other features ({difference}); {_REFIT}")
    for feature, belief in BELIEFS.items():
        if weights[feature] * belief.side < 0:
            side = "for" if belief.side > 0 else "against"
            raise _fault(path, f"weights.{feature}", f"may only speak {side}, but is {weights[feature]}")


def _numbers(values: dict[str, Any], path: Path, key: str) -> dict[str, float]:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _fault(path, f"{key}.{name}", "must be a number")
    return {name: float(value) for name, value in values.items()}


def _fault(path: Path, key: str, message: str) -> ConfigError:
    return ConfigError([ConfigProblem(where=str(path), key=key, message=message)])
