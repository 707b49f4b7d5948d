"""Fits a model to labelled documents: penalties by cross-validation over stories, then weights, then calibration."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from classifier.fit import Penalties, Prior, calibrate, fit_weights
from classifier.fit_design import balanced, choose_runs, make_problem
from classifier.model import Model, Wording
from classifier.weights import BELIEFS, FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from classifier.fit import Floats, Solution
    from classifier.fit_design import Row

    Tick = Callable[[], None]
    """Called after each fit, for a progress bar."""

FEATURE_PENALTIES = (1.0, 4.0, 16.0, 64.0)
WORDING_PENALTIES = (0.3, 1.0, 3.0, 10.0)
_MOST_PARTS = 10
WORDING_LIMIT = 2.5
"""Most that wording may add or take: about as much as one act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Log-odds of every example by a model that was fitted without its story."""

    raw: Floats
    """Shape (examples,), before calibration."""
    loss: float
    """Mean log-loss, weighted to the mix."""
    error: float
    """Standard error of that mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted model and how good its like is on what it has not seen."""

    model: Model
    penalties: Penalties
    unseen: Floats
    """Calibrated log-odds of every example, each by a model that did not see its story; shape (examples,)."""
    tried: tuple[tuple[Penalties, float], ...]
    """Penalties with their mean log-loss, in the order tried."""


def fold_of(stories: Sequence[str], folds: int) -> NDArray[np.int64]:
    """Return the fold of each example: stories dealt out in the order of their digests, so that none is split."""
    order = sorted(set(stories), key=lambda story: hashlib.sha256(story.encode()).hexdigest())
    fold = {story: index % folds for index, story in enumerate(order)}
    return np.array([fold[story] for story in stories], dtype=np.int64)


def prior_of(model: Model) -> Prior:
    """Return a model as what is believed before further data."""
    return Prior(
        intercept=model.prior,
        weights=np.array([model.slope * model.weights[feature] for feature in FEATURES]),
        bounds=[BELIEFS[feature].bounds for feature in FEATURES],
    )


def count_fits(folds: int, hands: Sequence[str], *, with_wording: bool) -> int:
    """Return how many fits `fit_model` makes, for a progress bar."""
    parts = _parts(hands) or folds
    return parts * (len(FEATURE_PENALTIES) + with_wording * len(WORDING_PENALTIES)) + folds + 1


def _parts(hands: Sequence[str]) -> int:
    """Return how many parts the hands make; 0 where one wrote everything."""
    different = len(set(hands))
    return min(different, _MOST_PARTS) if different > 1 else 0


def fit_model(
    rows: Sequence[Row],
    stories: Sequence[str],
    prior: Prior,
    *,
    hands: Sequence[str] = (),
    folds: int,
    with_wording: bool,
    tick: Tick,
    feature_penalties: Sequence[float] = FEATURE_PENALTIES,
    wording_penalties: Sequence[float] = WORDING_PENALTIES,
) -> Fit:
    """Fit a model.

    Penalties are chosen by how a model judges what other hands wrote: all reports by one writer have a manner that a
    model learns and real pages do not share. Each penalty is the greatest whose loss is within one standard error of
    the least: what the items cannot tell apart from the best is decided for the belief.

    Args:
        rows: Measured examples, all views of each.
        stories: The story of each example.
        prior: What is believed before the data.
        hands: Who wrote each example; without them, or with one alone, penalties are chosen over stories.
        folds: Parts of the cross-validation, at least 2.
        with_wording: Whether runs of words are weighed too.
        tick: Called after each fit.
        feature_penalties: Tried, at least one.
        wording_penalties: Tried, at least one.
    """
    parts = _parts(hands)
    by_hand = fold_of(hands, parts) if parts else fold_of(stories, folds)
    tried: list[tuple[Penalties, Unseen]] = []

    def attempt(penalties: Penalties, *, wording: bool) -> None:
        tried.append(
            (penalties, _unseen(rows, stories, by_hand, prior, penalties=penalties, wording=wording, tick=tick))
        )

    for strength in feature_penalties:
        attempt(Penalties(features=strength, wording=1.0), wording=False)
    penalties = _strongest_as_good(tried)
    if with_wording:
        before = len(tried)
        for strength in wording_penalties:
            attempt(replace(penalties, wording=strength), wording=True)
        penalties = _strongest_as_good(tried[before:])
    unseen = _unseen(
        rows, stories, fold_of(stories, folds), prior, penalties=penalties, wording=with_wording, tick=tick
    )
    runs = choose_runs(rows, stories) if with_wording else ()
    solution = fit_weights(make_problem(balanced(rows), runs), prior, penalties)
    tick()
    whole = balanced([row for row in rows if row.is_whole])
    slope, offset = calibrate(
        unseen.raw, np.array([row.relevant for row in whole]), np.array([row.importance for row in whole])
    )
    return Fit(
        model=_model(solution, runs, slope=slope, offset=offset),
        penalties=penalties,
        unseen=slope * unseen.raw + offset,
        tried=tuple((tried_penalties, result.loss) for tried_penalties, result in tried),
    )


def _strongest_as_good(tried: Sequence[tuple[Penalties, Unseen]]) -> Penalties:
    best = min((result for _, result in tried), key=lambda result: result.loss)
    enough = [penalties for penalties, result in tried if result.loss <= best.loss + best.error]
    return max(enough, key=lambda penalties: (penalties.features, penalties.wording))


def _unseen(
    rows: Sequence[Row],
    stories: Sequence[str],
    fold: NDArray[np.int64],
    prior: Prior,
    *,
    penalties: Penalties,
    wording: bool,
    tick: Tick,
) -> Unseen:
    whole = balanced([row for row in rows if row.is_whole])
    raw = np.zeros(len(whole))
    for part in range(int(fold.max()) + 1):
        seen = [row for row in rows if fold[row.example] != part]
        runs = choose_runs(seen, stories) if wording else ()
        solution = fit_weights(make_problem(balanced(seen), runs), prior, penalties)
        places = [number for number, row in enumerate(whole) if fold[row.example] == part]
        raw[places] = log_odds(solution, [whole[number] for number in places], runs)
        tick()
    sign = np.array([1.0 if row.relevant else -1.0 for row in whole])
    importance = np.array([row.importance for row in whole])
    losses = np.logaddexp(0.0, -sign * raw)
    mean = float(np.average(losses, weights=importance))
    share = importance / importance.sum()
    return Unseen(raw=raw, loss=mean, error=float(np.sqrt(np.sum((share * (losses - mean)) ** 2))))


def log_odds(solution: Solution, rows: Sequence[Row], runs: Sequence[str]) -> Floats:
    """Return what a solution gives rows before calibration, wording kept within its limit; shape (rows,)."""
    problem = make_problem(rows, runs)
    wording = np.clip(problem.wording @ solution.wording, -WORDING_LIMIT, WORDING_LIMIT)
    return np.asarray(solution.intercept + problem.features @ solution.weights + wording, dtype=np.float64)


def _model(solution: Solution, runs: Sequence[str], *, slope: float, offset: float) -> Model:
    return Model(
        intercept=solution.intercept,
        weights=dict(zip(FEATURES, map(float, solution.weights), strict=True)),
        slope=slope,
        offset=offset,
        wording=Wording(
            weights=dict(zip(runs, map(float, solution.wording), strict=True)),
            limit=WORDING_LIMIT if runs else 0.0,
        ),
    )
