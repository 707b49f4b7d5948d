"""Sixty pages in the layouts of government content systems, portals, the crypto press, Hong Kong, Taiwan and blogs.

We wrote them; `tests/data/pages/layouts/expected.json` says of each what a reader sees on it.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.extraction import token_f1
from core.item import DatePrecision
from crawler.decode import decode
from crawler.pages.dom import parse_page
from crawler.pages.further import further_pages

if TYPE_CHECKING:
    from core.item import Article
    from crawler.pages.extractor import PageExtractor

LAYOUTS = Path(__file__).parents[3] / "data" / "pages" / "layouts"
EXPECTED: dict[str, dict[str, Any]] = json.loads((LAYOUTS / "expected.json").read_text(encoding="utf-8"))
FLOOR = 0.97
"""Of one page's body; the mean is held higher."""


def read(extractor: PageExtractor, name: str) -> Article:
    """Return the article of a page."""
    body = (LAYOUTS / f"{name}.html").read_bytes()
    return extractor.extract(body, url=EXPECTED[name]["url"], content_type="", source=None, entry=None)


def test_there_are_sixty() -> None:
    """Every page has its expectation and the other way round."""
    assert len(EXPECTED) >= 60
    assert {path.stem for path in LAYOUTS.glob("*.html")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_layout(extractor: PageExtractor, name: str) -> None:
    """Title, time, body and whatever else the page says are read as a reader would."""
    expected, article = EXPECTED[name], read(extractor, name)
    assert article.title == expected["title"]
    assert _when(article, expected) == expected["published"]
    body = "\n".join(expected["body"])
    assert token_f1(article.text, body) >= FLOOR if body else not article.text
    for field in ("author", "issuer", "language"):
        assert getattr(article, field) == expected.get(field, getattr(article, field)), field
    assert list(article.document_numbers[:1]) == expected.get("numbers", list(article.document_numbers[:1]))
    assert [file.name for file in article.attachments] == expected.get("files", [])


@pytest.mark.parametrize("name", EXPECTED)
def test_particulars(extractor: PageExtractor, name: str) -> None:
    """Facts of the document, marks of the page, and its further pages are told, and none that are not there."""
    expected, facts = EXPECTED[name], read(extractor, name).facts
    found = {field: str(getattr(facts, field, "")) for field in expected.get("facts", {})}
    assert found == expected.get("facts", {})
    assert [str(mark) for mark in (facts.marks if facts else ())] == expected.get("marks", [])
    root = parse_page(decode((LAYOUTS / f"{name}.html").read_bytes()).text)
    assert root is not None
    further = [address.rsplit("/", 1)[1] for address in further_pages(root, url=expected["url"])]
    assert further == expected.get("further", [])


def test_bodies_on_average(extractor: PageExtractor) -> None:
    """Over all pages of either language bodies are all but exact."""
    for chinese in (True, False):
        scores = [
            token_f1(article.text, "\n".join(EXPECTED[name]["body"]))
            for name in EXPECTED
            if EXPECTED[name]["body"] and (article := read(extractor, name)).language.startswith("zh") is chinese
        ]
        assert len(scores) >= 10
        assert sum(scores) / len(scores) >= 0.99


def _when(article: Article, expected: dict[str, Any]) -> str | None:
    """Return the publish time as the expectation writes it: a day, or a minute with the same offset."""
    published, wanted = article.published, expected["published"]
    if published is None or wanted is None:
        return None
    if len(wanted) > len("2024-01-01"):
        assert published.precision is DatePrecision.MINUTE
        offset = datetime.fromisoformat(wanted).tzinfo
        return published.at.astimezone(offset).isoformat(timespec="minutes")
    return published.at.astimezone(ZoneInfo(expected.get("zone", "Asia/Shanghai"))).date().isoformat()
