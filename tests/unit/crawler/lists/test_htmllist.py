"""HTML list pages read by selectors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.errors import ListParseError
from core.item import DateOrigin, DatePrecision
from core.source import RowSelectors
from crawler.lists import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.crawler.lists.conftest import ReadHtml

URL = "https://www.example.gov.cn/zwgk/index.html"
PAGE = """<html><head><meta charset="gb2312"><title>通知公告</title></head><body>
<div class="nav"><a href="/">首页</a></div>
<ul class="list">
<li><span>2023-06-15</span><a href="./202306/t20230615_1.html"
 title="关于印发元宇宙关键技术攻关行动方案的通知">关于印发元宇宙…</a></li>
<li><a href="/x/2.html">第二条 2022年1月1日起施行</a> <em>06-14</em></li>
<li><a href="./202306/t20230613_3.html"><b>第三</b>条</a></li>
<li><a href="javascript:void(0)">更多</a></li>
<li><a href="mailto:a@b.cn">邮箱</a></li>
<li><a href="#">顶部</a></li>
<li><a href="/x/2.html">第二条 2022年1月1日起施行</a></li>
<li>没有链接</li>
</ul></body></html>"""
ROWS = RowSelectors(row="ul.list li")


def test_rows_become_entries(html_reader: ReadHtml) -> None:
    """Titles come whole from the attribute where the text is cut, links are absolute, repeated links come once."""
    listing = html_reader(ROWS)(PAGE.encode("gbk"), url=URL)
    assert [(entry.title, entry.url) for entry in listing.entries] == [
        ("关于印发元宇宙关键技术攻关行动方案的通知", "https://www.example.gov.cn/zwgk/202306/t20230615_1.html"),
        ("第二条 2022年1月1日起施行", "https://www.example.gov.cn/x/2.html"),
        ("第三条", "https://www.example.gov.cn/zwgk/202306/t20230613_3.html"),
    ]
    assert listing.skipped == 4


def test_dates_come_from_the_row_or_the_address(html_reader: ReadHtml) -> None:
    """Without a date selector the text beside the title is searched, then the address; never the title."""
    dates = [entry.published for entry in html_reader(ROWS)(PAGE, url=URL).entries]
    assert [date and (date.at, date.origin, date.precision) for date in dates] == [
        (datetime(2023, 6, 14, 16, tzinfo=UTC), DateOrigin.LIST, DatePrecision.DAY),
        (datetime(2026, 6, 13, 16, tzinfo=UTC), DateOrigin.LIST, DatePrecision.DAY),
        (datetime(2023, 6, 12, 16, tzinfo=UTC), DateOrigin.URL, DatePrecision.DAY),
    ]


def test_every_selector_is_used(html_reader: ReadHtml) -> None:
    """Title, link, date and summary are taken where their selectors say, with `::attr` and `::text` endings."""
    page = """<body><base href="https://cdn.example.cn/d/"><article data-url="1.html" data-t="1686825000">
    <h3>标题</h3><a href="/no">不是</a><p>摘要<br>二</p></article></body>"""
    rows = RowSelectors(row="article", title="h3::text", link="::attr(data-url)", date="::attr( data-t )", summary="p")
    entry = html_reader(rows)(page, url=URL).entries[0]
    assert (entry.title, entry.url, entry.summary) == ("标题", "https://cdn.example.cn/d/1.html", "摘要二")
    assert entry.published is not None
    assert entry.published.at == datetime(2023, 6, 15, 10, 30, tzinfo=UTC)


def test_the_row_itself_may_be_the_link(html_reader: ReadHtml) -> None:
    """A row selector that ends at the anchors works with the default title and link."""
    listing = html_reader(RowSelectors(row="ul a"))('<ul><a href="/1">甲</a><a href="/2">乙</a></ul>', url=URL)
    assert [entry.title for entry in listing.entries] == ["甲", "乙"]


def test_records_in_cdata_are_read(html_reader: ReadHtml) -> None:
    """The record sets of TRS pages, rows inside CDATA sections, are read like other rows."""
    page = """<div><script type="text/xml"></script><datastore><recordset>
    <record><![CDATA[<li><a href="/1" title="全文题目">全文…</a><span>2023-06-15</span></li>]]></record>
    </recordset></datastore></div>"""
    entry = html_reader(RowSelectors(row="record li"))(page, url=URL).entries[0]
    assert entry.title == "全文题目"


@pytest.mark.parametrize("body", ["", "   ", "<html><body></body></html>"])
def test_a_page_without_text_has_no_rows(html_reader: ReadHtml, body: str) -> None:
    """A page that shows nothing is a listing without entries."""
    assert html_reader(ROWS)(body).entries == ()


class NoRow:
    """A row finder that finds nothing."""

    def find(self, text: str, url: str) -> Sequence[Row]:
        """Return nothing."""
        del text, url
        return ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (RowSelectors(row="table.gone tr"), "selectors found no row on an HTML page titled “通知公告”"),
        (
            RowSelectors(row="ul li", link="a::attr(data-x)"),
            "selectors found no row with both a title and a link: 8 matched",
        ),
        (RowSelectors(row="li[["), "li[[ is no CSS selector"),
        (None, "no selectors, and no list was found"),
    ],
)
def test_broken_selectors_are_said(html_reader: ReadHtml, rows: RowSelectors | None, said: str) -> None:
    """A page with content on which nothing is found is a typed error of the source."""
    with pytest.raises(ListParseError) as caught:
        html_reader(rows)(PAGE, url=URL, row_finder=NoRow())
    assert said in str(caught.value)
    assert caught.value.url == URL


class OneRow:
    """A row finder that finds one row."""

    def find(self, text: str, url: str) -> Sequence[Row]:
        """Return it."""
        assert "通知公告" in text
        return [Row(title="找到", link=f"{url}?1", date="2023-06-15")]


def test_a_row_finder_takes_over(html_reader: ReadHtml) -> None:
    """Where selectors find nothing, or there are none, the row finder's rows are read; the former is said."""
    found = html_reader(RowSelectors(row="x"))(PAGE, url=URL, row_finder=OneRow())
    assert found.entries[0].title == "找到"
    assert found.degraded == "the selectors found no row; 1 row found by detection"
    assert html_reader(None)(PAGE, url=URL, row_finder=OneRow()).entries[0].url == f"{URL}?1"
    assert html_reader(None)(PAGE, url=URL, row_finder=OneRow()).degraded == ""
    assert len(html_reader(ROWS)(PAGE, url=URL, row_finder=OneRow()).entries) == 3
