"""What a document is, in words."""

from __future__ import annotations

import pytest

from crawler.lists.sniff import describe, error_message, feed_start, is_feed_root, is_html, page_title, root_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss version='2.0'>", "rss"),
        ("\n<?xml version='1.0'?>\n<!-- a > b -->\n<rdf:RDF xmlns:rdf='x'>", "rdf:rdf"),
        ("<!DOCTYPE html>\n<title>x", "html"),
        ("<?xml version='1.0'?><!DOCTYPE rss [<!ELEMENT a (b)>]><!-- c --><rss>", "rss"),
        ("<!DOCTYPE rss SYSTEM 'x'><feed>", "feed"),
        ("words <rss>", ""),
        ("", ""),
        ("<!-- open", ""),
        ("<政策>", ""),
    ],
)
def test_the_root_is_found_past_the_prolog(text: str, name: str) -> None:
    """Declaration, comments and DOCTYPE are passed over; words in front are not."""
    assert root_name(text) == name


def test_roots_of_feeds() -> None:
    """RSS, RDF and Atom are feeds, also with a prefix; other elements are not."""
    assert all(map(is_feed_root, ("rss", "rdf:rdf", "feed", "atom:feed")))
    assert not is_feed_root("html")
    assert is_html("<div>")
    assert not is_html("<rss>")


def test_a_feed_behind_other_words() -> None:
    """A feed element far down is found by its version or namespace, an element of that name alone is not."""
    assert feed_start("Warning\n<rss version='2.0'>") == 8
    assert feed_start("<html><feed xmlns='http://www.w3.org/2005/Atom'>") == 6
    assert feed_start("<html><feed class='x'>") == -1


def test_titles_are_clean() -> None:
    """A page's title is given on one line."""
    assert page_title("<head><title lang=zh>\n 首页 &amp; 更多</title>") == "首页 & 更多"
    assert page_title("<head>") == ""


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"msg": " 错误 "}, "错误"),
        ({"message": "", "error": {"message": "no"}}, "no"),
        ({"error": 5}, ""),
        ([], ""),
        ({}, ""),
        ({"detail": "x" * 500}, "x" * 200),
    ],
)
def test_error_messages_of_json(document: object, message: str) -> None:
    """The usual members that hold a message are known; long ones are cut."""
    assert error_message(document) == message


def test_index_of_sitemaps_is_named() -> None:
    """A sitemap index is not called XML."""
    assert describe("<sitemapindex/>") == "an index of sitemaps"
