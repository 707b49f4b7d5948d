"""When detection takes the place of selectors, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import ListParseError
from core.source import RowSelectors
from crawler.lists import Row
from crawler.lists.fallback import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.crawler.lists.conftest import ReadHtml

URL = "https://www.example.gov.cn/zwgk/index.html"
SELECTORS = RowSelectors(row="li", date="span")
PAGE = "<html><head><title>通知公告</title></head><body><ul class='new'>{}</ul></body></html>".format(
    "".join(
        f"<li><a href='/a/{n}00417.html' data-n='1'>关于印发第{n}批名单的通知</a><em>2023-06-{20 - n}</em></li>"
        for n in range(1, 13)
    )
)


def rows(count: int, *, first: int = 0, date: str = "2023-06-15") -> list[Row]:
    """Return whole rows."""
    return [Row(title=f"标题{n}", link=f"https://x.cn/{n}", date=date) for n in range(first, first + count)]


def settled(
    selected: Sequence[Row], found: Sequence[Row], selectors: RowSelectors | None = SELECTORS
) -> tuple[int, str]:
    """Return how many rows are kept, and why they are not those of the selectors."""
    result = settle(selected, selectors, lambda: found)
    return len(result.rows), result.degraded


def test_good_selectors_are_not_doubted() -> None:
    """Where selectors find rows with dates, detection is not even asked."""

    def never() -> Sequence[Row]:
        raise AssertionError

    assert settle(rows(10), SELECTORS, never).degraded == ""


def test_without_selectors_detection_is_no_fault() -> None:
    """A source without selectors is read by detection as it should be."""
    assert settled([], rows(5), selectors=None) == (5, "")


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ([], "the selectors found no row; 10 rows found by detection"),
        ([Row(title="甲"), Row(title="乙"), *rows(1)], "no title or no link in 2 of 3 rows; 10 rows"),
        ([Row(link="https://x.cn/1")], "no title or no link in 1 of 1 row; 10 rows"),
        ([Row(title=f"第{n}", link="https://x.cn/") for n in range(5)], "one and the same link in 5 rows"),
        ([Row(title="通知", link=f"https://x.cn/{n}") for n in range(5)], "one and the same title in 5 rows"),
        (rows(1, date=""), "the selectors found only 1 row; 10 rows found by detection"),
        (rows(2), "the selectors found only 2 rows; 10 rows found by detection"),
    ],
)
def test_broken_selectors_give_way(selected: list[Row], said: str) -> None:
    """No row, broken rows, one title or link for all, or hardly any of those that are there."""
    kept, degraded = settled(selected, rows(10))
    assert kept == 10
    assert said in degraded


def test_a_young_column_is_left_alone() -> None:
    """Few dated rows that are not among those found are a short list beside another one."""
    assert settled(rows(2, first=90), rows(10)) == (2, "")


@pytest.mark.parametrize("selected", [rows(3), rows(2, date=""), []])
def test_nothing_found_changes_nothing(selected: list[Row]) -> None:
    """Where detection finds nothing either, what the selectors found stays."""
    assert settled(selected, []) == (len(selected), "")


def test_dates_are_filled_in() -> None:
    """A date selector that finds nothing at all is made up for, and said."""
    kept, degraded = settled(rows(6, date=""), rows(5))
    assert kept == 6
    assert degraded == "the date selector found nothing; 5 of 6 rows dated by detection"
    assert settle(rows(6, date=""), SELECTORS, lambda: rows(5)).rows[0].date == "2023-06-15"
    assert settled(rows(6, date=""), []) == (6, "")
    assert settled(rows(6, date=""), rows(6), selectors=RowSelectors(row="li")) == (6, "")


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        (RowSelectors(row="ul.old li", date="em"), "the selectors found no row; 12 rows found by detection"),
        (RowSelectors(row="li", title="b", date="em"), "no title or no link in 12 of 12 rows"),
        (RowSelectors(row="li", link="a::attr(data-n)", date="em"), "one and the same link in 12 rows"),
        (RowSelectors(row="li", date="span"), "the date selector found nothing; 12 of 12 rows dated by detection"),
    ],
)
def test_a_redesigned_page_is_still_read(html_reader: ReadHtml, selectors: RowSelectors, said: str) -> None:
    """A source whose page changed under its selectors gives the same entries, and is degraded."""
    listing = html_reader(selectors)(PAGE, url=URL)
    assert said in listing.degraded
    assert [entry.title for entry in listing.entries[:2]] == ["关于印发第1批名单的通知", "关于印发第2批名单的通知"]
    assert all(entry.published for entry in listing.entries)
    assert len(listing.entries) == 12


def test_a_list_that_became_an_article_is_a_fault(html_reader: ReadHtml) -> None:
    """Where neither selectors nor detection find a list, that is said as a typed error."""
    article = (
        "<html><body><h1>公告</h1>" + "<p>为了规范管理，现就有关事项公告如下，请遵照执行。</p>" * 30 + "</body></html>"
    )
    for selectors in (RowSelectors(row="ul.new li"), None):
        with pytest.raises(ListParseError, match="found"):
            html_reader(selectors)(article, url=URL)
