"""A source of any dialect, and the reading of one answer of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from core.source import Source, SourceId, SourceKind, Voice
from crawler.dialects import DIALECTS, Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from crawler.dialects import Ask, Reading


def a_source(kind: SourceKind, url: str, **fields: Any) -> Source:
    """Return a source of an authority."""
    return Source(
        id=SourceId("city"),
        name="某市",
        name_en="A City",
        kind=kind,
        url=url,
        group="cn-central",
        voice=Voice.AUTHORITY,
        **fields,
    )


class Read(Protocol):
    """Reads one answer."""

    def __call__(
        self, kind: SourceKind, body: str | bytes, *, url: str = ..., ask: Ask | None = None, **fields: Any
    ) -> Reading:
        """Return what it says; keywords are fields of the source."""
        ...


@pytest.fixture(scope="session")
def make() -> Callable[..., Source]:
    """Maker of sources."""
    return a_source


@pytest.fixture(scope="session")
def read() -> Read:
    """Reader of answers: by default to what is asked for first."""

    def of(
        kind: SourceKind,
        body: str | bytes,
        *,
        url: str = "https://www.city.example/zwgk/index.html",
        ask: Ask | None = None,
        **fields: Any,
    ) -> Reading:
        source = a_source(kind, url, **fields)
        dialect = DIALECTS[kind]
        asked = ask or dialect.first(source)
        return dialect.read(source, asked, Page(url=asked.url, body=body.encode() if isinstance(body, str) else body))

    return of
