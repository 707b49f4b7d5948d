"""All dialects on pages that are not theirs."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DecodeError, ListParseError
from core.source import SourceKind
from crawler.dialects import DIALECTS, Page, recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import Source
    from crawler.dialects import Dialect

PIECES = (
    "<html>", "<ul><li>", "<a href='/art/2023/6/1/a.html' title='关于印发通知'>", "关于印发通知", "</a>", "<script>",
    "</script>", "window._CONFIG={SID:'1',TREE:[", "{", "}", "[", "]", "createPageHTML(99999,0,'index','html')",
    "<record><![CDATA[", "]]></record>", "<nextgroup>", "</nextgroup>", "querydata=\"{'webId':'1','pageId':'2'}\"",
    "/t20230615_1.html", '"data":{"html":"', '"articles":[{"title":1}]', '"results":[null]', "<urlset><url><loc>",
    "null", "<meta name='channelid' content='c1'>", "url:'x.json'", "unitid:'1',webid:'1',columnid:'1'",
    "dataproxy.jsp", "&#39;", "href='//['", "$.get('//[.json')",
    "<sitemapindex><sitemap><loc>http://[", "1" * 5_000, "\x00", "\ud800", "//[", "perpage:0", "count=\"0\"", "=", ",",
)  # fmt: skip


@pytest.mark.parametrize("kind", DIALECTS)
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14))
def test_any_text_gives_rows_or_a_typed_error(make: Callable[..., Source], kind: SourceKind, pieces: list[str]) -> None:
    """Whatever a server sends, a dialect reads it or says that it cannot; nothing else is raised."""
    text = "".join(pieces)
    url = "https://www.city.example/gkmlpt/index"
    dialect: Dialect = DIALECTS[kind]
    source = make(kind, url)
    dialect.recognise(url, text)
    try:
        reading = dialect.read(source, dialect.first(source), Page(url=url, body=text.encode("utf-8", "surrogatepass")))
    except (ListParseError, DecodeError):
        return
    assert isinstance(reading.rows, tuple)


@given(body=st.binary(max_size=200))
def test_bytes_are_recognised_or_not(body: bytes) -> None:
    """No bytes break the recognition."""
    assert recognise("https://www.city.example/", b"\x1f\x8b" + body) is None
    recognise("https://www.city.example/", body)


@pytest.mark.parametrize(
    "body", ["", "<html><body><p>正文</p></body></html>", "<rss version='2.0'><channel/></rss>", '{"a": 1}', "[1, 2]"]
)
def test_what_is_none_of_them_is_not_recognised(body: str) -> None:
    """Articles, feeds and JSON of other kinds are left to others."""
    assert recognise("https://www.city.example/index.html", body.encode()) is None


def test_every_kind_but_the_plain_ones_has_a_dialect() -> None:
    """Kinds that are read by what their entry says need none."""
    assert set(SourceKind) - set(DIALECTS) == {SourceKind.FEED, SourceKind.JSON, SourceKind.LISTING}


@pytest.mark.parametrize(
    ("url", "body", "kind", "params"),
    [
        (
            "https://www.city.example/gkmlpt/api/all/2811?page=1&sid=755031",
            '{"articles": [], "classify": {}}',
            SourceKind.GKMLPT,
            {"sid": "755031", "category": "2811"},
        ),
        (
            "https://www.city.example/searchList/a1?_isJson=true",
            '{"data": {"results": []}}',
            SourceKind.UCAP,
            {"channelid": "a1"},
        ),
        (
            "https://www.city.example/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageId=2&x=3",
            '{"data": {"html": "<ul></ul>"}}',
            SourceKind.JPAAS,
            {"webId": "1", "pageId": "2"},
        ),
        (
            "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json",
            '[{"TITLE": "甲", "URL": "/a.htm", "DOCRELPUBTIME": "2023-06-15"}]',
            SourceKind.GOVCN,
            {},
        ),
    ],
)
def test_an_answer_of_an_interface_is_recognised(url: str, body: str, kind: SourceKind, params: dict[str, str]) -> None:
    """Somebody who gives the interface's address gets its ids back."""
    found = recognise(url, body.encode())
    assert found is not None
    assert (found.kind, dict(found.params)) == (kind, params)


@pytest.mark.parametrize(
    "piece",
    ["<script>", "<record>", "<nextgroup>", "SID='", "querydata=\"{'a':'", "<a href='/t20230615_1.html'>", "url:'"],
)
def test_hostile_pages_cost_little(make: Callable[..., Source], piece: str) -> None:
    """A page of a third of a megabyte that opens everything and closes nothing is done with within seconds of CPU."""
    text = piece * (300_000 // len(piece))
    url = "https://www.city.example/gkmlpt/index"
    before = time.process_time()
    for kind, dialect in DIALECTS.items():
        source = make(kind, url)
        dialect.recognise(url, text)
        with suppress(ListParseError):
            dialect.read(source, dialect.first(source), Page(url=url, body=text.encode()))
    assert time.process_time() - before < 20
