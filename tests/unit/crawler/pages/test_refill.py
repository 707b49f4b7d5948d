"""Tables that an extractor dropped are put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages.blocks import page_lines
from crawler.pages.dom import parse_page
from crawler.pages.refill import common_part, refill

if TYPE_CHECKING:
    from crawler.pages.blocks import Line

TABLE = "<table><tr><td>甲</td><td>一</td></tr><tr><td>乙</td><td>二</td></tr></table>"


def lines_of(page: str) -> list[Line]:
    """Return a page's lines."""
    root = parse_page(page)
    assert root is not None
    return page_lines(root)


def test_table_between_paragraphs() -> None:
    """Rows between two lines of the extract come back in their place; what else stands there does not."""
    lines = lines_of(f"<div><p>首段文字</p><p>图注</p>{TABLE}<p>末段文字</p></div>")
    assert refill(["首段文字", "末段文字"], lines) == ["首段文字", "甲 | 一", "乙 | 二", "末段文字"]


def test_tables_elsewhere() -> None:
    """Tables before, behind and in other parts of the page stay out, and so do rows of links and endless ones."""
    outside = f"<main><div><p>首段文字</p></div>{TABLE}</main>"
    assert refill(["首段文字"], lines_of(outside)) == ["首段文字"]
    menu = "<table><tr><td><a href='x'>甲</a></td><td><a href='y'>一</a></td></tr></table>"
    assert refill(["首段", "末段"], lines_of(f"<div><p>首段</p>{menu}<p>末段</p></div>")) == ["首段", "末段"]
    endless = "<table>" + "<tr><td>甲</td><td>一</td></tr>" * 500 + "</table>"
    assert refill(["首段", "末段"], lines_of(f"<div><p>首段</p>{endless}<p>末段</p></div>")) == ["首段", "末段"]


def test_extract_that_is_not_the_pages_lines() -> None:
    """An extract whose lines are joined or made up is left as it is."""
    lines = lines_of(f"<div><p>首段</p>{TABLE}<p>末段</p></div>")
    assert refill(["首段末段"], lines) == ["首段末段"]
    assert refill([], lines) == []
    assert refill(["首段文字很长很长很长", "***", "末段"], lines) == ["首段文字很长很长很长", "***", "末段"]


def test_repeated_lines() -> None:
    """A line that also stands above the article is taken where the article begins."""
    lines = lines_of(f"<div><p>题目</p>{TABLE}<p>题目</p><p>首段</p></div>")
    assert refill(["题目", "首段"], lines) == ["题目", "首段"]


def test_common_part() -> None:
    """The part around blocks is none of the blocks; no blocks have none."""
    lines = lines_of("<div id='d'><p>a</p><p>b</p></div>")
    part = common_part([line.element for line in lines])
    assert part is not None
    assert part.get("id") == "d"
    assert common_part([]) is None
