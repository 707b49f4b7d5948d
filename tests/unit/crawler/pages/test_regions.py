"""Where the article stands among the lines of its page."""

from __future__ import annotations

from crawler.pages.blocks import page_lines, texts
from crawler.pages.dom import parse_page
from crawler.pages.regions import Header, find_header

BODY = ["第一段文字说的是区块链应用的目标和任务安排。", "第二段文字说的是保障措施。"]


def header(lines: list[str], *, title: str, body: list[str]) -> Header:
    """Return the header found among these lines."""
    root = parse_page("".join(f"<p>{line}</p>" for line in lines))
    assert root is not None
    return find_header(page_lines(root), title=title, body=body)


def test_between_title_and_article() -> None:
    """The header runs from the last title before the article to its first line."""
    found = header(["首页", "题目在此", "文号 甲", "题目在此", "日期 乙", *BODY, "尾"], title="题目在此", body=BODY)
    assert texts(found.below) == ["题目在此", "日期 乙"]
    assert texts(found.above) == ["首页", "题目在此", "文号 甲"]
    assert texts(found.lines) == texts(found.below) + texts(found.above)
    assert texts(found.behind) == ["尾"]


def test_short_first_lines() -> None:
    """An article that opens with short lines is found by its first long one."""
    body = ["甲", *BODY]
    assert texts(header(["甲", "题目在此", "日期", *body], title="题目在此", body=body).below) == ["题目在此", "日期"]


def test_title_that_is_not_shown() -> None:
    """Without a visible title the lines just before the article are the header."""
    assert texts(header(["日期", *BODY], title="不在页上", body=BODY).below) == ["日期"]


def test_article_that_is_not_found() -> None:
    """When the article's lines are not the page's, the lines after the title are the header."""
    assert texts(header(["题目在此", "日期"], title="题目在此", body=["别的文字"]).below) == ["题目在此", "日期"]
    assert texts(header(["题目在此", "日期"], title="题目在此", body=[]).below) == ["题目在此", "日期"]
    assert texts(header(["题目在此", "首段"], title="题目在此", body=["首段"]).below) == ["题目在此"]
