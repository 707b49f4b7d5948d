"""The rehearsal's sites answer over loopback in the shapes of real ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from core.source import SourceKind
from hongtou.rehearsal.sites.ledgerpost import ADVERT
from hongtou.rehearsal.timeline import SITES, STEPS, pieces, pieces_at
from hongtou.rehearsal.web import RehearsalWeb

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import Source

    Fetch = Callable[..., tuple[int, dict[str, str], bytes]]

ATOM = "{http://www.w3.org/2005/Atom}"


def source_of(web: RehearsalWeb, site: str) -> Source:
    """The source that watches a site."""
    return next(source for source in web.sources() if source.id == f"demo-{site}")


def test_sources_are_of_all_kinds_on_hosts_of_their_own(web: RehearsalWeb) -> None:
    """Seven loopback sources of three kinds, each on its own port, are polled within seconds."""
    sources = web.sources()
    assert {source.kind for source in sources} == {SourceKind.FEED, SourceKind.JSON, SourceKind.LISTING}
    assert len({urlsplit(source.url).port for source in sources}) == len(SITES)
    assert {urlsplit(source.url).hostname for source in sources} == {"127.0.0.1"}
    assert all(source.allow_private_addresses for source in sources)
    assert all(source.bounds.max_interval.total_seconds() <= 2 for source in sources)


def text(element: etree._Element) -> str:
    """All text of an element, as a reader sees it."""
    return "".join(str(piece) for piece in element.itertext())


@pytest.mark.parametrize("site", SITES)
def test_every_list_answers_with_its_validators(web: RehearsalWeb, fetch: Fetch, site: str) -> None:
    """A second, conditional look gives 304 without a body, except on the site that sends no validators."""
    url = source_of(web, site).url
    status, headers, body = fetch(url)
    assert (status, body != b"") == (200, True)
    assert ("etag" in headers, "last-modified" in headers) == (site != "kechuang",) * 2
    again, _, nothing = fetch(url, If_None_Match=headers.get("etag", '"none"'))
    assert (again, nothing == b"") == ((304, True) if site != "kechuang" else (200, False))
    assert fetch(url, If_Modified_Since=headers.get("last-modified", "never"))[0] == again


def test_a_new_piece_ends_not_modified(web: RehearsalWeb, fetch: Fetch) -> None:
    """After a step that brought something, the old validators give the new list."""
    url = source_of(web, "shanghai").url
    _, headers, _ = fetch(url)
    web.advance()
    assert fetch(url, If_None_Match=headers["etag"])[0] == 200


def test_the_portals_list_is_json_with_days(web: RehearsalWeb, fetch: Fetch) -> None:
    """Rows hold title, absolute address and a day; the newest comes first."""
    web.advance(3)
    rows = json.loads(fetch(source_of(web, "council").url)[2])
    assert [row["TITLE"] for row in rows] == [piece.title for piece in pieces_at("council", 3)]
    assert rows[0]["DOCRELPUBTIME"] == "2023-06-15"
    assert all(row["URL"].startswith("http://127.0.0.1:") for row in rows)


def test_portal_pages_carry_their_document_number(web: RehearsalWeb, fetch: Fetch) -> None:
    """The metadata table tells number and issuer, the body stands in the UCAP container."""
    web.advance(3)
    page = html.fromstring(fetch(json.loads(fetch(source_of(web, "council").url)[2])[0]["URL"])[2].decode())
    assert "国数据〔2023〕11号" in text(page)
    assert "数据资产入表" in text(page.cssselect("#UCAP-CONTENT")[0])


def test_the_citys_links_are_relative_and_dated(web: RehearsalWeb, fetch: Fetch) -> None:
    """Links look like ./tYYYYMMDD_ID.html; a long title is whole only in the link's title attribute."""
    web.advance(1)
    links = html.fromstring(fetch(source_of(web, "shanghai").url)[2].decode()).cssselect("ul.list-date li a")
    assert links[0].get("href", "").startswith("./t20230615_")
    assert links[0].get("title") == "上海市推动制造业高质量发展三年行动计划（2023-2025年）"
    assert text(links[0]).endswith("…")


def test_the_papers_bytes_are_gbk_and_declared_gb2312(web: RehearsalWeb, fetch: Fetch) -> None:
    """Header and meta tag say gb2312, and a page holds a character that only GBK has."""
    url = next(item.url for item in web.expected() if item.key == "kechuang-lathe")
    _, headers, body = fetch(url)
    assert headers["content-type"] == "text/html; charset=gb2312"
    assert b"charset=gb2312" in body
    assert "五轴" in body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_the_atom_feed_is_well_formed_and_shows_the_edit(web: RehearsalWeb, fetch: Fetch) -> None:
    """An edited entry keeps its id and published time, and has a new title and update time."""
    url = source_of(web, "lianwen").url
    entries = []
    for step in (3, 5):
        web.advance(step)
        feed = etree.fromstring(fetch(url)[2])
        entries.append(
            next(entry for entry in feed.iter(f"{ATOM}entry") if "北京" in entry.findtext(f"{ATOM}title", ""))
        )
    before, after = entries
    for same in ("id", "published"):
        assert before.findtext(f"{ATOM}{same}") == after.findtext(f"{ATOM}{same}")
    for other in ("title", "updated"):
        assert before.findtext(f"{ATOM}{other}") != after.findtext(f"{ATOM}{other}")


def test_the_seed_article_is_surrounded(web: RehearsalWeb, fetch: Fetch) -> None:
    """Its page has navigation, a sidebar and the stray advert line; its feed item has a tracked link."""
    web.advance(3)
    feed = etree.fromstring(fetch(source_of(web, "ledgerpost").url)[2])
    item = next(item for item in feed.iter("item") if "Shanghai plan" in item.findtext("title", ""))
    link = item.findtext("link", "")
    assert "utm_source=rss" in link
    page = html.fromstring(fetch(link)[2].decode())
    assert page.cssselect("nav")
    assert page.cssselect("aside.sidebar")
    assert ADVERT in text(page)


def test_a_gone_page_is_whole_in_the_feed(web: RehearsalWeb, fetch: Fetch) -> None:
    """An article whose page answers 404 can be read from its feed item."""
    web.advance(2)
    gone = next(item for item in web.expected() if item.page == "gone")
    assert fetch(gone.url)[0] == 404
    assert "public hearing" in fetch(source_of(web, "ledgerpost").url)[2].decode()


def test_a_sponsored_page_is_forbidden_by_robots(web: RehearsalWeb, fetch: Fetch) -> None:
    """robots.txt disallows the folder of the piece whose page must not be asked for."""
    forbidden = next(item for item in web.expected() if item.page == "robots")
    parts = urlsplit(forbidden.url)
    rules = fetch(f"http://{parts.netloc}/robots.txt")[2].decode()
    assert f"Disallow: /{parts.path.split('/')[1]}/" in rules


def test_a_site_without_robots_says_404(web: RehearsalWeb, fetch: Fetch) -> None:
    """One site has no robots.txt, which allows everything."""
    parts = urlsplit(source_of(web, "kechuang").url)
    assert fetch(f"http://{parts.netloc}/robots.txt")[0] == 404


def test_flashes_hold_title_and_text_in_one_field(web: RehearsalWeb, fetch: Fetch, now: datetime) -> None:
    """A row's content begins with its title in brackets, and its time is in seconds."""
    rows = json.loads(fetch(source_of(web, "kuaixun").url)[2])["data"]["list"]
    assert rows[0]["content"].startswith("【比特币跌破26000美元】行情显示")
    assert (now - datetime.fromtimestamp(rows[0]["created_at"], UTC)).total_seconds() == 40 * 60


def test_the_hong_kong_feed_is_traditional(web: RehearsalWeb, fetch: Fetch) -> None:
    """The feed tells its titles in Traditional Chinese."""
    web.advance(1)
    feed = etree.fromstring(fetch(source_of(web, "harbour").url)[2])
    assert next(feed.iter("item")).findtext("title") == "金融管理局就穩定幣發行人監管制度發表諮詢總結"


def test_the_portal_challenges_for_a_while(web: RehearsalWeb, fetch: Fetch) -> None:
    """At steps 5 and 6 list and pages answer 412 with a script, robots.txt stays, and step 7 is well again."""
    url = source_of(web, "council").url
    for step, wanted in ((4, 200), (5, 412), (6, 412), (7, 200)):
        web.advance(step)
        status, _, body = fetch(url)
        assert status == wanted
        assert (b"$_ts" in body) == (wanted == 412)
        assert fetch(f"http://{urlsplit(url).netloc}/robots.txt")[0] == 200


def test_the_flash_wire_is_out_and_recovers(web: RehearsalWeb, fetch: Fetch) -> None:
    """Step 3 gives 503, step 4 closes the connection, step 5 tells what happened meanwhile."""
    url = source_of(web, "kuaixun").url
    web.advance(3)
    assert fetch(url)[0] == 503
    web.advance(4)
    with pytest.raises(RemoteDisconnected):
        fetch(url)
    web.advance(5)
    told = fetch(url)[2].decode("ascii").encode().decode("unicode_escape")
    assert "数字人民币试点扩大" in told
    assert [request.status for request in web.requests] == [503, 0, 200]


@pytest.mark.parametrize("site", SITES)
def test_every_page_can_be_had_at_the_last_step(web: RehearsalWeb, fetch: Fetch, site: str) -> None:
    """Each piece's page holds its last title and every paragraph, and is not there before its step."""
    own = {piece.key: piece.at(STEPS) for piece in pieces() if piece.site == site}
    items = [item for item in web.expected() if item.key in own and item.page == "ok"]
    late = [item.url for item in items if item.step > 0]
    assert {fetch(url)[0] for url in late} == {404}
    web.advance(STEPS)
    for item in items:
        status, headers, body = fetch(item.url)
        shown = text(html.fromstring(body.decode("gbk" if "gb2312" in headers["content-type"] else "utf-8")))
        assert status == 200
        assert item.title in shown
        assert all(paragraph in shown for paragraph in own[item.key].paragraphs)


def test_an_unknown_path_is_404(web: RehearsalWeb, fetch: Fetch) -> None:
    """What no site has is not there, and is noted all the same."""
    assert fetch(f"http://{urlsplit(source_of(web, 'harbour').url).netloc}/nothing")[0] == 404
    assert web.requests[-1].path == "/nothing"


def test_steps_only_go_forward(web: RehearsalWeb) -> None:
    """Advancing stops at the last step and never goes back."""
    assert web.step == 0
    assert web.advance() == 1
    assert web.advance(4) == 4
    assert web.advance(2) == 4
    assert web.advance(99) == web.step == web.steps - 1


def test_requests_are_logged_by_step(web: RehearsalWeb, fetch: Fetch) -> None:
    """The log tells site, status, step and whether a request was conditional, and which lists were asked for."""
    url = source_of(web, "harbour").url
    _, headers, _ = fetch(url)
    web.advance()
    fetch(url, If_None_Match=headers["etag"])
    web.advance()
    log = [(request.site, request.step, request.conditional) for request in web.requests]
    assert log == [("harbour", 0, False), ("harbour", 1, True)]
    assert web.lists_asked(1) == {"harbour"}
    assert web.lists_asked(2) == frozenset()


def test_the_oracle_names_every_piece(web: RehearsalWeb) -> None:
    """Expected items cover the whole timeline with unique addresses, and say which are relevant, old or edited."""
    items = {item.key: item for item in web.expected()}
    assert set(items) == {piece.key for piece in pieces()}
    assert len({item.url for item in items.values()}) == len(items)
    assert {item.source_id for item in items.values()} == {source.id for source in web.sources()}
    assert items["ledger-shanghai"].relevant
    assert not items["ledger-office"].relevant
    assert items["shanghai-drains"].baseline
    assert [key for key, item in items.items() if item.revised] == ["lianwen-beijing"]


def test_stopping_twice_does_nothing(now: datetime) -> None:
    """A web that was stopped, or never started, stops without complaint."""
    web = RehearsalWeb(now)
    web.stop()
    web.start()
    web.stop()
    web.stop()
    assert web.sources() == ()
