"""Selectors derived from the rows of our own list pages give those rows again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.source import SourceKind
from crawler.decode import decode
from crawler.probe import Visited
from crawler.probe.listed import listing_offer
from crawler.probe.look import Look

LISTS = Path(__file__).parents[3] / "data" / "lists"
LOOK = Look(now=datetime(2026, 11, 25, 10, tzinfo=UTC), zone="Asia/Shanghai")


def selectors_of(name: str) -> dict[str, str]:
    """Return the selectors that are offered for a page, as a mapping; empty when none are."""
    url = json.loads((LISTS / f"{name}.json").read_text(encoding="utf-8"))["url"]
    body = (LISTS / f"{name}.html").read_bytes()
    offer = listing_offer(Visited(url=url, body=body), decode(body, content_type="", override="").text, LOOK)
    assert offer is not None
    assert offer.kind is SourceKind.LISTING
    rows = offer.rows
    return {} if rows is None else {"row": rows.row, "title": rows.title, "link": rows.link, "date": rows.date}


@pytest.mark.parametrize(
    ("name", "row", "title", "link", "date"),
    [
        ("ul-span-date", "ul.news-list li", "a", "a::attr(href)", "span"),
        ("table-columns", "table.gk-table tr", "a", "a::attr(href)", "td:nth-child(5)"),
        ("cut-titles", "div.zw li", "a::attr(title)", "a::attr(href)", ""),
        ("related-links", "ul.u-list > li", "a", "a::attr(href)", "span"),
        ("whole-card-links", "a.box", "h4", "::attr(href)", "span"),
        (
            "english-articles",
            "article.post",
            "h2.entry-title a",
            "h2.entry-title a::attr(href)",
            "time::attr(datetime)",
        ),
        ("boxes-day-over-month", "ul.txt li", "a", "a::attr(href)", ""),
        ("data-href-cards", "div.c", "div.t", "::attr(data-href)", "div.d"),
        ("category-links", "ul.mix li", "a:nth-child(2)", "a:nth-child(2)::attr(href)", "span"),
    ],
)
def test_offered_selectors(name: str, row: str, title: str, link: str, date: str) -> None:
    """Layouts with names get the selectors that a person would write."""
    assert selectors_of(name) == {"row": row, "title": title, "link": link, "date": date}


@pytest.mark.parametrize("name", ["onclick-rows", "javascript-links", "script-json", "script-recordset"])
def test_no_selectors_where_none_would_do(name: str) -> None:
    """Addresses in scripts, and hidden rows are left to detection."""
    assert selectors_of(name) == {}
