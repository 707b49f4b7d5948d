"""Messages cut to a limit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.parts import clip_mrkdwn, split_mrkdwn, split_text

TEXTS = st.text(st.sampled_from("ab 元宇宙\n"), max_size=300)


def test_items_stay_whole() -> None:
    """Cuts fall on empty lines, and as much as fits goes into one part."""
    assert split_text("aaaa\naaaa\n\nbbbb\n\ncccc cccc cccc", 16) == ("aaaa\naaaa\n\nbbbb", "cccc cccc cccc")


def test_an_item_too_long_is_cut_at_lines() -> None:
    """A paragraph that does not fit falls into lines, and a line that does not fit into pieces."""
    assert split_text("a" * 10 + "\n" + "b" * 10 + "\n\n" + "c" * 20, 16) == ("a" * 10, "b" * 10, "c" * 16, "cccc")


def test_white_space_is_no_part() -> None:
    """Empty lines at a cut make no empty message."""
    assert split_text(" \n\n" + "a" * 16 + "\n\n \n\n" + "b" * 16 + "\n\n", 16) == ("a" * 16, "b" * 16)
    assert split_text("\n\n", 16) == ()


def test_bytes_can_be_the_unit() -> None:
    """With a byte limit, Chinese characters count three and are never cut."""
    parts = split_text("元宇宙" * 20, 32, lambda text: len(text.encode()))
    assert "".join(parts) == "元宇宙" * 20
    assert max(len(part.encode()) for part in parts) == 30


@given(text=TEXTS, limit=st.integers(16, 60), in_bytes=st.booleans())
def test_every_part_fits_and_nothing_is_lost(*, text: str, limit: int, in_bytes: bool) -> None:
    """Parts are within the limit in either unit, and hold all but line breaks at the cuts."""

    def measure(part: str) -> int:
        return len(part.encode()) if in_bytes else len(part)

    parts = split_text(text, limit, measure)
    assert all(0 < measure(part) <= limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("line", "clipped"),
    [
        ("short", "short"),
        ("0123456789 <https://example.org/|label>", "0123456789…"),
        ("012345678901234&amp;5678", "012345678901234…"),
        ("<https://a.b/|c> &lt; 56789", "<https://a.b/|c>…"),
    ],
)
def test_markup_is_not_cut_inside(line: str, clipped: str) -> None:
    """A cut never leaves an open link or half an entity."""
    assert clip_mrkdwn(line, 20) == clipped


@given(words=st.lists(st.sampled_from(["&amp;", "<https://a.b/|元>", "宇宙", "\n", "\n\n", " "]), max_size=60))
def test_parts_of_markup_are_markup(words: list[str]) -> None:
    """Every part fits and is well-formed by itself."""
    for part in split_mrkdwn("".join(words), 24):
        assert len(part) <= 24
        assert re.fullmatch(r"(?:[^<>&]|&amp;|<https://a\.b/\|元>)*", part)
