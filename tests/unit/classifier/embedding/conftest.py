"""A stand-in for an embedding model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.embedding import Vector


@dataclass
class FakeEmbedder:
    """Points at (1, 0) for texts with an act of an authority, at (0, 1) for all others; notes what it is asked."""

    version: str = "fake-1"
    dimensions: int = 2
    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return a direction for each text."""
        self.asked += texts
        return tuple((1.0, 0.0) if "印发" in text or "issues" in text else (0.0, 1.0) for text in texts)


@pytest.fixture
def embedder() -> FakeEmbedder:
    """A fake embedder of two directions."""
    return FakeEmbedder()
