"""The lenient, bounded parse of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.pages import dom

if TYPE_CHECKING:
    from lxml import html


def depth_of(root: html.HtmlElement) -> int:
    """Return how many levels a tree has."""
    depth, level = 0, [root]
    while level:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


@pytest.mark.parametrize("text", ["", "   \n", "<!-- only a comment -->"])
def test_nothing_to_parse(text: str) -> None:
    """A text without an element has no tree."""
    assert dom.parse_page(text) is None


def test_characters_that_xml_forbids() -> None:
    """NUL, control characters and lone surrogates become spaces rather than errors."""
    root = dom.parse_page("<p>one\x00two\x0bthree\ud800four</p>")
    assert root is not None
    assert dom.text_of(root) == "one two three four"


def test_xml_declaration_does_not_count() -> None:
    """An XHTML page's declared encoding says nothing about text that is already decoded."""
    root = dom.parse_page('<?xml version="1.0" encoding="gb2312"?><html><body><p>元宇宙</p></body></html>')
    assert root is not None
    assert dom.text_of(root) == "元宇宙"


def test_deep_nesting_is_cut() -> None:
    """A page nested without end keeps a bounded number of levels."""
    root = dom.parse_page("<p>top</p>" + "<div>" * 5_000 + "bottom")
    assert root is not None
    assert depth_of(root) <= dom.MAX_DEPTH + 2
    assert "top" in dom.text_of(root)


def test_number_of_elements_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of too many elements keeps the first ones."""
    monkeypatch.setattr(dom, "MAX_ELEMENTS", 100)
    root = dom.parse_page("".join(f"<p>line {n}</p>" for n in range(500)))
    assert root is not None
    assert sum(1 for _ in root.iter()) <= 100
    assert "line 50" in dom.text_of(root)


def test_length_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies behind the last character that is parsed does not appear."""
    monkeypatch.setattr(dom, "MAX_CHARACTERS", 40)
    root = dom.parse_page("<p>" + "a" * 30 + "</p><p>behind</p>")
    assert root is not None
    assert "behind" not in dom.text_of(root)


def test_remove_keeps_the_text_behind() -> None:
    """Removing an element keeps what follows it, and a root stays where it is."""
    root = dom.parse_page("<p>one <b>two</b> three</p>")
    assert root is not None
    dom.remove(next(root.iter("b")))
    dom.remove(root)
    assert dom.text_of(root) == "one three"


def test_one_line() -> None:
    """White space of every kind becomes one space, and invisible characters go."""
    assert dom.one_line(" 上海\u3000市\xa0 政\u200b府\n ") == "上海 市 政府"


@pytest.mark.parametrize("selector", ["", "  ", "p[", "p::attr(x)", "a:has("])
def test_selector_that_is_none(selector: str) -> None:
    """A selector that cannot be read finds nothing."""
    root = dom.parse_page("<p>one</p>")
    assert root is not None
    assert dom.select(root, selector) == []


def test_select_in_page_order() -> None:
    """What a selector finds comes in page order."""
    root = dom.parse_page('<h1 class="T">one</h1><p id="x">two</p>')
    assert root is not None
    assert [dom.text_of(element) for element in dom.select(root, "#x, h1")] == ["one", "two"]
    assert dom.name_of(next(root.iter("h1"))) == "t"
