"""Vectors of meaning: cosines, storing, centring."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embedding import Centring, cosine, mean_of, pack, unit, unpack

NUMBERS = st.floats(min_value=-1, max_value=1, allow_nan=False).map(lambda value: round(value, 6))
VECTORS = st.lists(NUMBERS, min_size=4, max_size=4).map(tuple)


def test_cosine_tells_same_opposite_and_unlike_directions() -> None:
    """The same direction is 1, the opposite -1, a right angle 0, whatever the lengths."""
    assert cosine((2.0, 0.0), (5.0, 0.0)) == 1
    assert cosine((1.0, 0.0), (-3.0, 0.0)) == -1
    assert cosine((1.0, 0.0), (0.0, 4.0)) == 0


def test_nought_is_like_nothing() -> None:
    """A vector of length nought has no direction to share."""
    assert cosine((0.0, 0.0), (1.0, 0.0)) == 0
    assert unit((0.0, 0.0)) == (0.0, 0.0)


def test_vectors_of_other_lengths_are_refused() -> None:
    """Vectors of two models are no pair."""
    with pytest.raises(ValueError, match="2 and 3 dimensions"):
        cosine((1.0, 0.0), (1.0, 0.0, 0.0))


@given(VECTORS, VECTORS)
def test_cosine_is_symmetric_and_bounded(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    """The order does not matter, and rounding never leaves the range."""
    assert cosine(one, other) == cosine(other, one)
    assert -1 <= cosine(one, other) <= 1


@given(VECTORS.filter(lambda vector: math.hypot(*vector) > 0.01), VECTORS.filter(lambda v: math.hypot(*v) > 0.01))
def test_storing_moves_no_cosine_by_a_thousandth(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    """A unit vector comes back at half precision from two bytes a number."""
    one, other = unit(one), unit(other)
    stored = pack(one)
    assert len(stored) == 8
    assert cosine(unpack(stored), other) == pytest.approx(cosine(one, other), abs=0.001)


def test_stored_numbers_are_little_endian() -> None:
    """The bytes are the same on every machine."""
    assert pack((1.0, -2.0)) == b"\x00\x3c\x00\xc0"


def test_cut_bytes_are_no_vector() -> None:
    """Half a number is refused."""
    with pytest.raises(ValueError, match="3 bytes"):
        unpack(b"\x00\x3c\x00")


def test_mean_needs_vectors() -> None:
    """The mean is taken number by number, and of nothing there is none."""
    assert mean_of([(1.0, 0.0), (0.0, 1.0)]) == (0.5, 0.5)
    with pytest.raises(ValueError, match="no vectors"):
        mean_of([])


def test_centring_takes_away_what_a_language_shares() -> None:
    """Two texts that differ from their languages' means alike are alike, whatever language they are in."""
    centring = Centring(means={"zh": (1.0, 0.0, 0.0), "en": (0.0, 1.0, 0.0)})
    chinese, english = (1.0, 0.0, 0.5), (0.0, 1.0, 0.5)
    assert cosine(chinese, english) < 0.3
    assert cosine(centring.centred(chinese, "zh-Hant"), centring.centred(english, "en")) == 1


def test_a_language_without_mean_stays_as_it_is() -> None:
    """A vector of an unknown language is only brought to length 1."""
    assert Centring().centred((0.0, 2.0), "ja") == (0.0, 1.0)
