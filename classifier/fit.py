"""Fits weights to labelled rows: logistic regression, pulled toward what was believed before. Pure; needs scipy.

The sum of the weighted log-losses, plus half the squared distance of every weight from its belief times a penalty, is
least where data and belief agree best (the most probable weights under a normal prior). Bounds keep each feature on
its side. More rows outweigh the penalty, so belief matters less the more is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

_INTERCEPT_SHARE = 0.1
"""The intercept follows the data more freely than the weights: it stands for the mix, which no belief knows."""
_TOLERANCE = 1e-10
_MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Labelled rows as numbers."""

    features: Floats | csr_array
    """Shape (rows, features), strengths 0 to 1. Sparse ones are not shared out to threads, which would cost more."""
    wording: csr_array
    """Shape (rows, runs of words); no columns where wording is left out."""
    relevant: NDArray[np.bool_]
    """Shape (rows,)."""
    importance: Floats
    """Shape (rows,), above 0: how much each row counts."""
    given: Floats | float = 0.0
    """Shape (rows,): log-odds that each row has besides, of what is not fitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is believed before the data."""

    intercept: float
    weights: Floats
    """Shape (features,)."""
    bounds: Sequence[tuple[float | None, float | None]]
    """Lowest and highest of each weight; None is unbounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalties:
    """How dear it is to leave the belief, in log-loss for a squared unit of log-odds, times two."""

    features: float
    wording: float
    """The belief about every run of words is that it weighs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The most probable weights."""

    intercept: float
    weights: Floats
    """Shape (features,)."""
    wording: Floats
    """Shape (runs of words,)."""


def fit_weights(problem: Problem, prior: Prior, penalties: Penalties) -> Solution:
    """Return the weights of the least objective; it is convex, so there is one, and the answer is the same each time.

    Raises:
        ValueError: There are no rows.
    """
    if not len(problem.relevant):
        msg = "no rows to fit to"
        raise ValueError(msg)
    runs = problem.wording.shape[1]
    start = np.concatenate([[prior.intercept], prior.weights, np.zeros(runs)])
    result = minimize(
        objective,
        start,
        args=(problem, prior, penalties),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *prior.bounds, *[(None, None)] * runs],
        options={"maxiter": _MOST_STEPS, "maxfun": 2 * _MOST_STEPS, "ftol": _TOLERANCE, "gtol": 1e-6},
    )
    count = len(prior.weights)
    found = np.asarray(result.x, dtype=np.float64)
    return Solution(intercept=float(found[0]), weights=found[1 : count + 1], wording=found[count + 1 :])


def objective(parameters: Floats, problem: Problem, prior: Prior, penalties: Penalties) -> tuple[float, Floats]:
    """Return the penalised loss of parameters, and its gradient.

    Args:
        parameters: Intercept, weights of features, weights of runs of words; shape (1 + features + runs,).
        problem: The rows.
        prior: The belief.
        penalties: How dear it is to leave it.
    """
    count = len(prior.weights)
    intercept, weights, wording = parameters[0], parameters[1 : count + 1], parameters[count + 1 :]
    sign = np.where(problem.relevant, 1.0, -1.0)
    margin = sign * (problem.given + intercept + problem.features @ weights + problem.wording @ wording)
    away = weights - prior.weights
    shift = intercept - prior.intercept
    loss = float(
        problem.importance @ np.logaddexp(0.0, -margin)
        + 0.5 * penalties.features * (away @ away + _INTERCEPT_SHARE * shift**2)
        + 0.5 * penalties.wording * (wording @ wording)
    )
    slope = -problem.importance * sign * np.exp(-np.logaddexp(0.0, margin))
    gradient = np.concatenate([
        [slope.sum() + penalties.features * _INTERCEPT_SHARE * shift],
        problem.features.T @ slope + penalties.features * away,
        problem.wording.T @ slope + penalties.wording * wording,
    ])  # fmt: skip
    return loss, gradient


def calibrate(raw: Floats, relevant: NDArray[np.bool_], importance: Floats) -> tuple[float, float]:
    """Return slope and offset that make log-odds of unseen items honest (Platt, 1999).

    Args:
        raw: Log-odds given to rows that the fit did not see, shape (rows,).
        relevant: Their labels, shape (rows,).
        importance: How much each counts, shape (rows,).
    """
    sign = np.where(relevant, 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        margin = sign * (parameters[0] * raw + parameters[1])
        slope = -importance * sign * np.exp(-np.logaddexp(0.0, margin))
        return float(importance @ np.logaddexp(0.0, -margin)), np.array([slope @ raw, slope.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.1, 10.0), (None, None)]).x
    return float(found[0]), float(found[1])
