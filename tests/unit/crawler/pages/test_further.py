"""Further pages of articles that are cut into several."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.pages.further import MAX_PAGES, further_pages, page_number

FIRST = "https://gov.example/202306/t20230615_123.html"


def pages_of(markup: str, url: str = FIRST) -> list[str]:
    """Return the last parts of the addresses found."""
    return [found.removeprefix("https://gov.example/") for found in further_pages(html.fromstring(markup), url=url)]


@pytest.mark.parametrize(
    ("first", "other", "number"),
    [
        (FIRST, "https://gov.example/202306/t20230615_123_2.html", 2),
        (FIRST, "https://gov.example/202306/t20230615_124.html", None),
        (FIRST, "https://other.example/202306/t20230615_123_2.html", None),
        (FIRST, FIRST, None),
        ("https://a.example/n/7.shtml", "https://a.example/n/7-3.shtml", 3),
        ("https://a.example/n/7_0.shtml", "https://a.example/n/7_1.shtml", 1),
        ("https://a.example/n/7_1.shtml", "https://a.example/n/7_2.shtml", 2),
        ("https://a.example/n/7.shtml", "https://a.example/n/7_2.html", None),
        ("https://a.example/story", "https://a.example/story/2", 2),
        ("https://a.example/story/", "https://a.example/story/page/3/", 3),
        ("https://a.example/story/1", "https://a.example/story/2", 2),
        ("https://a.example/", "https://a.example/page/2", None),
        ("https://a.example/show?id=7", "https://a.example/show?id=7&page=2", 2),
        ("https://a.example/show?id=7&page=1", "https://a.example/show?page=2&id=7", 2),
        ("https://a.example/show?id=7", "https://a.example/show?id=8", None),
        ("https://a.example/show?id=7", "https://a.example/show?id=8&page=2", None),
        ("https://a.example/show?id=7", "https://a.example/show?id=7&page=201", None),
        ("https://a.example/show?id=7", "https://a.example/other_2?id=8", None),
    ],
)
def test_page_number(first: str, other: str, number: int | None) -> None:
    """Only an address with a number put into it is another page of the same article."""
    assert page_number(first, other) == number


def test_the_pager_of_trs() -> None:
    """A script names how many pages there are; on a list page, and on another article's, it says nothing."""
    script = '<div><script>createPageHTML(3, 0, "t20230615_123", "html");</script></div>'
    assert pages_of(script) == ["202306/t20230615_123_1.html", "202306/t20230615_123_2.html"]
    assert pages_of(script, "https://gov.example/202306/t20230615_99.html") == []
    index = '<div><script>createPageHTML(9, 0, "index", "html");</script></div>'
    assert pages_of(index, "https://gov.example/tz/index.html") == []
    long = '<div><script>createPageHTML(500, 0, "t20230615_123", "html");</script></div>'
    assert len(pages_of(long)) == MAX_PAGES


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p><a href='t20230615_123_2.html'>下一页</a></p>", ["202306/t20230615_123_2.html"]),
        ("<p><a href='./t20230615_123_3.html'>3</a> <a href='t20230615_123_2.html#top'>[2]</a></p>",
         ["202306/t20230615_123_2.html", "202306/t20230615_123_3.html"]),
        ("<p><a href='t20230615_123_2.html'>第2页</a> <a href='t20230615_123_2.html'>下一页 &gt;</a></p>",
         ["202306/t20230615_123_2.html"]),
        ("<head><link rel='next' href='t20230615_123_2.html'></head>", ["202306/t20230615_123_2.html"]),
        ("<p><a href='t20230615_124.html'>下一页</a> <a href='t20230615_123_2.html'>下一篇：某市计划</a></p>", []),
        ("<p><a href='javascript:next()'>下一页</a><a href='http://[x'>2</a><a>3</a></p>", []),
        ("<p><a href='t20230615_123.html'>1</a><a href='t20230615_123_0.html'>2</a></p>", []),
    ],
    ids=["next", "numbers", "twice", "link element", "other articles", "no address", "itself"],
)  # fmt: skip
def test_links(markup: str, found: list[str]) -> None:
    """Links to pages are told by their words and their address together, in the order of their numbers."""
    assert pages_of(markup) == found


def test_base() -> None:
    """Links are resolved as browsers do."""
    markup = "<html><head><base href='https://gov.example/202306/'></head><body><a href='7_2.html'>2</a></body></html>"
    assert pages_of(markup, "https://gov.example/202306/7.html") == ["202306/7_2.html"]
