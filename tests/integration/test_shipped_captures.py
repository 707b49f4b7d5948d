"""The shipped sources' own selectors, on the real pages of their sites that are at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.sources import load_catalogue
from core.item import DateOrigin
from core.source import SourceId
from crawler.decode import decode
from crawler.dialects.ask import Page
from crawler.dialects.registry import DIALECTS
from crawler.lists.parse import parse_list
from crawler.lists.selectors import compile_selector
from crawler.pages.dom import parse_page, text_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.captures
CATALOGUE = load_catalogue()
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_list_of_the_planning_commission_is_read(captures_dir: Path) -> None:
    """The 25 documents with their days, without the 45 explainers that are nested in their rows."""
    source = CATALOGUE[SourceId("ndrc-notices")]
    body = (captures_dir / "pages" / "ndrc_tz_list_2026.html").read_bytes()
    listing = parse_list(source, body, url=source.url, content_type="text/html", now=NOW)
    assert (len(listing.entries), listing.degraded) == (25, "")
    for entry in listing.entries:
        assert "/xxgk/zcfb/tz/" in entry.url
        assert entry.published is not None
        assert entry.published.origin is DateOrigin.LIST


@pytest.mark.parametrize(
    ("source_id", "file", "words"),
    [
        ("cac-policy", "cac_genai_interim_measures_2023.html", "生成式人工智能服务"),
        ("gov-cn-policy-latest", "govcn_sc_5365711.html", "国务院"),
        ("guangzhou-gov", "gz_25.html", ""),
        ("guangzhou-gov-disclosure", "gz_31.html", ""),
        ("xinhua-tech", "np4k_chinese_article_002.html", ""),
        ("china-daily", "np4k_chinese_article_001.html", ""),
    ],
)
def test_the_text_of_an_article_stands_where_its_source_says(
    captures_dir: Path, source_id: str, file: str, words: str
) -> None:
    """The body selector finds one block, and the text of the page is in it."""
    page = decode((captures_dir / "pages" / file).read_bytes(), content_type="", override="", kind="html").text
    root = parse_page(page)
    assert root is not None
    body = compile_selector(CATALOGUE[SourceId(source_id)].article.body).first(root)
    assert body is not None
    assert len(text_of(body)) > 400
    assert words in text_of(body)


def test_the_same_list_is_read_by_its_dialect(captures_dir: Path) -> None:
    """A sister column is read by the dialect, whose own detection would take the nested explainers for the list."""
    source = CATALOGUE[SourceId("ndrc-announcements")]
    body = (captures_dir / "pages" / "ndrc_tz_list_2026.html").read_bytes()
    dialect = DIALECTS[source.kind]
    ask = dialect.first(source)
    reading = dialect.read(source, ask, Page(url=ask.url, body=body, content_type="text/html"))
    assert (len(reading.rows), reading.degraded) == (25, "")
    assert all(row.date.startswith("202") for row in reading.rows)
    assert reading.following is not None
