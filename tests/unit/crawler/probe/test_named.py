"""Feeds and sitemaps that pages and robots.txt name."""

from __future__ import annotations

from crawler.probe import named_by_page, sitemaps_of_robots

URL = "https://www.example.com/news/"
PAGE = """<html><head>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/atom+xml" href="atom.xml">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="sitemap" href="/sitemap.xml">
</head><body><a href="/rss.xml">RSS</a><a href="/rss.xml">again</a><a href="/feedback.html">feedback</a>
<a href="/?feed=rss2">old</a><a href="javascript:void(0)">x</a></body></html>"""


def test_feeds_and_sitemaps_of_a_page() -> None:
    """Declared feeds come before linked ones; those of comments and other languages are none."""
    named = named_by_page(PAGE, URL)
    assert named.feeds == (
        "https://www.example.com/news/atom.xml",
        "https://www.example.com/rss.xml",
        "https://www.example.com/?feed=rss2",
    )
    assert named.sitemaps == ("https://www.example.com/sitemap.xml",)


def test_no_page_names_nothing() -> None:
    """Where there is no element there is no name."""
    assert named_by_page("", URL).feeds == ()


def test_sitemaps_of_robots() -> None:
    """Lines count in any case; other lines do not."""
    text = "User-agent: *\nDisallow: /x\nSITEMAP: https://www.example.com/a.xml\nSitemap:/b.xml\n#Sitemap: /c.xml"
    found = sitemaps_of_robots(text, "https://www.example.com/robots.txt")
    assert found == ("https://www.example.com/a.xml", "https://www.example.com/b.xml")
