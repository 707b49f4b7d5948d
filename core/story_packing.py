"""Traits as they are stored: compact JSON, compressed. Pure."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.classification import Stage
from core.story_traits import StoryTraits

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = 2
"""Of the stored bytes; other forms are refused, and their items read anew."""
_SETS = ("own_numbers", "numbers", "subjects", "documents", "rounds")
_WEIGHTS = ("concepts", "actors", "places", "deeds", "figures", "names")
_HASHED = ("words", "meanings")
_PLAIN = ("language", "relevant", "is_official", "jurisdiction", "act", "is_roundup", "forwards")
_STEPS = 100
"""Weights are stored in hundredths."""


def pack(traits: StoryTraits) -> bytes:
    """Return traits as bytes, equal for equal traits; weights are rounded to hundredths, never to nought."""
    stored: dict[str, Any] = {"form": _FORM, "at": traits.published_at.timestamp()}
    stored |= {name: getattr(traits, name) for name in _PLAIN}
    stored |= {name: sorted(getattr(traits, name)) for name in _SETS}
    stored |= {name: _rounded(getattr(traits, name)) for name in _WEIGHTS}
    stored |= {name: [*_rounded(getattr(traits, name)).items()] for name in _HASHED}
    stored |= {"stage": traits.stage, "topics": traits.topics, "vector": [round(part, 4) for part in traits.vector]}
    full = {name: value for name, value in stored.items() if value or name == "at"}
    return zlib.compress(json.dumps(full, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"), 6)


def unpack(stored: bytes) -> StoryTraits:
    """Return stored traits.

    Raises:
        ValueError: The bytes are not of this form.
    """
    try:
        raw = json.loads(zlib.decompress(stored).decode(errors="surrogatepass"))
    except zlib.error as exc:
        raise ValueError("stored traits are damaged") from exc
    if not isinstance(raw, dict) or raw.get("form") != _FORM:
        raise ValueError("stored traits have another form")
    fields: dict[str, Any] = {name: raw[name] for name in _PLAIN if name in raw}
    fields |= {name: frozenset(raw[name]) for name in _SETS if name in raw}
    fields |= {name: _weights(raw[name]) for name in _WEIGHTS if name in raw}
    fields |= {name: _weights(dict(raw[name])) for name in _HASHED if name in raw}
    return StoryTraits(
        published_at=datetime.fromtimestamp(raw["at"], UTC),
        stage=Stage(raw["stage"]) if "stage" in raw else None,
        topics=tuple(raw.get("topics", ())),
        vector=tuple(raw.get("vector", ())),
        **fields,
    )


def _rounded(weights: Mapping[Any, float]) -> dict[Any, int]:
    return {name: max(1, round(weight * _STEPS)) for name, weight in sorted(weights.items())}


def _weights(stored: Mapping[Any, int]) -> dict[Any, float]:
    return {name: weight / _STEPS for name, weight in stored.items()}
