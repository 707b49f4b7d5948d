"""Fits a user's own weights and threshold to the user's labels, around the model that is in use. Needs scipy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from classifier.fit import Penalties, fit_weights
from classifier.fit_design import make_problem
from classifier.fit_model import fold_of, prior_of
from classifier.model import Model, Wording
from classifier.weights import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from classifier.fit import Floats, Solution
    from classifier.fit_design import Row

PENALTIES = (4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""How dear it is to leave the shipped weights: more than in training, since labels are few."""
_THRESHOLDS = tuple(step / 100 for step in range(30, 71, 5))
"""Thresholds looked at: farther out a handful of labels would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """Weights and threshold of a user, and how their like judges labels it has not seen."""

    model: Model
    threshold: float
    penalty: float
    flagged: tuple[bool, ...]
    """Of each label, by weights and a threshold that were fitted without its story."""


def fit_tuned(
    rows: Sequence[Row],
    given: Sequence[float],
    stories: Sequence[str],
    model: Model,
    *,
    threshold: float,
    folds: int,
    tick: Callable[[], None],
) -> Tuned:
    """Fit to labels.

    Labels are not weighed to a mix: they are chosen by score, which leaves the odds at each score as they are.

    Args:
        rows: One of each label.
        given: What the model's wording gives each, in calibrated log-odds; it is kept as it is.
        stories: The story of each.
        model: In use.
        threshold: In use, a score.
        folds: Parts of the cross-validation.
        tick: Called after each fit, `folds * len(PENALTIES) + 1` times.
    """
    fold = fold_of(stories, folds)
    wording = np.array(given)
    tried: list[tuple[float, float, Floats]] = []
    for penalty in PENALTIES:
        unseen = np.zeros(len(rows))
        for part in range(folds):
            seen, rest = _places(fold != part), _places(fold == part)
            if len(rest):
                solution = _fit([rows[index] for index in seen], wording[seen], model, penalty)
                unseen[rest] = _log_odds(solution, [rows[index] for index in rest], wording[rest])
            tick()
        tried.append((_loss(unseen, rows), penalty, unseen))
    _, penalty, unseen = min(tried, key=lambda one: (one[0], -one[1]))
    solution = _fit(rows, wording, model, penalty)
    tick()
    relevant = np.array([row.relevant for row in rows])
    scores = 1 / (1 + np.exp(-unseen))
    flagged = np.zeros(len(rows), dtype=np.bool_)
    for part in range(folds):
        rest = fold == part
        flagged[rest] = scores[rest] >= best_threshold(scores[~rest], relevant[~rest], threshold)
    return Tuned(
        model=_tuned(model, solution),
        threshold=best_threshold(scores, relevant, threshold),
        penalty=penalty,
        flagged=tuple(bool(one) for one in flagged),
    )


def best_threshold(scores: Floats, relevant: NDArray[np.bool_], current: float) -> float:
    """Return the threshold with the best F1; of equals the one nearest to the current.

    Args:
        scores: 0 to 1, shape (labels,).
        relevant: The answers, shape (labels,).
        current: In use; it counts too.
    """
    return max((*_THRESHOLDS, current), key=lambda one: (round(_f1(scores >= one, relevant), 6), -abs(one - current)))


def _places(chosen: NDArray[np.bool_]) -> list[int]:
    return [int(index) for index in np.flatnonzero(chosen)]


def _f1(flagged: NDArray[np.bool_], relevant: NDArray[np.bool_]) -> float:
    right = int((flagged & relevant).sum())
    total = int(flagged.sum() + relevant.sum())
    return 2 * right / total if total else 1.0


def _loss(raw: Floats, rows: Sequence[Row]) -> float:
    sign = np.array([1.0 if row.relevant else -1.0 for row in rows])
    return float(np.logaddexp(0.0, -sign * raw).mean())


def _fit(rows: Sequence[Row], given: Floats, model: Model, penalty: float) -> Solution:
    problem = replace(make_problem(rows, ()), given=given)
    return fit_weights(problem, prior_of(model), Penalties(features=penalty, wording=1.0))


def _log_odds(solution: Solution, rows: Sequence[Row], given: Floats) -> Floats:
    features = make_problem(rows, ()).features
    return np.asarray(given + solution.intercept + features @ solution.weights, dtype=np.float64)


def _tuned(model: Model, solution: Solution) -> Model:
    """Return the model with other weights; they are calibrated already, so its wording is put into the same units."""
    wording = {run: model.slope * weight for run, weight in model.wording.weights.items()}
    return Model(
        intercept=solution.intercept,
        weights=dict(zip(FEATURES, map(float, solution.weights), strict=True)),
        wording=Wording(weights=wording, limit=model.slope * model.wording.limit),
    )
