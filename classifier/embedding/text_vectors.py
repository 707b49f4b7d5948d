"""Vectors of articles: what of them is embedded, centred by language, and stored to be compared later."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from classifier.reading import LEAD_CHINESE, LEAD_LATIN
from core.embedding import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.embedding import Centring, Embedder, Vector

Text = tuple[str, str, bool]
"""Title, text, and whether it is Chinese."""


def embedded_text(title: str, text: str, *, is_chinese: bool) -> str:
    """Return what of an article is embedded: title and lead. The title alone tells stories less well apart."""
    return f"{title}\n{text[: LEAD_CHINESE if is_chinese else LEAD_LATIN]}".strip()


class TextVectors:
    """Makes centred unit vectors of articles. Safe in any thread."""

    def __init__(self, embedder: Embedder, centring: Centring) -> None:
        self._embedder = embedder
        self._centring = centring

    @property
    def version(self) -> str:
        """Of the embedder; stored vectors of another one cannot be compared."""
        return self._embedder.version

    def vectors(self, texts: Sequence[Text]) -> tuple[Vector, ...]:
        """Return the vectors of articles, in order; many at once cost half as much each."""
        made = self._embedder.embed(
            [embedded_text(title, text, is_chinese=is_chinese) for title, text, is_chinese in texts]
        )
        return tuple(
            self._centring.centred(vector, "zh" if is_chinese else "en")
            for vector, (_, _, is_chinese) in zip(made, texts, strict=True)
        )

    def stored(self, texts: Sequence[Text]) -> tuple[bytes, ...]:
        """Return the vectors of articles as they are stored: 2 bytes a dimension, see `core.embedding.pack`."""
        return tuple(map(pack, self.vectors(texts)))


def similarity(one: bytes, other: bytes) -> float:
    """Return how alike two articles are by their stored vectors of one version: about -1 to 1.

    Raises:
        ValueError: The vectors differ in length, or one is cut.
    """
    if len(one) != len(other):
        raise ValueError(f"stored vectors of {len(one)} and {len(other)} bytes cannot be compared")
    return math.fsum(map(operator.mul, unpack(one), unpack(other)))
