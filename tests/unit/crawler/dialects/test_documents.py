"""What single dialects do beyond what all of them promise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import ListParseError
from core.item import Validity
from core.source import RowSelectors, SourceKind
from crawler.answers import Expected
from crawler.dialects import DIALECTS, Ask, Page
from crawler.dialects.records import has_records, next_group, read_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import Source
    from tests.unit.crawler.dialects.conftest import Read

SITE = "https://www.city.example"
ROW = "<li><a href='/art/2023/6/15/art_1_{n}.html' title='关于印发第{n}号方案的通知'>关于…</a><b>2023-06-1{n}</b></li>"
ROWS = "".join(ROW.replace("{n}", str(n)) for n in (3, 2, 1))


def test_gov_cn_reads_a_page_with_rows_of_its_own(read: Read) -> None:
    """A column without a file is read from its links, and that is told."""
    rows = "".join(f"<li><a href='./202306/content_{n}.htm'>国务院办公厅印发通知{n}</a></li>" for n in range(4))
    reading = read(SourceKind.GOVCN, f"<html><body><ul>{rows}</ul></body></html>")
    assert (len(reading.rows), bool(reading.degraded)) == (4, True)


def test_gov_cn_asks_for_a_file_that_is_known(make: Callable[..., Source]) -> None:
    """A param or the address itself may name it."""
    dialect = DIALECTS[SourceKind.GOVCN]
    named = dialect.first(make(SourceKind.GOVCN, f"{SITE}/zuixin/", params={"json": "./A.json"}))
    assert (named.url, named.referer, named.expected) == (f"{SITE}/zuixin/A.json", f"{SITE}/zuixin/", Expected.JSON)
    assert dialect.first(make(SourceKind.GOVCN, f"{SITE}/zuixin/B.json?x")).expected is Expected.JSON


@pytest.mark.parametrize(
    "script",
    ["fetch('ZUIXIN.json')", '$.getJSON( "./ZUIXIN.json?t=1" , f)', "xhr.open('GET', '/zwgk/ZUIXIN.json')"],
)
def test_gov_cn_finds_the_file_however_it_is_loaded(read: Read, script: str) -> None:
    """Scripts load files in several ways."""
    reading = read(SourceKind.GOVCN, f"<html><body><script>{script}</script></body></html>", url=f"{SITE}/zwgk/")
    assert [need.url for need in reading.needs] == [f"{SITE}/zwgk/ZUIXIN.json"]


def test_jpaas_asks_with_the_ids_that_are_known(make: Callable[..., Source]) -> None:
    """The site's own page size, spelling and endpoint are kept; what all sites send is added."""
    params = {"webId": "w", "pageId": "p", "parseType": "buildstatic", "pageSize": "20", "unit_url": "/gw/unit"}
    ask = DIALECTS[SourceKind.JPAAS].first(make(SourceKind.JPAAS, f"{SITE}/col/1.html", params=params))
    place = urlsplit(ask.url)
    assert (place.path, ask.referer) == ("/gw/unit", f"{SITE}/col/1.html")
    assert parse_qs(place.query) == {
        "webId": ["w"],
        "pageId": ["p"],
        "pageType": ["column"],
        "parseType": ["buildstatic"],
        "editType": ["null"],
        "paramJson": ['{"pageNo":1,"pageSize":20}'],
    }


def test_jpaas_takes_the_unit_that_is_named(read: Read) -> None:
    """Of several units the one with the configured label is asked for, else the one labelled like a list."""

    def unit(tag: str, page: str) -> str:
        return f"<script querydata=\"{{'webId':'w','pageId':'{page}','tagId':'{tag}'}}\"></script>"

    page = f"<html><body>{unit('左侧导航', '1')}{unit('信息列表', '2')}{unit('右侧', '3')}</body></html>"
    (need,) = read(SourceKind.JPAAS, page).needs
    assert "pageId=2" in need.url
    (need,) = read(SourceKind.JPAAS, page, params={"tagId": "右侧"}).needs
    assert "pageId=3" in need.url


@pytest.mark.parametrize(
    ("inside", "rows"),
    [
        (f"<ul>{ROWS}</ul>", 3),
        (ROWS.replace("<", "&lt;").replace(">", "&gt;"), 3),
        ("<div count='0'><ul></ul></div>", 0),
        ("", 0),
    ],
)
def test_jpaas_reads_the_html_inside(read: Read, inside: str, rows: int) -> None:
    """Escaped HTML is HTML, and a unit that counts nothing is an empty list."""
    body = json.dumps({"data": {"html": inside}})
    assert len(read(SourceKind.JPAAS, body, params={"webId": "w", "pageId": "p"}).rows) == rows


def test_jpaas_tells_html_without_rows(read: Read) -> None:
    """A unit that is full of something else is broken."""
    with pytest.raises(ListParseError, match="no row with a title and a link"):
        read(SourceKind.JPAAS, json.dumps({"data": {"html": "<p>维护中</p>"}}))


def test_gkmlpt_finds_a_category_by_its_name(read: Read) -> None:
    """Ids differ from site to site, names less so; one that is not there is told."""
    tree = json.dumps([{"id": 1, "name": "机构", "children": [{"id": 2811, "name": "规范性文件"}]}], ensure_ascii=False)
    page = f"<html><body><script>_CONFIG = {{SID: 755031, TREE: {tree}}}</script></body></html>"
    url = f"{SITE}/gkmlpt/index"
    (need,) = read(SourceKind.GKMLPT, page, url=url, params={"category": "规范性文件"}).needs
    assert need.url == f"{SITE}/gkmlpt/api/all/2811?page=1&sid=755031"
    with pytest.raises(ListParseError, match="no category"):
        read(SourceKind.GKMLPT, page, url=url, params={"category": "政策解读"})
    (need,) = read(SourceKind.GKMLPT, page, url=f"{url}#2811").needs
    assert "/all/2811?" in need.url


def test_gkmlpt_carries_what_the_catalogue_says(read: Read) -> None:
    """Organ, number, index number and validity come with a row, and the time is an epoch."""
    article = {
        "id": 7,
        "title": "方案",
        "post_url": "/post_7.html",
        "publisher": "市科创局",
        "document_number": "深科规〔2023〕7号",
        "identifier": "2023-00007",
        "display_publish_time": 1_686_787_200,
        "is_expired": True,
    }
    url = f"{SITE}/gkmlpt/api/all/0?page=1&sid=1"
    reading = read(SourceKind.GKMLPT, json.dumps({"articles": [article, 5], "classify": {"post_count": 9}}), url=url)
    (row,) = reading.rows
    assert (row.link, row.guid, row.date, row.issuer) == ("/post_7.html", "7", "1686787200", "市科创局")
    assert row.facts is not None
    assert (row.facts.validity, row.facts.index_number) == (Validity.ABOLISHED, "2023-00007")
    assert reading.following is not None
    assert reading.following.url == f"{SITE}/gkmlpt/api/all/0?page=2&sid=1"


def test_jpage_asks_for_the_records_behind_those_of_the_page(read: Read) -> None:
    """Ids come from the script, the column from the address; what is encrypted cannot be asked for."""
    url = f"{SITE}/col/col84242/index.html"
    page = "<html><body><ul>{rows}</ul><script>{script}</script></body></html>"
    script = "x.jpage({proxyUrl:'/module/jpage/dataproxy.jsp', unitid:'356383', webid:1, perPage:15})"
    following = read(SourceKind.JPAGE, page.format(rows=ROWS, script=script), url=url).following
    assert following is not None
    place = urlsplit(following.url)
    assert place.path == "/module/jpage/dataproxy.jsp"
    assert parse_qs(place.query) == {
        "startrecord": ["4"],
        "endrecord": ["18"],
        "perpage": ["15"],
        "columnid": ["84242"],
        "unitid": ["356383"],
        "webid": ["1"],
    }
    hidden = script.replace("356383", "JTJBYWJj")
    assert read(SourceKind.JPAGE, page.format(rows=ROWS, script=hidden), url=url).following is None


def test_records_are_read_in_cdata_or_escaped() -> None:
    """Both forms are met; a set may be empty, and its next group is an escaped link."""
    row = ROW.replace("{n}", "1")
    plain = f"<recordset><record><![CDATA[{row}]]></record></recordset>"
    escaped = f"<recordset><record>{row.replace('<', '&lt;').replace('>', '&gt;')}</record></recordset>"
    assert read_records(plain, url=SITE) == read_records(escaped, url=SITE)
    assert len(read_records(plain, url=SITE)) == 1
    assert (has_records("<recordset/>"), has_records("<ul/>")) == (True, False)
    assert next_group("<nextgroup><![CDATA[<a href='/d.jsp?a=1&amp;b=2'></a>]]></nextgroup>") == "/d.jsp?a=1&b=2"
    assert next_group(plain) == ""


def test_a_record_set_may_be_empty_or_missing(read: Read) -> None:
    """An empty set is an empty list; a page without one is read by selectors, if there are any."""
    assert read(SourceKind.TRS_RECORDS, "<html><recordset></recordset></html>").rows == ()
    page = f"<html><body><ul>{ROWS}</ul></body></html>"
    with pytest.raises(ListParseError, match="no record set"):
        read(SourceKind.TRS_RECORDS, page)
    assert len(read(SourceKind.TRS_RECORDS, page, rows=RowSelectors(row="li")).rows) == 3


@pytest.mark.parametrize(
    ("script", "url", "following"),
    [
        ("createPageHTML(25, 0, 'index', 'html');", "/zc/", "/zc/index_1.html"),
        ('createPageHTML(25, 0, "list", "shtml");', "/zc/list.shtml", "/zc/list_1.shtml"),
        ("createPage(3,0)", "/zc/index.shtml", "/zc/index_1.shtml"),
        ("var countPage = 50//共多少页", "/zc/", "/zc/index_1.html"),
        ("createPageHTML(1, 0, 'index', 'html');", "/zc/", ""),
        ("", "/zc/", ""),
    ],
)
def test_trs_lists_say_how_many_pages_there_are(read: Read, script: str, url: str, following: str) -> None:
    """The second page is `index_1`; a page that says nothing of others is taken for the only one."""
    links = "".join(f"<li><a href='./202306/t2023061{n}_{n}.html'>关于印发方案的通知{n}</a></li>" for n in range(3))
    reading = read(SourceKind.TRS_DATED, f"<ul>{links}</ul><script>{script}</script>", url=f"{SITE}{url}")
    assert len(reading.rows) == 3
    assert (reading.following.url if reading.following else "") == (following and f"{SITE}{following}")


def test_trs_rows_may_stand_in_scripts_only(read: Read) -> None:
    """Rows that a script writes, one script each, come with number and minute."""
    scripts = "".join(
        f"<script>var url='./202306/t2023061{n}_{n}.shtml'; var title='关于第{n}号方案的通知';"
        f"var FILENUM='武政规〔2023〕{n}号';"
        f"document.writeln('2023-06-1{n} 10:30');</script>"
        for n in (2, 1)
    )
    rows = read(SourceKind.TRS_DATED, f"<html><body>{scripts}</body></html>", url=f"{SITE}/zfwj/").rows
    assert [(row.title, row.link, row.date, row.number) for row in rows] == [
        (
            f"关于第{n}号方案的通知",
            f"{SITE}/zfwj/202306/t2023061{n}_{n}.shtml",
            f"2023-06-1{n} 10:30",
            f"武政规〔2023〕{n}号",
        )
        for n in (2, 1)
    ]


def test_ucap_reads_the_rows_of_a_page_that_has_them(read: Read) -> None:
    """The interface is then asked for the second page only, in pages as long as the first."""
    page = f"<html><head><meta name='channelid' content='c1'></head><body><ul>{ROWS}</ul></body></html>"
    reading = read(SourceKind.UCAP, page, url=f"{SITE}/c1/list.shtml")
    assert len(reading.rows) == 3
    assert reading.following is not None
    query = parse_qs(urlsplit(reading.following.url).query)
    assert (query["page"], query["_pageSize"]) == (["2"], ["3"])


def test_ucap_knows_both_interfaces(read: Read, make: Callable[..., Source]) -> None:
    """A page that names the other search is asked with that, by its template; results may stand at the top."""
    script = "<script>'/es-search/search/c9?_template=ucap/cdtf'</script>"
    page = f"<html><head><meta name='channelId' content='c9'></head>{script}"
    (need,) = read(SourceKind.UCAP, page, url=f"{SITE}/c9/list.shtml").needs
    assert need.url.startswith(f"{SITE}/es-search/search/c9?")
    assert "_template=ucap%2Fcdtf" in need.url
    result = {"title": "公告", "url": "//www.city.example/a.shtml", "publishedTimeStr": "2023-06-15 09:00:00"}
    reading = DIALECTS[SourceKind.UCAP].read(
        make(SourceKind.UCAP, f"{SITE}/c9/list.shtml"), need, _page(need, {"results": [result], "total": 40})
    )
    assert [(row.title, row.date) for row in reading.rows] == [("公告", "2023-06-15 09:00:00")]
    assert reading.following is not None
    assert "page=2" in reading.following.url


@pytest.mark.parametrize("body", ['{"data": {"results": "x"}}', '{"data": null}', '{"error": "拒绝访问"}'])
def test_ucap_tells_an_answer_without_results(read: Read, body: str) -> None:
    """What is no list of results is broken."""
    with pytest.raises(ListParseError, match="no results"):
        read(SourceKind.UCAP, body, url=f"{SITE}/searchList/c1?_isJson=true&page=1")


def _page(ask: Ask, document: object) -> Page:
    return Page(url=ask.url, body=json.dumps(document).encode())
