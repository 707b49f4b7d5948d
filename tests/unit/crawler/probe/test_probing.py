"""What a probe offers for pages, feeds, JSON and sitemaps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.source import RowSelectors, SourceKind
from crawler.probe import Visited, probe
from crawler.probe.dialect import dialect_offer

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
LISTS = Path(__file__).parents[3] / "data" / "lists"
URL = "https://www.example.gov.cn/gk/list.html"
ROWS = "".join(
    f'<li><a href="/a/{number}00417.html">关于印发第{number}批试点名单的通知</a><span>2023-06-{30 - number}</span></li>'
    for number in range(1, 11)
)
PAGE = f'<html><head><title>通知公告</title>{{head}}</head><body><ul class="list">{ROWS}</ul></body></html>'
FEED = """<rss version="2.0"><channel><title>x</title>{items}</channel></rss>"""
ITEM = "<item><title>关于印发名单的通知</title><link>https://www.example.gov.cn/a/{n}00417.html</link></item>"
OTHER = "<item><title>另一条消息</title><link>https://www.example.gov.cn/b/{n}.html</link></item>"
ALTERNATE = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


def page(head: str = "", url: str = URL) -> Visited:
    """Return a list page."""
    return Visited(url=url, body=PAGE.format(head=head).encode())


def feed(item: str) -> Visited:
    """Return a feed of three items."""
    items = "".join(item.format(n=number) for number in range(1, 4))
    return Visited(url="https://www.example.gov.cn/feed.xml", body=FEED.format(items=items).encode())


def test_a_plain_list_is_offered_with_proven_selectors() -> None:
    """The page's own rows are offered with selectors that give just them, in China's time."""
    found = probe(page(), {}, now=NOW)
    assert [offer.kind for offer in found.offers] == [SourceKind.LISTING]
    best = found.offers[0]
    assert best.rows == RowSelectors(row="ul.list li", date="span")
    assert len(best.preview) == 10
    assert best.preview[0].published == "2023-06-29T00:00+08:00"
    assert found.title == "通知公告"
    assert found.follow == ("https://www.example.gov.cn/robots.txt",)


def test_a_feed_of_the_same_items_is_best() -> None:
    """A feed that the page names and that holds its rows comes before the list."""
    found = probe(page(ALTERNATE), {"https://www.example.gov.cn/feed.xml": feed(ITEM)}, now=NOW)
    assert [(offer.kind, offer.checked) for offer in found.offers] == [
        (SourceKind.FEED, True),
        (SourceKind.LISTING, True),
    ]


def test_a_feed_of_other_items_comes_after_the_list() -> None:
    """A feed of the whole site does not stand for one column of it."""
    found = probe(page(ALTERNATE), {"https://www.example.gov.cn/feed.xml": feed(OTHER)}, now=NOW)
    assert [offer.kind for offer in found.offers] == [SourceKind.LISTING, SourceKind.FEED]
    assert "hardly any" in found.offers[1].reason


def test_a_feed_that_was_not_fetched_says_so_and_shows_the_page() -> None:
    """Of a saved page the named feed is offered unchecked, with the rows of the page."""
    best = probe(page(ALTERNATE), {}, now=NOW).offers[0]
    assert (best.kind, best.checked, len(best.preview)) == (SourceKind.FEED, False, 10)
    assert "not fetched" in best.reason


def test_a_feed_that_is_none_is_not_offered() -> None:
    """A named address that answers with nothing, or with a page, is no offer."""
    broken = Visited(url="https://www.example.gov.cn/feed.xml", body=b"")
    found = probe(page(ALTERNATE), {"https://www.example.gov.cn/feed.xml": broken}, now=NOW)
    assert [offer.kind for offer in found.offers] == [SourceKind.LISTING]


def test_the_address_may_be_a_feed_itself() -> None:
    """A feed's own address is offered, and nothing has to be followed."""
    found = probe(feed(ITEM), {}, now=NOW)
    assert [(offer.kind, offer.score) for offer in found.offers] == [(SourceKind.FEED, 1.0)]
    assert found.follow == ()


def test_json_is_offered_with_paths() -> None:
    """A JSON list gets paths that lead to its rows."""
    rows = [{"t": {"name": f"第{n}号公告全文发布"}, "link": f"/x/{n}.html", "pubDate": "2023-06-15"} for n in range(4)]
    body = json.dumps({"code": 0, "data": {"list": rows}}, ensure_ascii=False).encode()
    best = probe(Visited(url="https://api.example.com/list", body=body), {}, now=NOW).offers[0]
    assert best.kind is SourceKind.JSON
    assert best.paths is not None
    assert (best.paths.rows, best.paths.title, best.paths.link) == ("data.list[*]", "t.name", "link")
    assert best.preview[0].url == "https://api.example.com/x/0.html"


@pytest.mark.parametrize("body", ['{"a": 1}', "[1, 2", "{}", "[]"])
def test_json_without_records_gives_nothing(body: str) -> None:
    """Data in which there is no list of titles and addresses is nothing to watch."""
    assert probe(Visited(url="https://api.example.com/", body=body.encode()), {}, now=NOW).offers == ()


def test_sitemaps_come_from_robots_and_are_the_last_resort() -> None:
    """A sitemap that robots.txt names is followed in a second round and offered."""
    front = Visited(url="https://www.example.org/", body=b"<html><body><p>welcome</p></body></html>")
    robots = Visited(url="", body=b"User-agent: *\nSitemap: https://www.example.org/news.xml\n")
    answers = {"https://www.example.org/robots.txt": robots}
    second = probe(front, answers, now=NOW)
    assert second.follow == ("https://www.example.org/news.xml",)
    assert [(offer.kind, offer.checked) for offer in second.offers] == [(SourceKind.SITEMAP, False)]
    urls = "".join(
        f"<url><loc>https://www.example.org/a/piece-{n}.html</loc><lastmod>2023-06-1{n}</lastmod></url>"
        for n in range(5)
    )
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    answers["https://www.example.org/news.xml"] = Visited(url="https://www.example.org/news.xml", body=xml.encode())
    third = probe(front, answers, now=NOW)
    assert third.follow == ()
    assert [(offer.kind, offer.checked) for offer in third.offers] == [(SourceKind.SITEMAP, True)]


def test_a_page_of_a_known_system_is_offered_as_its_dialect() -> None:
    """Where a CMS writes just the rows of the list, its dialect is offered before selectors."""
    url = "https://www.haizhou.example.gov.cn/zwgk/tzgg/index.html"
    saved = Visited(url=url, body=(LISTS / "ul-span-date.html").read_bytes())
    assert [offer.kind for offer in probe(saved, {}, now=NOW).offers] == [SourceKind.TRS_DATED, SourceKind.LISTING]


def test_a_dialect_that_sees_other_rows_comes_after_the_list() -> None:
    """Rows that are not those of the list speak against a dialect that sees them."""
    url = "https://www.haizhou.example.gov.cn/zwgk/tzgg/index.html"
    saved = Visited(url=url, body=(LISTS / "ul-span-date.html").read_bytes())
    same = dialect_offer(saved, (), zone="Asia/Shanghai", now=NOW)
    assert same is not None
    other = dialect_offer(saved, same.preview[:5], zone="Asia/Shanghai", now=NOW)
    assert other is not None
    assert "not all of them" in other.reason
    assert other.score < 0.5 < same.score


@pytest.mark.parametrize("name", ["article-related", "menus-only"])
def test_what_is_no_list_offers_nothing(name: str) -> None:
    """An article, and a page of menus, are nothing to watch."""
    saved = Visited(url="https://www.example.com/x.html", body=(LISTS / f"{name}.html").read_bytes())
    assert [offer.kind for offer in probe(saved, {}, now=NOW).offers if offer.kind is SourceKind.LISTING] == []


@given(st.binary(max_size=400))
def test_any_bytes_are_probed(body: bytes) -> None:
    """A probe never raises."""
    probe(Visited(url="https://www.example.com/", body=body), {}, now=NOW)


def test_bytes_that_are_no_text_are_said_to_be_none() -> None:
    """A picture offers nothing and says what it is."""
    found = probe(
        Visited(url="https://www.example.com/x", body=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), {}, now=NOW
    )
    assert found.offers == ()
    assert found.what


def test_scripts_without_links_are_passed_over() -> None:
    """A page of a known CMS whose rows are written by script is offered, whatever other scripts stand on it."""
    url = "https://www.haizhou.example.gov.cn/zwgk/tzgg/index.html"
    saved = Visited(url=url, body=(LISTS / "script-write.html").read_bytes())
    assert SourceKind.LISTING in [offer.kind for offer in probe(saved, {}, now=NOW).offers]
