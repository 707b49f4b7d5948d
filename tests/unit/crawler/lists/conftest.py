"""A source of any kind, and the reading of its list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from core.source import JsonPaths, RowSelectors, Source, SourceId, SourceKind, Voice
from crawler.lists import parse_list

if TYPE_CHECKING:
    from core.listing import Listing
    from crawler.lists import RowFinder

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


class Read(Protocol):
    """Reads a list given as text or bytes."""

    def __call__(
        self,
        body: str | bytes,
        *,
        url: str = "https://news.example.com/feed/list.xml",
        content_type: str = "",
        encoding: str = "",
        row_finder: RowFinder | None = None,
    ) -> Listing:
        """Return its listing."""
        ...


def source(kind: SourceKind, *, rows: RowSelectors | None, paths: JsonPaths | None, encoding: str) -> Source:
    """Return a source in Shanghai."""
    return Source(
        id=SourceId("example"),
        name="示例",
        name_en="Example",
        kind=kind,
        url="https://news.example.com/feed/list.xml",
        group="press",
        voice=Voice.PRESS,
        rows=rows,
        paths=paths,
        encoding=encoding,
    )


def reader(kind: SourceKind, *, rows: RowSelectors | None = None, paths: JsonPaths | None = None) -> Read:
    """Return a reader of lists of a kind."""

    def read(
        body: str | bytes,
        *,
        url: str = "https://news.example.com/feed/list.xml",
        content_type: str = "",
        encoding: str = "",
        row_finder: RowFinder | None = None,
    ) -> Listing:
        raw = body.encode() if isinstance(body, str) else body
        of = source(kind, rows=rows, paths=paths, encoding=encoding)
        return parse_list(of, raw, url=url, content_type=content_type, now=NOW, row_finder=row_finder)

    return read


@pytest.fixture(scope="session")
def read_feed_list() -> Read:
    """Reads feeds."""
    return reader(SourceKind.FEED)


class ReadJson(Protocol):
    """Makes a reader of JSON lists."""

    def __call__(self, paths: JsonPaths | None) -> Read:
        """Return the reader for these paths."""
        ...


class ReadHtml(Protocol):
    """Makes a reader of HTML lists."""

    def __call__(self, rows: RowSelectors | None) -> Read:
        """Return the reader for these selectors."""
        ...


@pytest.fixture(scope="session")
def json_reader() -> ReadJson:
    """Makes readers of JSON lists."""
    return lambda paths: reader(SourceKind.JSON, paths=paths)


@pytest.fixture(scope="session")
def html_reader() -> ReadHtml:
    """Makes readers of HTML lists."""
    return lambda rows: reader(SourceKind.LISTING, rows=rows)
