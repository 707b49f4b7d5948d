"""Tests of cross-validation and of the whole fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier import fit_model as fitting
from classifier.fit import Penalties
from classifier.fit_design import Row
from classifier.fit_model import WORDING_LIMIT, count_fits, fit_model, fold_of, prior_of
from classifier.model import hand_model

STORIES = [f"story-{index // 2}" for index in range(120)]


def _rows() -> list[Row]:
    """Return items of which those with an act in the title are relevant, and told with `新政`, but for some."""
    rows = []
    for index in range(120):
        relevant = index % 2 == 0
        odd = index % 15 == 0
        strengths = {"technology.title": 1.0, ("act.title" if relevant != odd else "no-act"): 1.0}
        runs = frozenset({"新政"} if relevant else {"大涨"})
        rows.append(
            Row(example=index, strengths=strengths, runs=runs, relevant=relevant, importance=1.0, is_whole=True)
        )
    return rows


def test_a_story_is_never_split() -> None:
    """All its items are in one fold, and the folds are of a size."""
    folds = fold_of(STORIES, 5)
    for story in set(STORIES):
        assert len({int(fold) for fold, name in zip(folds, STORIES, strict=True) if name == story}) == 1
    assert sorted(np.bincount(folds)) == [24] * 5


def test_folds_do_not_depend_on_the_order() -> None:
    """A story has its fold by its name."""
    turned = list(reversed(STORIES))
    assert fold_of(turned, 5).tolist() == list(reversed(fold_of(STORIES, 5).tolist()))


def test_a_fit_learns_and_is_judged_unseen() -> None:
    """Weights follow the data, each score is of a model that did not see the item, and steps are counted."""
    steps: list[None] = []
    fit = fit_model(
        _rows(), STORIES, prior_of(hand_model()), folds=3, with_wording=True, tick=lambda: steps.append(None)
    )
    assert len(steps) == count_fits(3, (), with_wording=True)
    relevant = np.array([row.relevant for row in _rows()])
    assert ((fit.unseen > 0) == relevant).mean() > 0.9
    assert fit.model.wording.weights["新政"] > 0 > fit.model.wording.weights["大涨"]
    assert fit.model.wording.limit == WORDING_LIMIT
    assert fit.penalties in [penalties for penalties, _ in fit.tried]


def test_the_same_rows_give_the_same_model() -> None:
    """There is no chance in it."""
    first, second = (
        fit_model(_rows(), STORIES, prior_of(hand_model()), folds=3, with_wording=False, tick=lambda: None)
        for _ in range(2)
    )
    assert first.model == second.model
    assert first.model.wording.weights == {}


def test_the_prior_of_a_calibrated_model_is_its_calibrated_weights() -> None:
    """Who starts from a model starts from what it says, not from its raw weights."""
    prior = prior_of(replace(hand_model(), slope=0.5, offset=1.0))
    plain = prior_of(hand_model())
    assert prior.weights == pytest.approx(0.5 * plain.weights)
    assert prior.intercept == pytest.approx(0.5 * plain.intercept + 1.0)


def test_the_stronger_belief_wins_among_equals() -> None:
    """Losses within one standard error are told apart by the penalty, not by chance."""
    unseen = [fitting.Unseen(raw=np.zeros(1), loss=loss, error=0.02) for loss in (0.30, 0.31, 0.4)]
    tried = [(Penalties(features=size, wording=1.0), one) for size, one in zip((1, 2, 4), unseen, strict=True)]
    assert fitting._strongest_as_good(tried).features == 2
