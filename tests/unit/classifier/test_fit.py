"""Tests of the fit: its gradient, its bounds, its agreement with another library, and belief against data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from classifier.fit import Penalties, Prior, Problem, calibrate, fit_weights, objective

FREE = (None, None)


def _problem(rows: int, *, seed: int = 0, truth: tuple[float, ...] = (2.0, -1.5, 0.5), runs: int = 0) -> Problem:
    random = np.random.default_rng(seed)
    features = random.random((rows, len(truth)))
    odds = features @ np.array(truth) - 0.3
    relevant = random.random(rows) < 1 / (1 + np.exp(-odds))
    return Problem(
        features=features,
        wording=csr_array((random.random((rows, runs)) < 0.3).astype(float)),
        relevant=relevant,
        importance=0.5 + random.random(rows),
    )


def _dense(problem: Problem) -> Any:
    """Return the features of a problem that was made by `_problem`."""
    assert isinstance(problem.features, np.ndarray)
    return problem.features


def _prior(weights: tuple[float, ...] = (0.0, 0.0, 0.0), bounds: Any = (FREE, FREE, FREE)) -> Prior:
    return Prior(intercept=0.0, weights=np.array(weights), bounds=bounds)


@given(seed=st.integers(0, 10_000), features=st.floats(0.01, 20), wording=st.floats(0.01, 20))
@settings(max_examples=15)
def test_the_gradient_is_that_of_the_loss(seed: int, features: float, wording: float) -> None:
    """Measured by small steps, it comes out the same."""
    problem, prior = _problem(30, seed=seed, runs=4), _prior((1.0, -1.0, 0.0))
    penalties = Penalties(features=features, wording=wording)
    at = np.random.default_rng(seed + 1).normal(size=8)

    def loss(x: Any) -> float:
        return objective(x, problem, prior, penalties)[0]

    def gradient(x: Any) -> Any:
        return objective(x, problem, prior, penalties)[1]

    error = check_grad(loss, gradient, at)
    assert error < 1e-3


def test_agrees_with_another_library() -> None:
    """Around a belief of nought, without bounds, it is ridge regression as scikit-learn does it."""
    problem = _problem(400)
    ours = fit_weights(problem, _prior(), Penalties(features=2.0, wording=1.0))
    # Its intercept is not penalised; ours is, a little: so a column of ones with the same price stands for it.
    root = np.sqrt(0.1)
    columns = np.column_stack([_dense(problem), np.full(400, 1 / root)])
    theirs = LogisticRegression(C=1 / 2.0, fit_intercept=False, tol=1e-10, max_iter=10_000)
    theirs.fit(columns, problem.relevant, sample_weight=problem.importance)
    assert ours.weights == pytest.approx(theirs.coef_[0][:3], abs=1e-4)
    assert ours.intercept == pytest.approx(theirs.coef_[0][3] / root, abs=1e-3)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_bounds_hold_whatever_the_data(seed: int) -> None:
    """A feature that may only speak for never speaks against."""
    problem = _problem(60, seed=seed, truth=(-3.0, 3.0, 0.0))
    bounds = ((0.0, None), (None, 0.0), FREE)
    weights = fit_weights(problem, _prior((1.0, -1.0, 0.0), bounds), Penalties(features=0.1, wording=1.0)).weights
    assert weights[0] >= 0
    assert weights[1] <= 0


def test_no_data_leaves_the_belief() -> None:
    """A penalty beyond all measure keeps every weight where it was."""
    solution = fit_weights(_problem(50), _prior((1.0, -2.0, 0.5)), Penalties(features=1e9, wording=1.0))
    assert solution.weights == pytest.approx([1.0, -2.0, 0.5], abs=1e-4)


def test_more_data_outweigh_the_belief() -> None:
    """The truth comes nearer with every tenfold of rows, from a belief that is wrong."""
    prior, truth = _prior((-3.0, 3.0, 3.0)), np.array([2.0, -1.5, 0.5])
    away = [
        float(np.abs(fit_weights(_problem(rows), prior, Penalties(features=5.0, wording=1.0)).weights - truth).max())
        for rows in (20, 200, 2_000, 20_000)
    ]
    assert away == sorted(away, reverse=True)
    assert away[-1] < 0.3


def test_weight_counts_like_rows() -> None:
    """A row of importance two is as good as two of one."""
    problem = _problem(40, runs=2)
    twice = Problem(
        features=np.vstack([_dense(problem)] * 2),
        wording=csr_array(np.vstack([problem.wording.toarray()] * 2)),
        relevant=np.concatenate([problem.relevant] * 2),
        importance=np.ones(80),
    )
    heavy = Problem(
        features=problem.features, wording=problem.wording, relevant=problem.relevant, importance=np.full(40, 2.0)
    )
    penalties = Penalties(features=1.0, wording=1.0)
    one, other = fit_weights(twice, _prior(), penalties), fit_weights(heavy, _prior(), penalties)
    assert one.weights == pytest.approx(other.weights, abs=1e-4)
    assert one.wording == pytest.approx(other.wording, abs=1e-4)


def test_no_rows_is_an_error() -> None:
    """There is nothing to fit to."""
    with pytest.raises(ValueError, match="no rows"):
        fit_weights(_problem(0), _prior(), Penalties(features=1.0, wording=1.0))


def test_calibration_finds_slope_and_offset() -> None:
    """Log-odds that are twice too sure and shifted are brought back."""
    random = np.random.default_rng(5)
    true = random.normal(0, 2, 20_000)
    relevant = random.random(20_000) < 1 / (1 + np.exp(-true))
    slope, offset = calibrate(2 * true + 1, relevant, np.ones(20_000))
    assert slope == pytest.approx(0.5, abs=0.03)
    assert offset == pytest.approx(-0.5, abs=0.06)
