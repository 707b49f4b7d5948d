"""What a page says of itself to machines."""

from __future__ import annotations

import pytest

from crawler.pages.dom import parse_page
from crawler.pages.metadata import PageMetadata, read_metadata


def read(head: str) -> PageMetadata:
    """Return the metadata of a page with this head."""
    root = parse_page(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert root is not None
    return read_metadata(root)


def ld(text: str) -> str:
    """Return a JSON-LD script."""
    return f'<script type="application/ld+json">{text}</script>'


def test_metas() -> None:
    """Names do not mind case; the first content that is not empty counts."""
    found = read(
        '<meta name="PubDate" content=""><meta name="PubDate" content="2023-06-15 ">'
        '<meta property="og:title" content="T">'
        '<meta itemprop="headline" content="H"><meta charset="utf-8"><title> A\n page </title>'
    )
    assert found.first("pubdate") == "2023-06-15"
    assert found.first("missing", "og:title") == "T"
    assert found.first("missing") == ""
    assert found.title == "A page"


def test_json_ld_places() -> None:
    """Articles are found at the top, in a list, in a graph and as a main entity."""
    article = '{"@type": "NewsArticle", "headline": "H"}'
    for text in (
        article,
        f"[{article}]",
        f'{{"@graph": [{article}, 3]}}',
        f'{{"@type": "Thing", "mainEntity": {article}}};',
    ):
        assert read(ld(text)).linked("headline") == "H"


def test_articles_before_pages() -> None:
    """An article's own headline is believed before the page's."""
    page = '{"@type": "WebPage", "headline": "P"}'
    article = '{"@type": ["Thing2", "BlogPosting"], "headline": "A"}'
    assert read(ld(page) + ld('{"@type": "Article", "headline": "A"}')).linked("headline") == "A"
    assert read(ld(page)).linked("headline") == "P"
    assert read(ld(article)).linked("headline") == ""


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ('"Ann"', "Ann"),
        ('{"name": "Ann"}', "Ann"),
        ('[{"name": "Ann"}, "Bo"]', "Ann, Bo"),
        ("[[1]]", ""),
        ("7", ""),
        ("null", ""),
    ],
)
def test_names(author: str, name: str) -> None:
    """People are given as text, as objects and as lists of both."""
    assert read(ld(f'{{"@type": "Article", "author": {author}}}')).linked("author") == name


@pytest.mark.parametrize("text", ["", "{", "[" * 50_000, '"text"', "{'a': 1}", '{"@type": 5}', '{"@graph": 5}'])
def test_broken_json_ld(text: str) -> None:
    """JSON-LD that is none is passed over."""
    assert read(ld(text)).articles == ()


def test_control_characters_in_json_ld() -> None:
    """Raw line breaks inside strings, which many sites write, are read."""
    assert read(ld('{"@type": "Article", "headline": "A\nB"}')).linked("headline") == "A B"
