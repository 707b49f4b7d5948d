"""Lists and front pages that came in place of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.pages.index_page import IndexPageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry

WANTED = "某某交易所发布数字资产风险提示的公告"
ROWS = "".join(
    f"<li><a href='/c{n}/content.shtml'>关于第{n}号事项的监管工作通报</a> 2023-06-{n:02}</li>" for n in range(1, 25)
)
INDEX = f"<html><head><title>要闻_某监会</title></head><body><h1>要闻</h1><ul>{ROWS}</ul></body></html>"
PROSE = "<p>" + "某市政府办公厅印发行动计划，提出建设公共服务平台。" * 10 + "</p>"


@pytest.fixture
def asked(make_entry: Callable[..., Entry]) -> Entry:
    """What the list said of the article."""
    return make_entry(url="https://reg.example/c1/content.shtml", title=WANTED)


def test_a_list_in_place_of_an_article(read: Callable[..., Article], asked: Entry) -> None:
    """Headlines without the listed title, and no prose, are refused; so they are when one of them is the title."""
    with pytest.raises(IndexPageError, match="a list in place of the article"):
        read(INDEX, url=asked.url, entry=asked)
    linked = INDEX.replace("<ul>", f"<ul><li><a href='/x'>{WANTED}</a></li>")
    with pytest.raises(IndexPageError):
        read(linked, url=asked.url, entry=asked)


@pytest.mark.parametrize(
    "front", ["https://reg.example/", "https://reg.example/index.html", "https://reg.example/index.shtml"]
)
def test_the_front_page(read: Callable[..., Article], asked: Entry, front: str) -> None:
    """The site's front page in place of an article is refused whatever stands on it."""
    with pytest.raises(IndexPageError):
        read(f"<body><h1>某监会</h1>{PROSE}</body>", url=front, entry=asked)


@pytest.mark.parametrize(
    "page",
    [
        f"<body><h1>{WANTED}</h1><img src='scan.jpg'><ul>{ROWS}</ul></body>",
        f"<title>{WANTED}-某监会</title><body><ul>{ROWS}</ul></body>",
        f"<body><p>{WANTED}</p><ul>{ROWS}</ul></body>",
        f"<body><h1>另一个说法的标题</h1>{PROSE}<ul>{ROWS}</ul></body>",
        "<body><h1>另一个说法的标题</h1><p>短讯一则，没有更多的内容。</p></body>",
    ],
    ids=["heading", "title element", "line", "prose", "few links"],
)
def test_articles_are_none(read: Callable[..., Article], asked: Entry, page: str) -> None:
    """A page with the title, with prose, or without a list is an article."""
    assert read(page, url=asked.url, entry=asked).title


def test_without_a_list_nothing_is_told(read: Callable[..., Article], make_entry: Callable[..., Entry]) -> None:
    """A page from nowhere, and an entry with a title of three letters, cannot be judged."""
    assert read(INDEX).title == "要闻"
    assert read(INDEX, entry=make_entry(title="通知")).title


def test_an_entry_that_is_the_front_page(read: Callable[..., Article], make_entry: Callable[..., Entry]) -> None:
    """What was asked for and came is no mistake."""
    entry = make_entry(url="https://one.example/", title=WANTED)
    assert read(f"<body><h1>别的标题在这里</h1>{PROSE}</body>", url=entry.url, entry=entry).title
