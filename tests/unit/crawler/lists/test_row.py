"""Rows as they stand in lists, made into entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.item import DateOrigin
from core.source import Source, SourceId, SourceKind, Voice
from crawler.lists.row import ListContext, Row, to_entry

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
SOURCE = Source(
    id=SourceId("x"), name="x", name_en="x", kind=SourceKind.LISTING, url="https://a.cn/", group="g", voice=Voice.PRESS
)
CONTEXT = ListContext(source=SOURCE, url="https://a.cn/list/", now=NOW, url_dates=True)


def test_a_row_without_title_and_link_is_none() -> None:
    """A row that says nothing and leads nowhere is no entry."""
    assert to_entry(Row(link="javascript:void(0)", date="2023-06-15"), CONTEXT) is None


@pytest.mark.parametrize(("text", "title"), [("第一句\n第二句", "第一句"), ("长" * 200, "长" * 119 + "…"), ("", "")])
def test_a_missing_title_is_made_of_the_text(text: str, title: str) -> None:
    """A row without a title is named by the first line of its text, cut to 120 characters."""
    entry = to_entry(Row(link="/1", text=text), CONTEXT)
    assert entry is not None
    assert entry.title == title


def test_guids_are_kept_on_one_line() -> None:
    """White space around and inside a guid does not make it another one."""
    entry = to_entry(Row(title="t", guid=" a\n b "), CONTEXT)
    assert entry is not None
    assert entry.guid == "a b"
    empty = to_entry(Row(title="t", guid="  "), CONTEXT)
    assert empty is not None
    assert empty.guid is None


def test_dates_of_addresses_are_asked_for() -> None:
    """The address gives a date only where the context says so, and only when the row gives none."""
    row = Row(title="t", link="/2023/06/15/x")
    assert (entry := to_entry(row, CONTEXT))
    assert entry.published
    assert entry.published.origin is DateOrigin.URL
    assert (entry := to_entry(row, replace(CONTEXT, url_dates=False)))
    assert entry.published is None
    assert (entry := to_entry(replace(row, date="<b>2022-01-02</b>"), CONTEXT))
    assert entry.published
    assert (entry.published.origin, entry.published.at.year) == (DateOrigin.LIST, 2022)


def test_a_library_date_must_be_plausible_too() -> None:
    """What feedparser makes of a date counts where ours finds none, within the same years."""
    read = datetime(2023, 6, 15, 10, 30, tzinfo=UTC)
    assert (entry := to_entry(Row(title="t", date="unknown", date_at=read), CONTEXT))
    assert entry.published
    assert (entry.published.at, entry.published.raw) == (read, "unknown")
    assert (entry := to_entry(Row(title="t", date="unknown", date_at=read.replace(year=1970)), CONTEXT))
    assert entry.published is None
