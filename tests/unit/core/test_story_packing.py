"""Traits come back from their bytes."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classification import Stage
from core.story_packing import pack, unpack
from core.story_traits import StoryTraits

NAMES = st.text(max_size=12)
HUNDREDTHS = st.integers(1, 100).map(lambda value: value / 100)


@given(
    at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    sets=st.frozensets(NAMES, max_size=4),
    weights=st.dictionaries(NAMES, HUNDREDTHS, max_size=4),
    hashed=st.dictionaries(st.integers(0, 0xFFFFFF), HUNDREDTHS, max_size=4),
    stage=st.none() | st.sampled_from(Stage),
    flag=st.booleans(),
)
def test_traits_come_back(
    at: datetime,
    sets: frozenset[str],
    weights: dict[str, float],
    hashed: dict[int, float],
    stage: Stage | None,
    flag: bool,
) -> None:
    """Whatever was packed is unpacked, field by field, as long as weights are whole hundredths."""
    traits = StoryTraits(
        published_at=at,
        language="zh",
        relevant=flag,
        is_official=not flag,
        jurisdiction="cn-sh",
        act="plan",
        stage=stage,
        topics=("ai", "chips"),
        own_numbers=sets,
        subjects=sets,
        concepts=weights,
        figures=weights,
        words=hashed,
        meanings=hashed,
        rounds=sets,
        is_roundup=flag,
        vector=(0.5, -0.25),
    )
    assert unpack(pack(traits)) == traits


def test_weights_are_rounded_but_never_lost() -> None:
    """A weight below a hundredth is kept as one."""
    traits = StoryTraits(published_at=datetime(2023, 6, 13, tzinfo=UTC), names={"larkbay": 0.001, "trurim": 0.777})
    assert unpack(pack(traits)).names == {"larkbay": 0.01, "trurim": 0.78}


def test_equal_traits_have_equal_bytes() -> None:
    """The order in which weights were found does not show in the bytes."""
    at = datetime(2023, 6, 13, tzinfo=UTC)
    one = StoryTraits(published_at=at, names={"a": 0.5, "b": 0.25})
    assert pack(one) == pack(StoryTraits(published_at=at, names={"b": 0.25, "a": 0.5}))


@pytest.mark.parametrize(
    "stored", [b"", b"nonsense", zlib.compress(b"[]"), zlib.compress(json.dumps({"form": 0, "at": 1}).encode())]
)
def test_other_bytes_are_refused(stored: bytes) -> None:
    """Damaged bytes and those of another form raise ValueError."""
    with pytest.raises(ValueError, match="stored traits"):
        unpack(stored)
