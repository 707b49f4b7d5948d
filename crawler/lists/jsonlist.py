"""Rows of JSON and JSONP lists, found by the paths of the source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.errors import ListParseError
from crawler.decode import decode
from crawler.fields import plain_id, plain_line
from crawler.lists import sniff
from crawler.lists.jsonpath import PathError, find_by_first, find_words
from crawler.lists.jsontext import parse_json
from crawler.lists.row import Row

if TYPE_CHECKING:
    from core.source import JsonPaths

_PLACE = re.compile(r"\{([^{}]{1,100})\}")


def read_json_list(body: bytes, paths: JsonPaths, *, content_type: str, override: str, url: str) -> list[Row]:
    """Read the rows of a JSON list, in list order; empty when the list is there and empty.

    Raises:
        DecodeError: The bytes are no text.
        ListParseError: It is no JSON, or the rows are not where the path says.
    """
    text = decode(body, content_type=content_type, override=override, kind="json").text
    if text.lstrip()[:1] in ("", "<"):
        raise ListParseError(f"not JSON but {sniff.describe(text)}", url=url)
    document = parse_json(text, url=url)
    pattern = _compiled(paths.title_pattern, url)
    return [_row(row, paths, pattern) for row in _rows(document, paths.rows, url)]


def _rows(document: object, path: str, url: str) -> list[object]:
    try:
        taken, found = find_by_first(document, path)
    except PathError as error:
        said = sniff.error_message(document)
        problem = f"no rows: {error}" + (f"; it says “{said}”" if said else "")
        raise ListParseError(plain_id(problem), url=url) from error
    if taken.endswith("[*]"):
        return found
    if "[*]" not in taken and not isinstance(found[0], list):
        raise ListParseError(f"no rows: {taken} is no list", url=url)
    return [row for value in found for row in (value if isinstance(value, list) else [value])]


def _row(row: object, paths: JsonPaths, pattern: re.Pattern[str] | None) -> Row:
    return Row(
        title=_title(find_words(row, paths.title), pattern),
        link=find_words(row, paths.link) or _filled(paths.link_template, row),
        guid=find_words(row, paths.guid),
        date=find_words(row, paths.date),
        summary=find_words(row, paths.summary),
        text=find_words(row, paths.text),
    )


def _title(title: str, pattern: re.Pattern[str] | None) -> str:
    """Return the first group of the pattern where it matches, else the whole title."""
    match = pattern.search(plain_line(title)) if pattern else None
    return (match[1] or title) if match else title


def _compiled(pattern: str, url: str) -> re.Pattern[str] | None:
    if not pattern:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ListParseError(f"title_pattern is no regular expression: {error}", url=url) from error
    if not compiled.groups:
        raise ListParseError("title_pattern has no group for the title", url=url)
    return compiled


def _filled(template: str, row: object) -> str:
    """Fill an address from a row; empty when a place cannot be filled."""
    values = {path: find_words(row, path) for path in _PLACE.findall(template)}
    if not template or not all(values.values()):
        return ""
    return _PLACE.sub(lambda place: quote(values[place[1]], safe="/:?=&%-._~", errors="ignore"), template)
