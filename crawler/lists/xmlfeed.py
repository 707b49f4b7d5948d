"""Rows of RSS, RDF and Atom. The only user of feedparser, which is given text that is decoded already."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import feedparser

from core.closing import ClosedTimes
from core.errors import FeedParseError
from crawler.lists.row import Row

if TYPE_CHECKING:
    import time
    from collections.abc import Mapping

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ROOT = re.compile(r"<\w")
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8_760}
"""Hours of `sy:updatePeriod` (RDF Site Summary 1.0, module Syndication)."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPPED = {
    "hours": re.compile(r"<skipHours>([^!]{0,2000}?)</skipHours>", re.IGNORECASE),
    "days": re.compile(r"<skipDays>([^!]{0,2000}?)</skipDays>", re.IGNORECASE),
}
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rf"<day>\s*({'|'.join(_WEEKDAYS)})\s*</day>", re.IGNORECASE)
_LONGEST_TTL = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFeed:
    """What an XML feed says."""

    rows: tuple[Row, ...]
    ttl: timedelta | None
    """The wait it asks for, at most a week; None when it asks for none."""
    closed: ClosedTimes | None = None
    """When it asks to be left alone; None when it does not."""


def read_xml_feed(text: str, *, url: str) -> XmlFeed:
    """Read a feed, however ill-formed, as long as its items can be found.

    Raises:
        FeedParseError: It declares entities of its own (which can blow up a small file to gigabytes), or it is so
            broken that the items it has cannot be read.
    """
    root = _ROOT.search(text)
    if _ENTITY.search(text, 0, root.start() if root else len(text)):
        raise FeedParseError("refused: the feed declares entities of its own", url=url)
    parsed = _parse(text, url)
    if not parsed.entries and parsed.bozo and _ITEM.search(text):
        raise FeedParseError(f"broken XML from which no item can be read: {parsed.bozo_exception}", url=url)
    first = _ITEM.search(text)
    closed = _closed(text[: first.start()] if first else text)
    return XmlFeed(rows=tuple(_row(entry) for entry in parsed.entries), ttl=_ttl(parsed.feed), closed=closed)


def _parse(text: str, url: str) -> Any:  # noqa: ANN401 - feedparser has no types
    # No Content-Location: relative guids must stay as they are, and links are made absolute by our own rules.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False)
    except Exception as error:  # its lenient parser fails in any way on hostile input
        raise FeedParseError(f"broken XML: {type(error).__name__}: {error}", url=url) from error


def _row(entry: Any) -> Row:  # noqa: ANN401 - feedparser has no types
    date, date_at = _date(entry)
    return Row(
        title=_words(entry, "title"),
        link=_link(entry),
        guid=_words(entry, "id"),
        date=date,
        date_at=date_at,
        summary=_words(entry, "summary"),
        text=_content(entry),
        author=_words(entry, "author"),
    )


def _words(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _link(entry: Any) -> str:  # noqa: ANN401 - feedparser has no types
    """Return the article's link: the alternate one, or else an address that serves as guid."""
    link = _words(entry, "link")
    if not link.strip():
        guid = _words(entry, "id").strip()
        return guid if guid.startswith(("http://", "https://")) else ""
    return link


def _content(entry: Mapping[str, Any]) -> str:
    """Return the longest content, unless it is the summary again."""
    parts = entry.get("content") or ()
    values = [part.get("value") or "" for part in parts]
    longest: str = max(values, key=len, default="")
    return longest if longest != entry.get("summary") else ""


def _date(entry: Any) -> tuple[str, datetime | None]:  # noqa: ANN401 - feedparser has no types
    """Return the publish date as written, and as feedparser read it; else the date of the last change."""
    for name in ("published", "updated", "created"):
        # `in` and not `get`: feedparser warns when `updated` is asked for and only `published` is there.
        if name in entry and _words(entry, name).strip():
            return _words(entry, name), _moment(entry.get(f"{name}_parsed"))
    return "", None


def _moment(parts: time.struct_time | None) -> datetime | None:
    try:
        return datetime(*parts[:6], tzinfo=UTC) if parts else None
    except ValueError:
        return None


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    minutes = _number(feed, "ttl")
    if minutes:
        return min(timedelta(minutes=minutes), _LONGEST_TTL)
    hours = _PERIODS.get(_words(feed, "sy_updateperiod").strip().lower())
    if hours is None:
        return None
    return min(timedelta(hours=hours) / (_number(feed, "sy_updatefrequency") or 1), _LONGEST_TTL)


def _closed(head: str) -> ClosedTimes | None:
    """Return `skipHours` and `skipDays` of what stands before the first item; feedparser drops them."""
    hours, days = (_SKIPPED[name].search(head) for name in ("hours", "days"))
    found = ClosedTimes(
        hours=frozenset(int(hour) % 24 for hour in _HOUR.findall(hours[1])) if hours else frozenset(),
        weekdays=frozenset(_WEEKDAYS.index(day.lower()) for day in _DAY.findall(days[1])) if days else frozenset(),
    )
    return found if found.hours or found.weekdays else None


def _number(feed: Mapping[str, Any], name: str) -> int:
    digits = _words(feed, name).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else 0
