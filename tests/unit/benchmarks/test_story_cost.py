"""Tests of measuring what it costs to find stories, on a small database."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.stored_keys import STORY_ITEMS, opened, rows_of
from benchmarks.story_cost import COMMON, OWN, SHARED, TABLES, make_keys, operate


def test_items_of_a_story_share_keys() -> None:
    """Of an item's keys some are its own, some its story's, some everybody's, and none is there twice."""
    keys = make_keys(3000, 300)
    assert keys.shape == (3000, OWN + SHARED + COMMON)
    assert all(len(set(row)) == len(row) for row in keys.tolist())
    story = slice(OWN, OWN + SHARED)
    assert (keys[0, story] == keys[STORY_ITEMS - 1, story]).all()
    assert not set(keys[STORY_ITEMS - 1, story]) & set(keys[STORY_ITEMS, story])
    _, counts = np.unique(keys[:, OWN + SHARED :], return_counts=True)
    assert counts.max() > 100


def test_keys_are_loaded_in_either_order() -> None:
    """Pairs come item by item, or in order of the keys, and are the same."""
    keys = make_keys(5, 0)
    by_item, by_key = (list(rows_of(7, keys, in_order=in_order)) for in_order in (False, True))
    assert sorted(by_item) == by_key
    assert [item for _, item in by_item] == sorted(item for _, item in by_item)
    assert {item for _, item in by_item} == {7, 8, 9, 10, 11}


@pytest.mark.slow
def test_a_small_database_is_measured() -> None:
    """Items are looked up among those loaded past the program, and found by their keys and their story."""
    with opened("sqlite", TABLES) as store:
        store.make_items(400)
        store.load(1, make_keys(300, 0), in_order=False)
        store.load(301, make_keys(30, 300), in_order=True)
        found = operate(store.address, 330, 20)
        assert store.size() > 330 * 500
    assert found["candidates"] > 10
    assert {"p50_ms", "p99_ms"} == found["lookup"].keys()
