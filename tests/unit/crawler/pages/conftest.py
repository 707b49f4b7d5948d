"""What the tests of pages share: an extractor whose clock stands still, and a maker of small pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.pages.extractor import PageExtractor

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry
    from core.source import Source

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class StandingClock:
    """A clock that always tells the same time; picklable."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Return the time it stands at."""
        return self.at


@pytest.fixture
def extractor() -> PageExtractor:
    """Return an extractor that lives on 25 November 2026."""
    return PageExtractor(StandingClock())


@pytest.fixture
def read(extractor: PageExtractor) -> Callable[..., Article]:
    """Return a reader of pages given as text."""

    def extract(
        page: str,
        *,
        url: str = "https://site.example/news/one.html",
        source: Source | None = None,
        entry: Entry | None = None,
    ) -> Article:
        return extractor.extract(
            page.encode(), url=url, content_type="text/html; charset=utf-8", source=source, entry=entry
        )

    return extract
