"""Paths into JSON as `core.source.JsonPaths` means them; no more of any standard than that.

`data.rows[*].item`: keys separated by dots, `[0]` one element, `[*]` every element of a list or every value of an
object, `$` the whole document. A string that holds JSON is opened when the path goes on inside it. Alternatives
separated by ` | ` are tried in order.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from core.errors import HongtouError

_STEP = re.compile(r"\.?(?P<key>[^.\[\]]+)|\[(?P<index>-?\d{1,6}|\*)\]")
_MAX_KEYS = 8
"""Keys of an object that a message names."""

Step = str | int | None
"""A key, an index, or None for every element."""


class PathError(HongtouError):
    """A path leads nowhere in a document; the message says how far it went and what was there."""


def find_all(document: object, path: str) -> list[object]:
    """Return what a path leads to, in document order; empty when it goes through an empty list.

    Raises:
        PathError: No alternative of the path leads anywhere.
    """
    return find_by_first(document, path)[1]


def find_by_first(document: object, path: str) -> tuple[str, list[object]]:
    """Return the first alternative of a path that leads anywhere, with what it leads to.

    Raises:
        PathError: None does.
    """
    problems: list[str] = []
    for alternative in map(str.strip, path.split(" | ")):
        try:
            return alternative, _follow(document, alternative)
        except PathError as error:
            problems.append(str(error))
    raise PathError("; ".join(dict.fromkeys(problems)))


def find_words(document: object, path: str) -> str:
    """Return the first value that a path leads to as text; empty when there is none or it is no scalar.

    Unlike in `find_all`, an alternative that leads to null or an empty text gives way to the next. The texts of a
    list are joined by commas.
    """
    for alternative in path.split(" | ") if path else ():
        try:
            found = _follow(document, alternative.strip())
        except PathError:
            continue
        words = ", ".join(filter(None, map(_words, found)))
        if words:
            return words
    return ""


def _follow(document: object, path: str) -> list[object]:
    values = [document]
    done = "$"
    for step in _steps(path):
        found = [value for each in values for value in _take(_opened(each), step)]
        if not found and not _all_empty(values, step):
            raise PathError(f"nothing at {done}{_written(step)}: {done} is {_describe(values[0])}")
        values, done = found, done + _written(step)
    return values


@lru_cache(maxsize=512)
def _steps(path: str) -> tuple[Step, ...]:
    bare = path.removeprefix("$")
    steps: list[Step] = []
    position = 0
    while position < len(bare):
        match = _STEP.match(bare, position)
        if not match:
            raise PathError(f"{path} is no path, at character {position}")
        key, index = match["key"], match["index"]
        steps.append(key.strip() if key else None if index == "*" else int(index))
        position = match.end()
    return tuple(steps)


def _take(value: object, step: Step) -> list[object]:
    if isinstance(value, dict):
        return list(value.values()) if step is None else [value[step]] if step in value else []
    if isinstance(value, list):
        if step is None:
            return value
        if isinstance(step, int) and -len(value) <= step < len(value):
            return [value[step]]
    return []


def _opened(value: object) -> object:
    """Return the JSON that a string holds, or the value itself."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        opened: object = json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return value
    return opened


def _all_empty(values: list[object], step: Step) -> bool:
    """Whether a step finds nothing because all it goes through is empty: lists, and for a star objects too."""
    if isinstance(step, str):
        return not values
    kinds = (list, dict) if step is None else (list,)
    return all(isinstance(opened, kinds) and not opened for opened in map(_opened, values))


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(each) for each in value if not isinstance(each, list))))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def _written(step: Step) -> str:
    return "[*]" if step is None else f"[{step}]" if isinstance(step, int) else f".{step}"


def _describe(value: object) -> str:
    opened = _opened(value)
    if isinstance(opened, dict):
        keys = ", ".join(list(map(str, opened))[:_MAX_KEYS])
        return f"an object with {keys}" if keys else "an empty object"
    if isinstance(opened, list):
        return f"a list of {len(opened)}"
    return "null" if opened is None else "a text" if isinstance(opened, str) else f"the value {opened!r:.40}"
