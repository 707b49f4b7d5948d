"""Tests of folding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.folding import fold, fold_all


@given(st.text())
def test_fold_keeps_the_length_of_any_text(text: str) -> None:
    """Offsets found on folded text are valid on the original."""
    assert len(fold(text)) == len(text)


@given(st.lists(st.text(max_size=8), max_size=8))
def test_folding_many_is_folding_each(texts: list[str]) -> None:
    """One look-up over all gives what one over each gives."""
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text is its own folded form."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("區塊鏈", "区块链"),
        ("虛擬資產", "虚拟资产"),
        ("ＡＩ　Ｗｅｂ３．０", "ai web3.0"),
        ("e-CNY", "e cny"),
        ("low‑altitude", "low altitude"),
        ("China’s", "china's"),
        ("（２０２３—２０２５年）", "(2023 2025年)"),
        ("a\u00a0b\nc", "a b c"),
        ("…ﬁ㎞", "…ﬁ㎞"),
    ],
)
def test_fold_joins_spellings(text: str, folded: str) -> None:
    """Script, width, case, dashes, apostrophes and spaces fold; what would change the length stays."""
    assert fold(text) == folded


def test_han_of_the_basic_plane_stays_in_it() -> None:
    """What counts as Chinese as written counts as Chinese when it is folded."""
    han = "".join(map(chr, range(0x3400, 0xA000)))
    assert max(fold(han)) <= "\uffff"
