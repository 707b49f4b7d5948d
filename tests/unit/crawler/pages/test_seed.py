"""The case that Hongtou was born from, read from two pages that we wrote."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from core.item import Article
    from crawler.pages.extractor import PageExtractor

SEED = Path(__file__).parents[3] / "data" / "pages" / "seed"
EXPECTED: dict[str, Any] = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(params=EXPECTED)
def case(request: pytest.FixtureRequest, extractor: PageExtractor) -> tuple[Article, dict[str, Any]]:
    """Return an article of the case, with what is expected of it."""
    expected = EXPECTED[request.param]
    body = (SEED / request.param).read_bytes()
    article = extractor.extract(body, url=expected["url"], content_type="", source=None, entry=None)
    return article, expected


def test_fields(case: tuple[Article, dict[str, Any]]) -> None:
    """Title, language, author, issuer, numbers and files are those of the document."""
    article, expected = case
    for field in ("url", "title", "language", "author", "issuer"):
        assert getattr(article, field) == expected[field], field
    assert list(article.document_numbers) == expected["document_numbers"]
    assert [{"url": file.url, "name": file.name} for file in article.attachments] == expected["attachments"]


def test_published(case: tuple[Article, dict[str, Any]]) -> None:
    """The publish time is the page's own, to the minute, in its zone."""
    article, expected = case
    assert article.published is not None
    assert article.published.at == datetime.fromisoformat(expected["published"])
    assert article.published.precision == expected["precision"]


def test_text_is_whole(case: tuple[Article, dict[str, Any]]) -> None:
    """The text runs from the article's first words to its last and names both documents."""
    article, expected = case
    assert article.text.startswith(expected["begins"])
    assert article.text.endswith(expected["ends"])
    assert [words for words in expected["holds"] if words not in article.text] == []


def test_text_is_clean(case: tuple[Article, dict[str, Any]]) -> None:
    """Nothing of navigation, side bar, boxes, related posts or adverts is left in the text."""
    article, expected = case
    assert [words for words in expected["lacks"] if words in article.text] == []
