"""The date patterns stay linear on hostile text."""

from __future__ import annotations

import time

import pytest

from crawler import dategrammar

PATTERNS = [*dategrammar.DATED, dategrammar.NAMED_DAY, dategrammar.AGO, *dategrammar.ADDRESS]


@pytest.mark.parametrize("unit", ["1", "2023-06-", "12 ", "6月", " ", "/20", "jan 1 ", "上午", "2023-06-15 (", "T-, "])
def test_search_time_grows_with_length_only(unit: str) -> None:
    """A hundred thousand characters of date-like noise are searched by every pattern within a second each."""
    text = unit * (100_000 // len(unit))
    for pattern in PATTERNS:
        started = time.perf_counter()
        for _ in pattern.finditer(text):
            pass
        assert time.perf_counter() - started < 1.0, pattern.pattern[:60]
