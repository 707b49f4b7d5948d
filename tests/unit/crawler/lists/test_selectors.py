"""Selectors with their endings."""

from __future__ import annotations

import pytest
from lxml import html

from core.errors import ListParseError
from crawler.lists.selectors import compile_selector

ROW = html.fromstring('<li class="r" data-x=" v "><a href="/1"> 甲 <b>乙</b></a><a href="/2">丙</a></li>')


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("a", "甲 乙"),
        ("a::text", "甲 乙"),
        ("a::attr(href)", "/1"),
        ("a + a::attr(href)", "/2"),
        ("::attr(data-x)", "v"),
        ("::text", "甲 乙丙"),
        ("a::attr(title)", ""),
        ("p", ""),
        ("li::attr(class)", "r"),
    ],
)
def test_words_of_the_first_match(selector: str, words: str) -> None:
    """Text or attribute of the first match is given on one line; without a selector, of the row itself."""
    assert compile_selector(selector).words(ROW) == words


@pytest.mark.parametrize("selector", ["a[", "::nonsense", "a::before", "a:no-such(x)"])
def test_what_is_no_selector_is_an_error(selector: str) -> None:
    """A selector that cannot be compiled is named."""
    with pytest.raises(ListParseError, match="is no CSS selector"):
        compile_selector(selector)
