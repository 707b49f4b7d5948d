"""A tree as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages.blocks import page_lines, paragraphs
from crawler.pages.dom import parse_page

if TYPE_CHECKING:
    from lxml import html


def tree(page: str) -> html.HtmlElement:
    """Return a page's tree."""
    root = parse_page(page)
    assert root is not None
    return root


def test_blocks_end_lines_and_inline_elements_do_not() -> None:
    """Paragraphs, breaks and list items are lines of their own; bold words and links are not."""
    page = "<div>lead<p>one <b>bold</b> and <a href='/x'>link</a> end</p>tail<br>after<ul><li>a<li>b</ul></div>"
    assert paragraphs(tree(page)) == ["lead", "one bold and link end", "tail", "after", "a", "b"]


def test_silent_elements() -> None:
    """Scripts, styles and form fields are not read, but the text behind them is."""
    page = "<p>a<script>var x = 1</script>b<style>p{}</style><select><option>c</option></select> d<!-- e --></p>"
    assert paragraphs(tree(page)) == ["ab d"]


def test_table_rows() -> None:
    """A row of data is one line; a row that lays out the page keeps its cells apart."""
    data = "<table><tr><th>指标</th><th>2025年</th></tr><tr><td>智能工厂</td><td>200</td></tr></table>"
    layout = f"<table><tr><td>{'长' * 200}</td><td>{'文' * 200}</td></tr><tr><td>only</td><td></td></tr></table>"
    nested = "<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>"
    assert paragraphs(tree(data)) == ["指标 | 2025年", "智能工厂 | 200"]
    assert paragraphs(tree(layout)) == ["长" * 200, "文" * 200, "only"]
    assert paragraphs(tree(nested)) == ["a", "b | c"]


def test_link_share() -> None:
    """A line knows how much of it is link text, in rows too."""
    lines = page_lines(tree("<p>one <a href='x'>two</a></p><p><a href='x'>all of it</a></p><p>none</p>"))
    assert [round(line.link_share, 1) for line in lines] == [0.5, 1.0, 0.0]
    row = page_lines(tree("<table><tr><td><a href='x'>four</a></td><td>four</td></tr></table>"))
    assert [line.text for line in row] == ["four | four"]
    assert 0.4 <= row[0].link_share <= 0.5


def test_lines_that_offer_files() -> None:
    """A line whose block links to a document is told apart from one that links to a page."""
    lines = page_lines(tree("<p><a href='a.PDF?v=1'>a</a></p><p><a href='a.html'>b</a></p><p>c</p>"))
    assert [line.offers_file for line in lines] == [True, False, False]
