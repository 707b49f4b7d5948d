"""Captured list pages are read row by row as their ground truth says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest

from core.source import RowSelectors, Source, SourceId, SourceKind, Voice
from crawler.answers import Expected, classify_answer
from crawler.lists import parse_list

PAGES = Path(__file__).parents[3] / "shared" / "captures" / "pages"
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not PAGES.is_dir(), reason=f"the captured pages are not at {PAGES}"),
]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "url", "rows", "skipped"),
    [
        (
            "ndrc_tz_list_2026.html",
            "https://www.ndrc.gov.cn/xxgk/zcfb/tz/",
            RowSelectors(row="ul.u-list > li", date="span"),
            5,  # the empty rows that part each five from the next
        ),
        (
            "gerapy_dfa66_announcement.html",
            "https://www.dfa66.com/list.html",
            RowSelectors(row="ul.glist li"),
            0,
        ),
    ],
)
def test_rows_are_those_of_the_ground_truth(name: str, url: str, rows: RowSelectors, skipped: int) -> None:
    """Titles, addresses and days of a government list and of a list without a date selector, in page order."""
    source = Source(
        id=SourceId("captured"),
        name="captured",
        name_en="captured",
        kind=SourceKind.LISTING,
        url=url,
        group="press",
        voice=Voice.PRESS,
        rows=rows,
    )
    now = datetime(2026, 11, 25, tzinfo=UTC)
    listing = parse_list(source, (PAGES / name).read_bytes(), url=url, content_type="text/html", now=now)
    found = [
        (entry.title, entry.url, entry.published and entry.published.at.astimezone(SHANGHAI).date().isoformat())
        for entry in listing.entries
    ]
    truth = map(json.loads, (PAGES / "list_ground_truth.jsonl").read_text(encoding="utf-8").splitlines())
    assert found == [
        (row["title"], urljoin(url, row["href"]), row["date"].replace("/", "-")) for row in truth if row["file"] == name
    ]
    assert listing.skipped == skipped


def test_every_captured_page_is_worth_parsing() -> None:
    """No real page of the captures is taken for a challenge, a login wall, an app shell or an error page."""
    wrong = {
        page.name: answer
        for page in sorted(PAGES.glob("*.html"))
        for answer in [
            classify_answer(
                status=200, headers={}, body=page.read_bytes(), url="https://example.com/", expected=Expected.PAGE
            )
        ]
        if answer != ("ok", "")
    }
    assert wrong == {}
