"""The words of news by what they mean, as they are shipped and read."""

from __future__ import annotations

import pytest

from classifier.story_vocabulary import forms, read_lines, shipped_vocabulary


def test_the_shipped_words_are_sound() -> None:
    """Every line can be read, and words of both languages lead to their meanings."""
    words = shipped_vocabulary()
    assert len(words.han) > 4000
    assert set(words.han["暴跌"]) & set(words.latin["plummeted"])
    assert words.han["币安"] == words.capital["binance"] == ("=binance",)
    assert "=binance" in words.names
    assert "=japan" not in words.names


def test_a_line_is_one_meaning() -> None:
    """Chinese words stand before the colon, English ones behind it; both are folded."""
    assert list(read_lines("暴跌 崩盘: plunge, sell-off")) == [(("暴跌", "崩盘"), ("plunge", "sell off"))]
    assert list(read_lines("國債: Bond")) == [(("国债",), ("bond",))]


@pytest.mark.parametrize("line", ["跌: fall", "fall: fall", "暴跌: 下跌", "暴跌: plunge,", "暴跌: ''"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    """One character means too much, and each side is of its own language."""
    with pytest.raises(ValueError, match=line.partition(":")[0]):
        list(read_lines(line))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("plunge", {"plunge", "plunges", "plunged", "plunging"}),
        ("cut", {"cut", "cuts", "cutting"}),
        ("levy", {"levy", "levies", "levied", "levying"}),
        ("launch", {"launch", "launches", "launched", "launching"}),
        ("tokenise", {"tokenise", "tokenize", "tokenized", "tokenising"}),
        ("data centre", {"data centre", "data centres", "data center", "data centers"}),
        ("break ground", {"break ground", "breaks ground", "breaking ground"}),
        ("5g", {"5g"}),
    ],
)
def test_words_have_their_regular_forms(word: str, expected: set[str]) -> None:
    """Those of verbs and nouns, in British and American spelling."""
    assert expected <= set(forms(word))
