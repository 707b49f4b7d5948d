"""What an article's vector weighs: the fitted direction, read from and written to a file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.embedding import Centring
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from core.embedding import Vector

SHIPPED = Path(__file__).parent / "semantic_model.json"
"""The one that comes with the program; `python -m benchmarks.semantic --fit` makes it."""
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticModel:
    """Log-odds of a centred vector: `offset` plus its product with `weights`, kept within `limit` on either side."""

    embedder: str
    """Version of the embedder whose vectors it weighs."""
    offset: float
    weights: Vector
    limit: float
    """Most it may add or take, above 0: less than an act or a technology weighs, so it never flags by itself."""
    centring: Centring
    """Means by language of the items it was fitted to."""

    @property
    def digest(self) -> str:
        """Changes whenever the file does."""
        return hashlib.sha256(semantic_to_json(self).encode()).hexdigest()[:6]


def semantic_to_json(model: SemanticModel) -> str:
    """Return a model's file: the same bytes for the same model."""
    document = {
        "embedder": model.embedder,
        "limit": model.limit,
        "offset": round(model.offset, _DIGITS),
        "weights": _rounded(model.weights),
        "means": {language: _rounded(mean) for language, mean in sorted(model.centring.means.items())},
    }
    return json.dumps(document) + "\n"


def _rounded(vector: Vector) -> list[float]:
    return [round(value, _DIGITS) + 0.0 for value in vector]


def load_semantic(path: Path = SHIPPED) -> SemanticModel:
    """Read a model's file.

    Raises:
        ConfigError: It cannot be read, or is none.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        model = SemanticModel(
            embedder=str(document["embedder"]),
            limit=float(document["limit"]),
            offset=float(document["offset"]),
            weights=tuple(map(float, document["weights"])),
            centring=Centring(
                means={language: tuple(map(float, mean)) for language, mean in document["means"].items()}
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError([ConfigProblem(where=str(path), key="", message=f"is no semantic model: {error}")]) from error
    if model.limit <= 0 or any(len(mean) != len(model.weights) for mean in model.centring.means.values()):
        message = "needs a limit above 0, and means as long as the weights"
        raise ConfigError([ConfigProblem(where=str(path), key="", message=message)])
    return model
