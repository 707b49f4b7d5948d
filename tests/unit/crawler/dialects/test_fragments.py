"""Rows of repeated links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from core.source import RowSelectors, SourceKind
from crawler.dialects.fragments import ColumnRows, RepeatedLinks, last_date, read_fragment, row_of_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import Source

URL = "https://www.city.example/zwgk/"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("索引号 2026-08-00123 2026-07-01", "2026-07-01"),
        ("11440300-2023-06-12345", ""),
        ("成文日期：2023年6月13日 发布日期：2023年6月15日", "2023-6-15"),
        ("[2023/06/15]", "2023-06-15"),
        ("2023-06-15 09:30", "2023-06-15 09:30"),
        ("2023-06-15 2023-06-16 08:00:01", "2023-06-16 08:00:01"),
        ("电话 021-2023-06-15", ""),
        ("编号 2023-06-15-003", ""),
        ("无", ""),
    ],
)
def test_the_last_whole_day_counts_and_index_numbers_do_not(text: str, date: str) -> None:
    """Numbers with more digits, or with more parts, are no days."""
    assert last_date(text) == date


def test_rows_of_several_layouts_come_with_date_and_number() -> None:
    """Lists, tables, definition lists and cards are read alike."""
    layouts = {
        "ul": "<li><a href='/{n}.html'>关于第{n}号方案的通知</a><span>2023-06-1{n}</span></li>",
        "table": "<tr><td>{n}</td><td><a href='/{n}.html'>关于第{n}号方案的通知</a></td><td>2023-06-1{n}</td></tr>",
        "dl": "<dt><a href='/{n}.html'>关于第{n}号方案的通知</a></dt><dd>2023-06-1{n}</dd>",
        "div": "<div class='card'><h3><a href='/{n}.html'>关于第{n}号方案的通知</a></h3><p>2023-06-1{n}</p></div>",
    }
    for tag, row in layouts.items():
        text = f"<html><body><{tag}>{''.join(row.replace('{n}', str(n)) for n in (3, 2, 1))}</{tag}></body></html>"
        rows = RepeatedLinks().find(text, URL)
        assert [(found.title, found.link, found.date) for found in rows] == [
            (f"关于第{n}号方案的通知", f"https://www.city.example/{n}.html", f"2023-06-1{n}") for n in (3, 2, 1)
        ], tag


def test_the_dated_list_goes_before_a_longer_one_without_dates() -> None:
    """Navigation may be longer than the list."""
    navigation = "".join(f"<li><a href='/n{n}/'>栏目导航第{n}项</a></li>" for n in range(9))
    rows = "".join(
        f"<li class='row'><a href='/{n}.html'>关于印发方案的通知{n}</a><i>2023-06-15</i></li>" for n in range(6)
    )
    found = RepeatedLinks().find(f"<ul class='nav'>{navigation}</ul><ul>{rows}</ul>", URL)
    assert [row.link[-7:] for row in found] == [f"/{n}.html" for n in range(6)]


def test_titles_are_whole_and_links_said_once() -> None:
    """A cut title is replaced by the attribute, and a picture and a title with one address are one row."""
    text = (
        "<ul><li><a href='a.html'><img src='a.png' alt=''></a>"
        "<a href='a.html' title='关于某某计划的通知全文'>关于某某…</a></li>"
        "<li><a href='b.html'>关于另一计划的通知</a></li></ul>"
    )
    assert [(row.title, row.link) for row in RepeatedLinks().find(text, URL)] == [
        ("关于某某计划的通知全文", f"{URL}a.html"),
        ("关于另一计划的通知", f"{URL}b.html"),
    ]


@pytest.mark.parametrize(
    ("row", "number"),
    [
        (
            "<li><a href='a.html'>关于计划的通知</a><b>沪府办发〔2023〕10号</b><i>2023-06-15</i></li>",
            "沪府办发〔2023〕10号",
        ),
        (
            "<li><a href='a.html'>关于计划的通知（沪府办发〔2023〕10号）</a><i>2023-06-15</i></li>",
            "沪府办发〔2023〕10号",
        ),
        ("<li><a href='a.html'>转发国办发〔2023〕1号文件的通知</a><i>2023-06-15</i></li>", ""),
    ],
)
def test_a_number_stands_beside_the_title_or_in_brackets_behind_it(row: str, number: str) -> None:
    """A number inside a title is that of another document."""
    (found,) = RepeatedLinks().find(f"<ul>{row}</ul>", URL)
    assert (number in found.number) is True
    assert bool(found.number) is bool(number)


def test_selectors_go_first_and_their_failure_is_told(make: Callable[..., Source]) -> None:
    """Selectors override what repeats; where they find nothing the list is read all the same, and degraded."""
    text = (
        "<ul>"
        + "".join(f"<li><a href='/{n}.html'>关于印发方案的通知{n}</a><i>2023-06-15</i></li>" for n in range(5))
        + "</ul>"
    )
    good = make(SourceKind.JPAAS, URL, rows=RowSelectors(row="li", date="i"))
    rows, degraded = read_fragment(good, text, url=URL)
    assert ([row.date for row in rows], degraded) == (["2023-06-15"] * 5, "")
    bad = make(SourceKind.JPAAS, URL, rows=RowSelectors(row=".gone"))
    rows, degraded = read_fragment(bad, text, url=URL)
    assert (len(rows), bool(degraded)) == (5, True)


def test_a_page_without_links_has_no_rows(make: Callable[..., Source]) -> None:
    """Neither has one without anything."""
    source = make(SourceKind.JPAAS, URL)
    for text in (
        "",
        "<p>正文</p>",
        "<ul><li><a href='javascript:;'>关于印发方案的通知</a></li></ul>",
        "<ul><li><a href='/'>首页</a></li></ul>",
    ):
        assert read_fragment(source, text, url=URL) == ([], "")


def test_a_record_without_a_title_is_none() -> None:
    """Records hold separators at times."""
    assert row_of_record("<hr>", url=URL) is None
    assert row_of_record("", url=URL) is None


def test_a_column_page_is_read_by_detection_and_keeps_its_numbers() -> None:
    """Boxes of day and month are dates, and what is printed beside a title is its number."""
    rows = "".join(
        f"<li><div class='d'><b>1{n}</b><i>2023-06</i></div><a href='/{n}.html'>关于印发第{n}号方案的通知</a>"
        f"<em>某府发〔2023〕{n}号</em></li>"
        for n in range(8, 0, -1)
    )
    text = f"<html><body><ul class='list'>{rows}</ul></body></html>"
    found = ColumnRows().find(text, URL)
    assert [(row.title, "某府发〔2023〕" in row.number) for row in found] == [
        (f"关于印发第{n}号方案的通知", True) for n in range(8, 0, -1)
    ]


def test_a_column_page_too_small_for_detection_is_read_by_what_repeats() -> None:
    """Two rows are a list where their addresses say so."""
    text = "".join(f"<p><a href='/t20230615_{n}.html'>关于印发第{n}号方案的通知</a></p>" for n in (2, 1))
    links = re.compile(r"/t20")
    assert len(ColumnRows(links).find(f"<html><body>{text}</body></html>", URL)) == 2
    assert ColumnRows(links).find("", URL) == []
