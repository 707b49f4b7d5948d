"""Tests of `core.clustering`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clustering import b_cubed, count_pairs

labels = st.lists(st.integers(0, 4), max_size=20)


def test_the_worked_example_of_the_measure() -> None:
    """Five and five split as 5 + (2 from one, 5 of other): figures worked by hand."""
    expected = "aaaaabbbbb"
    clusters = "1111122222"
    assert b_cubed(expected, clusters).f1 == 1.0
    mixed = b_cubed("aabb", "1112")
    # Items: a a b together, b alone: precision (2/3 + 2/3 + 1/3 + 1) / 4, recall (1 + 1 + 1/2 + 1/2) / 4.
    assert mixed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert mixed.recall == pytest.approx(0.75)


def test_no_items_are_perfect() -> None:
    """Nothing to put together is nothing done wrong."""
    assert b_cubed([], []).f1 == 1.0


def test_sequences_of_different_length_are_refused() -> None:
    """A missing label is a fault of the caller."""
    with pytest.raises(ValueError, match="zip"):
        b_cubed([1, 2], [1])


@given(labels)
def test_singletons_are_precise_and_one_cluster_recalls_all(stories: list[int]) -> None:
    """The two trivial clusterings are perfect in one figure each."""
    assert b_cubed(stories, range(len(stories))).precision == 1.0
    assert b_cubed(stories, [0] * len(stories)).recall == pytest.approx(1.0)


@given(labels)
def test_names_of_clusters_do_not_matter(stories: list[int]) -> None:
    """Renaming every cluster leaves the figures."""
    renamed = [f"story {story}" for story in stories]
    assert b_cubed(stories, renamed).f1 == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=15))
def test_exchanging_both_sides_exchanges_the_figures(pairs: list[tuple[int, int]]) -> None:
    """What is precision one way is recall the other."""
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    forth, back = b_cubed(one, other), b_cubed(other, one)
    assert forth.precision == pytest.approx(back.recall)
    assert forth.recall == pytest.approx(back.precision)


def test_pairs_are_counted_among_those_of_interest() -> None:
    """Only pairs of different first letters count here."""
    expected = {"z1": "s", "z2": "s", "e1": "s", "e2": "t"}
    given_clusters = {"z1": 1, "z2": 1, "e1": 2, "e2": 1}
    across = count_pairs(expected, given_clusters, among=lambda one, other: one[0] != other[0])
    assert (across.true_positives, across.false_positives, across.false_negatives) == (0, 2, 2)
    every = count_pairs(expected, given_clusters)
    assert every.true_positives == 1
    assert every.true_positives + every.false_positives + every.false_negatives + every.true_negatives == 6


def test_an_item_without_a_cluster_is_a_fault() -> None:
    """Every item must have been put somewhere."""
    with pytest.raises(KeyError):
        count_pairs({"a": 1, "b": 1}, {"a": 1})
