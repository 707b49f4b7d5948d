"""Vectors of meaning: the port to a model that makes them, how they are stored, and how near two texts are. Pure.

A vector stands for what a text is about, in whatever language. Texts of one language lie closer together than texts
of two that say the same, so similarities are taken after each language's own mean has been taken away (`Centring`).
"""

from __future__ import annotations

import math
import operator
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Vector = tuple[float, ...]
    """A direction; of length 1 where nothing else is said."""

_STORED = "e"
"""IEEE 754 half precision: half the bytes, and cosines off by less than 0.001."""


class Embedder(Protocol):
    """Makes vectors of texts. Deterministic; safe in any thread."""

    @property
    def version(self) -> str:
        """Name and version of the model; vectors of different versions are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        ...

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the unit vectors of texts, in order; never raises on any text.

        Args:
            texts: Of any language and length; an empty one has a vector too, which means nothing.
        """
        ...


def cosine(one: Vector, other: Vector) -> float:
    """Return how near two vectors point: -1 to 1; 0 where one of them is nought.

    Raises:
        ValueError: They differ in length.
    """
    if len(one) != len(other):
        raise ValueError(f"vectors of {len(one)} and {len(other)} dimensions cannot be compared")
    lengths = math.hypot(*one) * math.hypot(*other)
    if not lengths:
        return 0.0
    return max(-1.0, min(1.0, math.fsum(map(operator.mul, one, other)) / lengths))


def unit(vector: Vector) -> Vector:
    """Return a vector of length 1 in the same direction; nought stays nought."""
    length = math.hypot(*vector)
    return tuple(value / length for value in vector) if length else vector


def pack(vector: Vector) -> bytes:
    """Return a vector as it is stored: little-endian half-precision numbers, two bytes each.

    Raises:
        OverflowError: A number is beyond half precision (65,504); those of unit vectors never are.
    """
    return struct.pack(f"<{len(vector)}{_STORED}", *vector)


def unpack(stored: bytes) -> Vector:
    """Return a stored vector.

    Raises:
        ValueError: The bytes are cut.
    """
    if len(stored) % 2:
        raise ValueError(f"{len(stored)} bytes are no stored vector")
    return struct.unpack(f"<{len(stored) // 2}{_STORED}", stored)


def mean_of(vectors: Sequence[Vector]) -> Vector:
    """Return the mean of at least one vector; it is no unit vector.

    Raises:
        ValueError: There are none, or they differ in length.
    """
    if not vectors:
        raise ValueError("no vectors to take the mean of")
    return tuple(math.fsum(column) / len(vectors) for column in zip(*vectors, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Centring:
    """What the vectors of each language have in common, to be taken away before they are compared."""

    means: Mapping[str, Vector] = field(default_factory=dict)
    """By language, `zh` for both scripts; a language that is not there is compared as it is."""

    def centred(self, vector: Vector, language: str) -> Vector:
        """Return a unit vector without what all texts of its language share.

        Args:
            vector: As the embedder gave it, or as it was stored.
            language: BCP 47 tag; only its first part counts.
        """
        mean = self.means.get(language.partition("-")[0].lower())
        return unit(tuple(map(operator.sub, vector, mean))) if mean else unit(vector)
