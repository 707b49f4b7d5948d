"""Names and numbers of documents, and languages, on real titles."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from core.documents import find_document_numbers, find_document_titles
from core.language import detect_language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.captures, pytest.mark.integration]


def read_rows(file: Path) -> list[dict[str, str]]:
    """Rows of one table."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_every_state_council_number_is_read(captures_dir: Path) -> None:
    """All 5,747 printed numbers come out as they are, but for spaces and the short form of an order's organ."""
    printed = [
        row["doc_no"] for row in read_rows(captures_dir / "corpora" / "statecouncil_titles.csv") if row["doc_no"]
    ]
    wanted = [number.replace(" ", "").replace("国令", "国务院令") for number in printed]
    assert len(printed) == 5747
    assert [
        number for number, want in zip(printed, wanted, strict=True) if find_document_numbers(number) != (want,)
    ] == []


def test_state_council_titles_are_taken_for_official(captures_dir: Path) -> None:
    """Of 5,797 titles of official documents, put in 《》, at least 99 % are found."""
    titles = [row["title"] for row in read_rows(captures_dir / "corpora" / "statecouncil_titles.csv")]
    found = sum(bool(find_document_titles(f"《{title}》")) for title in titles)
    assert found >= 0.99 * len(titles)


def test_state_council_titles_are_simplified_chinese(captures_dir: Path) -> None:
    """The language of every one of them is told from the title alone."""
    titles = [row["title"] for row in read_rows(captures_dir / "corpora" / "statecouncil_titles.csv")]
    assert {detect_language(title) for title in titles} == {"zh"}


def test_english_headlines_hold_few_titles(captures_dir: Path) -> None:
    """Headlines in title case are not taken for documents: at most one in two hundred names one."""
    headlines = [row["title"] for row in read_rows(captures_dir / "pairs" / "google_news_story_clusters_en.csv")]
    naming = [headline for headline in headlines if find_document_titles(headline)]
    assert len(headlines) > 1000
    assert len(naming) <= len(headlines) / 200
