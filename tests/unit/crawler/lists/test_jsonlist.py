"""JSON lists read by the paths of their source."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.errors import ListParseError
from core.item import DateOrigin
from core.source import JsonPaths

if TYPE_CHECKING:
    from tests.unit.crawler.lists.conftest import ReadJson

GOV = JsonPaths(rows="$[*]", title="TITLE", link="URL", date="DOCRELPUBTIME", summary="SUB_TITLE")
FLASH = JsonPaths(
    rows="data.list",
    title="title | content",
    guid="id",
    date="createdAt",
    text="content",
    link_template="https://news.example.com/flash/{meta.slug}?id={id}",
    title_pattern="^【(.+?)】",
)


def test_a_government_list(json_reader: ReadJson) -> None:
    """A top-level array of rows gives entries with clean titles, absolute links and days."""
    rows = [
        {"TITLE": "关于<em>数据要素</em>的意见", "URL": "./c/1.htm", "DOCRELPUBTIME": "2023-06-15", "SUB_TITLE": None},
        {"TITLE": "", "URL": "", "DOCRELPUBTIME": "2023-06-14"},
        {"TITLE": "无日期", "URL": "https://www.example.gov.cn/202306/t20230613_9.html"},
    ]
    listing = json_reader(GOV)(json.dumps(rows), url="https://www.example.gov.cn/zc/list.json")
    first, last = listing.entries
    assert (first.title, first.url) == ("关于数据要素的意见", "https://www.example.gov.cn/zc/c/1.htm")
    assert first.published is not None
    assert first.published.at == datetime(2023, 6, 14, 16, tzinfo=UTC)
    assert last.published is not None
    assert (last.published.origin, last.published.at.day) == (DateOrigin.URL, 12)
    assert listing.skipped == 1


def test_a_flash_list(json_reader: ReadJson) -> None:
    """A flash's title is the first group of the pattern, its link comes from the template, its text is kept whole."""
    row = {
        "id": 12,
        "title": "",
        "content": "【某交易所获牌】<p>正文一</p>",
        "createdAt": 1686825000,
        "meta": {"slug": "a b#c"},
    }
    entry = json_reader(FLASH)("cb(" + json.dumps({"data": {"list": [row]}}) + ")").entries[0]
    assert entry.title == "某交易所获牌"
    assert entry.url == "https://news.example.com/flash/a%20b%23c?id=12"
    assert entry.guid == "12"
    assert entry.text == "【某交易所获牌】\n正文一"
    assert entry.published is not None
    assert entry.published.at == datetime(2023, 6, 15, 10, 30, tzinfo=UTC)


def test_a_template_that_cannot_be_filled_gives_no_link(json_reader: ReadJson) -> None:
    """A row that lacks a field of the template has no link; without the pattern's words the title stays whole."""
    entry = json_reader(FLASH)(json.dumps({"data": {"list": [{"id": 1, "title": "普通标题"}]}})).entries[0]
    assert (entry.url, entry.title, entry.published) == ("", "普通标题", None)


def test_rows_may_be_plain_texts(json_reader: ReadJson) -> None:
    """A list of strings is read with `$` as the title."""
    listing = json_reader(JsonPaths(rows="data.news[*]", title="$"))('{"data": {"news": ["甲", "乙"]}}')
    assert [entry.title for entry in listing.entries] == ["甲", "乙"]


def test_rows_under_several_classes(json_reader: ReadJson) -> None:
    """A star over an object gathers the lists of all its members."""
    body = {"vo": {"x": {"list": [{"t": "甲"}]}, "y": {"list": [{"t": "乙"}]}, "z": {"list": []}}}
    listing = json_reader(JsonPaths(rows="vo[*].list[*]", title="t"))(json.dumps(body))
    assert [entry.title for entry in listing.entries] == ["甲", "乙"]


@pytest.mark.parametrize(
    "rows",
    ["groups[*].data", "groups[*].data[*]", "groups[*].first[0].data", "groups[*].one", "no.rows | groups[*].one"],
)
def test_rows_behind_a_star(json_reader: ReadJson, rows: str) -> None:
    """A path that goes on behind a star gives one row a match, or the rows of every list it leads to."""
    group = {"data": [{"t": "甲"}], "first": [{"data": {"t": "甲"}}], "one": {"t": "甲"}}
    body = {
        "groups": [group, {key: json.loads(json.dumps(value).replace("\\u7532", "乙")) for key, value in group.items()}]
    }
    listing = json_reader(JsonPaths(rows=rows, title="t"))(json.dumps(body))
    assert [entry.title for entry in listing.entries] == ["甲", "乙"]


def test_rows_may_be_lists_themselves(json_reader: ReadJson) -> None:
    """Rows without names are read by index."""
    listing = json_reader(JsonPaths(rows="rows[*]", title="[0]", link="[1]"))('{"rows": [["甲", "/1"], ["乙", "/2"]]}')
    assert [(entry.title, entry.url[-2:]) for entry in listing.entries] == [("甲", "/1"), ("乙", "/2")]


@pytest.mark.parametrize("body", ['{"data": {"list": []}}', '{"data": {"list": [], "message": "ok"}}'])
def test_an_empty_list_is_a_list(json_reader: ReadJson, body: str) -> None:
    """A list that is there and empty has no entries."""
    assert json_reader(FLASH)(body).entries == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"data": null, "msg": "签名错误"}', "no rows: nothing at $.data.list: $.data is null; it says “签名错误”"),
        ('{"data": {"list": {"a": 1}}}', "no rows: data.list is no list"),
        ('{"data": {}}', "$.data is an empty object"),
        ("<!doctype html><title>登录</title>", "not JSON but an HTML page titled “登录”"),
        ("", "not JSON but an empty body"),
        ("{", "broken JSON"),
    ],
)
def test_rows_that_are_not_there_are_an_error(json_reader: ReadJson, body: str, said: str) -> None:
    """The message names the path, what stood there, and what the answer itself says."""
    with pytest.raises(ListParseError) as caught:
        json_reader(FLASH)(body)
    assert said in str(caught.value)
    assert caught.value.source_id == "example"


@pytest.mark.parametrize(("pattern", "said"), [("[", "no regular expression"), ("【.+】", "no group")])
def test_a_faulty_title_pattern_is_said(json_reader: ReadJson, pattern: str, said: str) -> None:
    """A pattern that cannot give a title is a typed error."""
    with pytest.raises(ListParseError, match=said):
        json_reader(JsonPaths(rows="$", title="t", title_pattern=pattern))("[]")


def test_a_json_source_needs_paths(json_reader: ReadJson) -> None:
    """Without paths nothing can be read, which is said."""
    with pytest.raises(ListParseError, match="needs paths"):
        json_reader(None)("[]")


def test_half_surrogates_do_not_come_through(json_reader: ReadJson) -> None:
    """What JSON can spell and no encoding can write is dropped from every field."""
    row = {"id": "a\ud800", "title": "题\udfff", "content": "文\ud800", "meta": {"slug": "\ud800s"}}
    entry = json_reader(FLASH)(json.dumps({"data": {"list": [row]}})).entries[0]
    assert (entry.guid, entry.title, entry.text) == ("a", "题", "文")
    assert entry.url.encode()


def test_native_bytes_are_read(json_reader: ReadJson) -> None:
    """JSON in GBK without any declaration comes out in Chinese."""
    body = json.dumps([{"TITLE": "关于促进制造业发展的通知", "URL": "/1"}], ensure_ascii=False).encode("gbk")
    assert json_reader(GOV)(body).entries[0].title == "关于促进制造业发展的通知"
