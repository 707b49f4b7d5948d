"""Articles that pages carry as data for their own scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import html

from crawler.pages.embedded import embedded_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article

WORDS = "某市发布区块链产业行动计划，提出建设公共服务平台，并支持企业开展试点。"
MARKUP = "<p>" + WORDS * 3 + "</p><p>第二段：" + WORDS * 2 + "</p>"
POST = {
    "title": "某市发布区块链行动计划",
    "content": MARKUP,
    "publishTime": "2023-06-15 10:08:00",
    "author": {"name": "张三"},
}
SHELL = "<html><head><title>某市发布区块链行动计划 - 某网</title></head><body><div id='app'></div>{}</body></html>"
TWICE = json.dumps({"s": json.dumps({"post": POST})})
CARRIERS = {
    "next": f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": [{"post": POST}]})}</script>',
    "state": f"<script>window.__INITIAL_STATE__={json.dumps({'detail': [1, POST]})};(function(){{}}())</script>",
    "twice": f"<script>window.__DATA__ = {{}}; var s = {TWICE}</script>",
    "call": f"<script>render({json.dumps(POST)})</script>",
    "literal": f"<script>var _CONFIG = {{ID: 1, title: {json.dumps(POST['title'])}, content: {json.dumps(MARKUP)}, "
    'publishTime: "2023-06-15 10:08:00", author: "张三"}</script>',
    "escaped": "<script>window._CONFIG = "
    + json.dumps({"DETAIL": {**POST, "content": MARKUP.replace("<", "&lt;").replace(">", "&gt;")}})
    + "</script>",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_carriers(read: Callable[..., Article], carrier: str) -> None:
    """Title, time, author and paragraphs are read from application state in each of its forms."""
    article = read(SHELL.format(CARRIERS[carrier]))
    assert article.title == "某市发布区块链行动计划"
    assert article.text == f"{WORDS * 3}\n第二段：{WORDS * 2}"
    assert article.author == "张三"
    assert article.published is not None
    assert article.published.at.isoformat() == "2023-06-15T02:08:00+00:00"


def test_a_page_that_shows_its_article_is_read_as_it_stands(read: Callable[..., Article]) -> None:
    """State is not asked when there is a text on the page."""
    other = json.dumps({"title": "别的", "content": "别的文章。" * 400})
    shown = read(f"<body><h1>标题在此处</h1><article>{MARKUP}</article><script>var s={other}</script></body>")
    assert "别的" not in shown.text


def test_the_article_with_the_page_title_is_chosen() -> None:
    """Of several articles in one state the page's own is taken, though another is longer."""
    state = json.dumps({"related": {"title": "另一篇文章", "content": MARKUP * 9}, "post": POST})
    root = html.fromstring(f"<div><script>var s = {state}</script></div>")
    found = embedded_article(root, titles=("某市发布区块链行动计划_某网",))
    assert found is not None
    assert found["headline"] == POST["title"]


@pytest.mark.parametrize(
    "script",
    ["var a = {", "var a = {broken: [}", "a=[1,2]", "a={}", '{"title": "t", "content": 5}', "=" * 500 + "[" * 5000],
)
def test_scripts_without_an_article(script: str) -> None:
    """Broken, deep and empty data give nothing and raise nothing."""
    assert embedded_article(html.fromstring(f"<div><script>{script}</script></div>"), titles=()) is None
