"""Tests of the tune use case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from classifier.lexicon_classifier import LexiconClassifier
from classifier.model_file import load_model, model_to_json
from core.errors import ConfigError
from hongtou.evaluation import document_of, evaluate, read_labelled
from hongtou.tuning import tune

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.lexicon import Lexicon
    from hongtou.evaluation import LabelledItem
    from hongtou.tuning import TuningReport

PLACES = ("上海", "北京", "深圳", "杭州", "成都", "武汉", "南京", "合肥", "西安", "青岛", "苏州", "天津", "重庆")


def _begin(_name: str, _total: int) -> Callable[[], None]:
    return lambda: None


@pytest.fixture(scope="module")
def tune_by(lexicon: Lexicon, judge: LexiconClassifier) -> Callable[[tuple[LabelledItem, ...]], TuningReport]:
    """Return a tuner of the shipped model, at the default threshold."""
    model, version = load_model(), lexicon.version
    return lambda labels: tune(
        labels, judge.read, model, threshold=0.5, lexicon_version=version, find_source=None, begin=_begin
    )


def _labels(*, wants_visits: bool) -> tuple[LabelledItem, ...]:
    """Return the labels of a user who takes visits for policy, or of one who does not."""
    rows = []
    for place in PLACES:
        rows.append({"title": f"{place}市政府印发区块链行动方案", "relevant": True})
        rows.append({"title": f"{place}市领导调研区块链企业", "relevant": wants_visits})
        rows.append({"title": f"{place}区块链概念股大涨", "relevant": False})
    return read_labelled([json.dumps(row) for row in rows])


@pytest.fixture(scope="module")
def taught(tune_by: Callable[[tuple[LabelledItem, ...]], TuningReport]) -> TuningReport:
    """Return what the labels of a user with a wish of their own teach."""
    return tune_by(_labels(wants_visits=True))


def test_a_wish_of_ones_own_is_learnt(taught: TuningReport) -> None:
    """Labels that the model misses are found by weights that did not see them, and the move is shown."""
    assert taught.before.recall < 0.6
    assert taught.after.f1 > 0.95
    assert taught.helps
    assert any(feature.startswith("signal.visit") and after > before for feature, before, after in taught.moves)
    assert taught.flips
    assert all(flip.item.relevant for flip in taught.flips)


def test_the_tuned_model_judges_as_reported(taught: TuningReport, lexicon: Lexicon) -> None:
    """In a classifier of its own it gives the scores that the report gave."""
    judge = LexiconClassifier(lexicon, threshold=taught.threshold, model=taught.model)
    labels = _labels(wants_visits=True)
    report = evaluate(labels, judge)
    wrong = {miss.item.title for miss in report.misses}
    assert not {flip.item.title for flip in taught.flips} & wrong
    flip = taught.flips[0]
    assert judge.classify(document_of(flip.item)).score == pytest.approx(flip.after, abs=1e-6)


def test_labels_that_agree_change_little(tune_by: Callable[[tuple[LabelledItem, ...]], TuningReport]) -> None:
    """Who wants what is shipped is told that tuning does not help."""
    report = tune_by(_labels(wants_visits=False))
    assert report.before.f1 == 1.0
    assert not report.helps
    assert not report.flips


def test_the_report_is_json(taught: TuningReport) -> None:
    """Scripts rely on these keys."""
    shown = taught.to_json()
    json.dumps(shown)
    assert set(shown) == {"labels", "before", "after", "helps", "threshold", "weights", "flips"}


def test_tuning_is_repeatable(
    taught: TuningReport, tune_by: Callable[[tuple[LabelledItem, ...]], TuningReport]
) -> None:
    """The same labels give the same model, which says what it was fitted with."""
    again = tune_by(_labels(wants_visits=True))
    assert model_to_json(again.model) == model_to_json(taught.model)
    assert taught.model.fitted.items == 39


@pytest.mark.parametrize(("yes", "no"), [(0, 0), (20, 9), (40, 7), (7, 40)])
def test_too_few_labels_are_refused(
    tune_by: Callable[[tuple[LabelledItem, ...]], TuningReport], yes: int, no: int
) -> None:
    """Below thirty, or below eight of either answer, the numbers are told."""
    rows = [{"title": f"t{index}", "relevant": index < yes} for index in range(yes + no)]
    labels = read_labelled([json.dumps(row) for row in rows]) if rows else ()
    with pytest.raises(ConfigError) as caught:
        tune_by(labels)
    assert f"{yes + no} ({yes} yes, {no} no), where 30 are needed and 8 of either answer" in str(caught.value)
