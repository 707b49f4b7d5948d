"""Tests of the fit to a user's labels."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.fit_design import Row
from classifier.fit_tuning import PENALTIES, best_threshold, fit_tuned
from classifier.model import hand_model


def test_the_best_threshold_has_the_best_f1() -> None:
    """Between what is wanted and what is not."""
    scores = np.array([0.2, 0.35, 0.42, 0.47, 0.9])
    assert best_threshold(scores, np.array([False, False, True, True, True]), 0.5) == 0.4


def test_of_equals_the_nearest_to_the_current_is_taken() -> None:
    """What makes no difference is left as it is."""
    scores, relevant = np.array([0.1, 0.9]), np.array([False, True])
    assert best_threshold(scores, relevant, 0.5) == 0.5
    assert best_threshold(scores, relevant, 0.62) == 0.62


def _rows() -> list[Row]:
    return [
        Row(
            example=index, strengths={"technology.title": 1.0, "signal.visit.title": float(index % 2 == 0) or 0.01},
            runs=frozenset(), relevant=index % 2 == 0, importance=1.0, is_whole=True,
        )
        for index in range(40)
    ]  # fmt: skip


def test_sides_are_kept() -> None:
    """Even a user who wants visits makes them count for nothing at most, never for; steps are counted."""
    steps: list[None] = []
    tuned = fit_tuned(
        _rows(), [0.0] * 40, [str(index) for index in range(40)], hand_model(), threshold=0.5, folds=4,
        tick=lambda: steps.append(None),
    )  # fmt: skip
    assert len(steps) == 4 * len(PENALTIES) + 1
    assert hand_model().weights["signal.visit.title"] < tuned.model.weights["signal.visit.title"] <= 0
    assert len(tuned.flagged) == 40


def test_what_wording_gives_is_kept() -> None:
    """Log-odds that are given besides are not fitted again: where they say all, the weights stay."""
    rows = _rows()
    given = [20.0 if row.relevant else -20.0 for row in rows]
    tuned = fit_tuned(
        rows, given, [str(index) for index in range(40)], hand_model(), threshold=0.5, folds=4, tick=lambda: None
    )
    assert tuned.model.weights["signal.visit.title"] == pytest.approx(
        hand_model().weights["signal.visit.title"], abs=1e-3
    )
    assert all(flag == row.relevant for flag, row in zip(tuned.flagged, rows, strict=True))
