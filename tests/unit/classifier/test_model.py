"""Tests of weighing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.measuring import measure
from classifier.model import WORDING, Model, Wording, hand_model, logistic
from classifier.weights import BELIEFS, PRIOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading

TITLE = "上海发布区块链新政"


def _total(model: Model, reading: Reading) -> float:
    return model.prior + sum(part.contribution for part in model.weigh(reading, measure(reading)))


def test_contributions_are_strengths_times_weights(read: Callable[..., Reading]) -> None:
    """The hand-set model adds up what was believed of what was measured."""
    reading = read(TITLE)
    strengths = measure(reading).strengths()
    expected = PRIOR + sum(BELIEFS[name].weight * strength for name, strength in strengths.items())
    assert _total(hand_model(), reading) == pytest.approx(expected)


def test_calibration_scales_everything(read: Callable[..., Reading]) -> None:
    """Slope and offset apply to the sum, and each contribution shows its scaled part."""
    reading = read(TITLE)
    plain = _total(hand_model(), reading)
    assert _total(replace(hand_model(), slope=0.5, offset=0.25), reading) == pytest.approx(0.5 * plain + 0.25)


def test_features_that_weigh_nothing_are_not_shown(read: Callable[..., Reading]) -> None:
    """Evidence is what counted."""
    parts = hand_model().weigh(reading := read(TITLE), measure(reading))
    assert all(part.contribution for part in parts)


def _worded(weights: dict[str, float], limit: float = 10.0) -> Model:
    return replace(hand_model(), wording=Wording(weights=weights, limit=limit))


def test_wording_is_divided_by_the_root_of_its_runs(read: Callable[..., Reading]) -> None:
    """Long leads must not outweigh short ones by their length."""
    reading = read(TITLE)
    gain = _total(_worded({"<place>发布": 1.0, "新政": 3.0}), reading) - _total(hand_model(), reading)
    assert gain == pytest.approx(4 / math.sqrt(2))


def test_wording_is_limited(read: Callable[..., Reading]) -> None:
    """However telling, it never adds or takes more than its limit."""
    reading = read(TITLE)
    for weight, bound in ((50.0, 1.5), (-50.0, -1.5)):
        gain = _total(_worded({"新政": weight}, limit=1.5), reading) - _total(hand_model(), reading)
        assert gain == pytest.approx(bound)


def test_wording_shows_its_strongest_runs_in_place(read: Callable[..., Reading]) -> None:
    """Three runs are shown where they stand, the others as one sum."""
    reading = read(TITLE)
    model = _worded({"<place>发布": 1.0, "发布": 0.1, "新政": 3.0, "<technology>新政": 2.0})
    parts = [part for part in model.weigh(reading, measure(reading)) if part.concept == WORDING]
    assert [part.text for part in parts] == ["新政", "区块链新政", "上海发布", ""]
    assert parts[-1].contribution == pytest.approx(0.05)


def test_wording_says_nothing_without_a_technology(read: Callable[..., Reading]) -> None:
    """What about is the lexicon's: the tone of a notice flags no notice."""
    reading = read("上海发布养老新政")
    assert _total(_worded({"新政": 50.0}), reading) == pytest.approx(_total(hand_model(), reading))


@given(st.floats(min_value=-800, max_value=800))
def test_logistic_is_a_probability(log_odds: float) -> None:
    """It stays within bounds, and mirrors at even odds."""
    assert 0 <= logistic(log_odds) <= 1
    assert logistic(log_odds) + logistic(-log_odds) == pytest.approx(1)
