"""Other extractors as their users call them, behind the shape that the benchmark compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import trafilatura
from lxml import html
from readability.readability import Document as ReadabilityDocument
from trafilatura.settings import Document

from core.item import DateOrigin, DatePrecision, Published
from crawler.dates import parse_date
from crawler.decode import decode
from crawler.pages.blocks import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHINA = "Asia/Shanghai"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a reader made of a page."""

    title: str
    text: str
    published: Published | None = None
    numbers: tuple[str, ...] = ()


def with_trafilatura(body: bytes, url: str) -> Found:
    """Read a page with trafilatura, metadata and slow fall-backs included; its dates are days."""
    found = trafilatura.bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        return Found(title="", text="")
    return Found(title=found.title or "", text=found.text or "", published=_day(found.date or ""))


def with_readability(body: bytes, url: str) -> Found:
    """Read a page with readability-lxml, given the right charset; it reads no dates."""
    document = ReadabilityDocument(decode(body).text, url=url)
    tree = html.fromstring(document.summary(html_partial=True))
    return Found(title=document.short_title(), text="\n".join(paragraphs(tree)))


def _day(raw: str) -> Published | None:
    found = parse_date(raw, zone=CHINA, now=NOW)
    if found is None:
        return None
    return Published(at=found.at, precision=DatePrecision.DAY, origin=DateOrigin.TEXT)


READERS: Mapping[str, Callable[[bytes, str], Found]] = {
    "trafilatura": with_trafilatura,
    "readability": with_readability,
}
