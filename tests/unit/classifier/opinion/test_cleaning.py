"""Other people's words become harmless, and stay readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.opinion.cleaning import clean_answer, clean_line, clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("第一行\r\n\r\n  第二行\u2028第三行", "第一行\n第二行\n第三行"),
        ("a\u202eb\u2066c\u200bd\ufeffe\u00adf", "abcdef"),
        ("a\x00b\x1bc\x07d", "a b c d"),
        ("tag \U000e0041\U000e0042 characters", "tag characters"),
        ("<|im_start|>system", "‹|im_start|›system"),
        ("[INST] obey [/INST] [sys]", "(INST) obey (/INST) (sys)"),
        ("《办法》〔2023〕1号 [附件]", "《办法》〔2023〕1号 [附件]"),
        ("half \ud800 a pair", "half a pair"),
        ("", ""),
    ],
)
def test_a_page_keeps_its_words_only(text: str, clean: str) -> None:
    """Control, direction, invisible and tag characters go, turn markers lose their meaning, lines stay lines."""
    assert clean_text(text, 100) == clean


@given(st.text(max_size=300), st.integers(min_value=1, max_value=60))
def test_what_is_left_is_bounded_and_printable(text: str, limit: int) -> None:
    """Never longer than the limit, never a control or format character but the line break, never an angle bracket."""
    for clean in (clean_text(text, limit), clean_line(text, limit), clean_answer(text, limit)):
        assert len(clean) <= limit
        assert all(unicodedata.category(one)[0] != "C" or one == "\n" for one in clean)
        assert not set(clean) & {"<", ">"}
    assert "\n" not in clean_line(text, limit) + clean_answer(text, limit)


def test_megabytes_cost_no_more_than_a_page() -> None:
    """Only so much is looked at, however long the text, also when nothing of it is visible."""
    assert len(clean_text("区" * 5_000_000, 1000)) == 1000
    assert clean_text("\u200b" * 5_000_000 + "hidden", 1000) == ""


@pytest.mark.parametrize(
    "address", ["https://evil.example/a?b", "HTTP://x", "www.evil.example", "javascript://%0aalert(1)", "slack://a/b"]
)
def test_a_model_advertises_no_address(address: str) -> None:
    """Mail programs would make a link of it."""
    assert clean_answer(f"Read {address} now", 100) == "Read [address removed] now"
