"""Tests of the figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluation import Counts, accuracy, count_yes, measure_reliability, score_labels

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()))


def test_precision_recall_and_f1() -> None:
    """Two right, one wrong, one missed, one rightly left."""
    counts = count_yes([(True, True), (True, True), (False, True), (True, False), (False, False)])
    assert counts == Counts(true_positives=2, false_positives=1, false_negatives=1, true_negatives=1)
    assert counts.precision == counts.recall == counts.f1 == pytest.approx(2 / 3)
    assert counts.false_positive_rate == 0.5


def test_nothing_to_count() -> None:
    """No yes expected and none given is perfect; no no expected gives no false alarms."""
    counts = count_yes([])
    assert (counts.precision, counts.recall, counts.f1, counts.false_positive_rate) == (1.0, 1.0, 1.0, 0.0)


def test_all_wrong_is_zero() -> None:
    """Only wrong answers give zero, not an error."""
    counts = count_yes([(True, False), (False, True)])
    assert (counts.precision, counts.recall, counts.f1) == (0.0, 0.0, 0.0)


@given(PAIRS)
def test_every_pair_is_counted_once(pairs: list[tuple[bool, bool]]) -> None:
    """The four counts add up to the pairs."""
    counts = count_yes(pairs)
    total = counts.true_positives + counts.false_positives + counts.false_negatives + counts.true_negatives
    assert total == len(pairs)


@given(PAIRS)
def test_f1_lies_between_precision_and_recall(pairs: list[tuple[bool, bool]]) -> None:
    """The harmonic mean is between its parts, where any yes is involved on both sides."""
    counts = count_yes(pairs)
    low, high = sorted((counts.precision, counts.recall))
    if counts.true_positives:
        assert low - 1e-9 <= counts.f1 <= high + 1e-9


def test_labels_that_never_occur_are_left_out_of_the_macro_mean() -> None:
    """One label right, one wrong, one absent on both sides: the mean is over two."""
    scores = score_labels([(["ai"], ["ai", "chips"]), ([], [])], ["ai", "chips", "6g"])
    assert scores.macro_f1 == 0.5
    assert scores.micro_f1 == pytest.approx(2 / 3)
    assert [label for label, _ in scores.by_label] == ["ai", "chips"]


def test_no_labels_at_all() -> None:
    """Nothing expected and nothing given is perfect."""
    scores = score_labels([([], [])], ["ai"])
    assert (scores.macro_f1, scores.micro_f1) == (1.0, 1.0)


def test_accuracy() -> None:
    """The share of equal pairs; of none, all."""
    assert accuracy([("cn", "cn"), ("hk", None)]) == 0.5
    assert accuracy([]) == 1.0


class TestReliability:
    """Whether scores are honest."""

    def test_honest_scores_have_no_error(self) -> None:
        """Of ten items scored 0.8, eight are relevant."""
        pairs = [(index < 8, 0.8) for index in range(10)]
        found = measure_reliability(pairs)
        assert found.calibration_error == pytest.approx(0)
        assert found.brier == pytest.approx(0.16)
        (row,) = [row for row in found.bins if row.items]
        assert (row.low, row.high, row.items, row.relevant_share) == (0.8, 0.9, 10, 0.8)

    def test_sure_and_wrong_is_the_worst(self) -> None:
        """Scores of one for what is not relevant are wrong by one, and stand in the last bin."""
        found = measure_reliability([(False, 1.0)] * 3)
        assert found.calibration_error == found.brier == 1.0
        assert found.bins[-1].items == 3

    def test_nothing_to_measure(self) -> None:
        """No items are no error."""
        found = measure_reliability([], bins=4)
        assert (found.calibration_error, found.brier, len(found.bins)) == (0.0, 0.0, 4)


def test_counts_know_how_many_they_are() -> None:
    """Every item is in one of the four."""
    assert count_yes([(True, True), (True, False), (False, True), (False, False)]).items == 4
