"""JSON paths for a list of records, found by what its fields hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.source import JsonPaths
from crawler.lists.detect.records import record_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 8
_KEY = re.compile(r"[^\s.\[\]|$]{1,80}")
"""Keys that a path can name."""


def proposed_paths(document: object) -> JsonPaths | None:
    """Return the paths to the longest list of records with a title and an address; None when there is none."""
    best: tuple[int, JsonPaths] | None = None
    for path, records in _lists(document, "", 0):
        fields = record_fields(records)
        if fields is None or (best and best[0] >= len(records)):
            continue
        title, link, date = fields
        if all(_nameable(name) for name in (title, link, date) if name):
            best = len(records), JsonPaths(rows=f"{path or '$'}[*]", title=title, link=link, date=date)
    return best[1] if best else None


def _nameable(name: str) -> bool:
    return all(_KEY.fullmatch(part) for part in name.split("."))


def _lists(data: object, path: str, depth: int) -> Iterator[tuple[str, list[object]]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        if any(isinstance(item, dict) for item in data):
            yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, (dict, list)) and _KEY.fullmatch(str(key)):
                yield from _lists(value, f"{path}.{key}" if path else str(key), depth + 1)
