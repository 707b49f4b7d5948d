"""Rows of sitemaps."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from core.errors import ListParseError
from core.source import Source, SourceId, SourceKind, Voice
from crawler.dialects import DIALECTS, Ask, Page
from crawler.lists import sitemap
from crawler.lists.sitemap import read_sitemap, title_of_address, unpacked

if TYPE_CHECKING:
    from crawler.lists.sitemap import Sitemap

URL = "https://news.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def read(text: str | bytes) -> Sitemap:
    """Read a sitemap."""
    return read_sitemap(text if isinstance(text, bytes) else text.encode(), content_type="", override="", url=URL)


def urlset(*urls: str) -> str:
    """Return a sitemap."""
    inner = "".join(f"<url>{url}</url>" for url in urls)
    return f"<?xml version='1.0' encoding='UTF-8'?><urlset {NS} {NEWS}>{inner}</urlset>"


def test_news_gives_title_and_time() -> None:
    """Google's extension goes before the last change."""
    text = urlset(
        "<loc>https://news.example/a</loc><lastmod>2023-06-16</lastmod><n:news><n:publication><n:name>报</n:name>"
        "<n:language>zh</n:language></n:publication><n:publication_date>2023-06-15T08:00:00+08:00</n:publication_date>"
        "<n:title>上海发布 元宇宙\n行动方案 &amp; 解读</n:title></n:news>"
    )
    (row,) = read(text).rows
    assert (row.title, row.link) == ("上海发布 元宇宙 行动方案 & 解读", "https://news.example/a")
    assert row.date == "2023-06-15T08:00:00+08:00"


def test_rows_come_newest_first_when_all_are_dated() -> None:
    """Sitemaps are in any order; where dates are missing it is kept."""
    dated = ["<loc>/a</loc><lastmod>2023-06-14</lastmod>", "<loc>/b</loc><lastmod>2023-06-15</lastmod>"]
    assert [row.link for row in read(urlset(*dated)).rows] == ["/b", "/a"]
    assert [row.link for row in read(urlset(*dated, "<loc>/c</loc>")).rows] == ["/a", "/b", "/c"]


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://news.example/2023/06/shanghai-metaverse-plan/", "shanghai metaverse plan…"),
        ("https://news.example/a/Stablecoin_rules.html?x=1", "Stablecoin rules…"),
        ("https://news.example/%E5%85%83%E5%AE%87%E5%AE%99-%E6%96%B9%E6%A1%88", "元宇宙 方案…"),
        ("https://news.example/12345.html", "news.example/12345.html…"),
        ("https://news.example/", "news.example/…"),
        ("https://[", ""),
    ],
)
def test_an_address_stands_in_for_a_title(url: str, title: str) -> None:
    """Its words are marked as cut off, so that the page's own title goes before them."""
    assert title_of_address(url) == title


def test_an_index_leads_to_the_last_changed() -> None:
    """Those without a date come behind, the last ones first."""
    children = (("/a.xml", "2023-01-01"), ("/b.xml", ""), ("/c.xml", "2023-06-01T00:00:00Z"), ("/d.xml", ""))
    inner = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for loc, day in children
    )
    found = read(f"<sitemapindex {NS}><!-- a comment -->{inner}</sitemapindex>")
    assert (found.rows, found.children) == ((), ("/c.xml", "/a.xml", "/d.xml", "/b.xml"))


def test_gzip_is_undone_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gzipped sitemap is read; a broken one and a bomb are refused."""
    body = gzip.compress(urlset("<loc>https://news.example/a</loc>").encode())
    assert len(read(body).rows) == 1
    with pytest.raises(ListParseError, match="broken gzip"):
        unpacked(body[:4] + b"\xff" * 40, URL)
    monkeypatch.setattr(sitemap, "MAX_BYTES", 1_000)
    with pytest.raises(ListParseError, match="more than 1000 bytes"):
        unpacked(gzip.compress(b" " * 5_000), URL)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<rss version='2.0'><channel/></rss>", "not a sitemap but XML whose root element is <rss>"),
        ("<html><title>首页</title></html>", "not a sitemap but an HTML page titled “首页”"),
        ("", "not a sitemap but an empty body"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>", "declares entities"),
    ],
)
def test_what_is_no_sitemap_is_refused_by_what_it_is(text: str, problem: str) -> None:
    """The message says what came instead."""
    with pytest.raises(ListParseError, match=problem):
        read(text)


def test_a_broken_sitemap_gives_what_can_be_read() -> None:
    """Stray ampersands and a cut end cost no more than their own row."""
    text = f"<urlset {NS}><url><loc>https://news.example/?a=1&b=2</loc></url><url><loc>https://news.exa"
    assert read(text).rows[0].link.startswith("https://news.example/?a=1")


def test_an_index_is_followed_one_level_and_so_far() -> None:
    """The three last changed are asked for, more when a source may have more pages; an index inside one is refused."""
    dialect = DIALECTS[SourceKind.SITEMAP]
    inner = "".join(f"<sitemap><loc>/{n}.xml</loc><lastmod>2023-06-0{n}</lastmod></sitemap>" for n in range(1, 9))
    page = Page(url=URL, body=f"<sitemapindex {NS}>{inner}</sitemapindex>".encode())

    def source(pages: int) -> Source:
        return Source(
            id=SourceId("news"),
            name="报",
            name_en="News",
            kind=SourceKind.SITEMAP,
            url=URL,
            group="press",
            voice=Voice.PRESS,
            max_list_pages=pages,
        )

    needs = dialect.read(source(1), dialect.first(source(1)), page).needs
    assert [need.url for need in needs] == [f"https://news.example/{n}.xml" for n in (8, 7, 6)]
    assert len(dialect.read(source(5), dialect.first(source(5)), page).needs) == 5
    with pytest.raises(ListParseError, match="index inside an index"):
        dialect.read(source(1), Ask(url=URL, shared=True), page)
