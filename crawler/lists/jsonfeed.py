"""Rows of JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_json_feed(document: object) -> bool:
    """Whether a JSON document is a JSON Feed: it says so, or has the members that make one."""
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return False
    version = document.get("version")
    return (isinstance(version, str) and "jsonfeed.org" in version) or {"title", "home_page_url"} <= document.keys()


def json_feed_rows(document: Mapping[str, object]) -> list[Row]:
    """Return the rows in feed order; members of the wrong type count as absent."""
    items = document.get("items")
    return [_row(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _row(item: Mapping[str, object]) -> Row:
    return Row(
        title=_words(item, "title"),
        link=_words(item, "url") or _words(item, "external_url"),
        guid=_words(item, "id"),
        date=_words(item, "date_published") or _words(item, "date_modified"),
        summary=_words(item, "summary"),
        text=_words(item, "content_html") or _words(item, "content_text"),
        author=_author(item),
    )


def _words(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _author(item: Mapping[str, object]) -> str:
    authors = item.get("authors")
    people = [*(authors if isinstance(authors, list) else ()), item.get("author")]
    names = [_words(person, "name") for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))
