"""Lists that a page carries out of sight: in scripts, as markup or as data, in comments and in text boxes.

Each is rewritten as a small page of its own, so that it is judged as any list.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.lists.detect.records import markup_of
from crawler.pages.dom import MAX_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = re.compile(r"<(script|textarea|noscript|xmp)\b[^<>]{0,2000}>", re.IGNORECASE)
_LINKED = re.compile(r"<a[\s/]|onclick=|data-href=", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt])|(.))", re.DOTALL)
_SHORT = 2_000
"""Characters of a script that writes a single row."""
_LEAST = 2
"""Links from which a hidden piece may hold a list."""
_MOST_TRIES = 60
"""Places of a script where data is tried to be read."""
_ARRAY = re.compile(r"\[\s*[{\[]")
_OBJECT = re.compile(r"\{[^{}]{8,4000}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What a page carries out of sight, as pages of their own; empty when there is nothing."""

    scripted: str
    """What its scripts would show."""
    commented: str
    """What its comments took away."""


def hidden_lists(text: str) -> Hidden:
    """Return what may be lists in the scripts and comments of a page."""
    page = text[:MAX_CHARACTERS]
    bodies = list(_scripts(page))
    scripted = [part for body in bodies for part in _parts(body)]
    scripted += markup_of([record for body in bodies if len(body) < _SHORT and (record := _assigned(body))])
    commented = [part for part in _between(page, "<!--", "-->") if len(_LINKED.findall(part)) >= _LEAST]
    return Hidden(scripted=_page(scripted), commented=_page(commented))


def _page(parts: list[str]) -> str:
    return "<html><body>" + "".join(f"<div>{part}</div>" for part in parts) + "</body></html>" if parts else ""


def _scripts(page: str) -> Iterator[str]:
    lower, position = page.lower(), 0
    while match := _SCRIPT.search(page, position):
        end = lower.find(f"</{match[1].lower()}", match.end())
        position = end if end >= 0 else len(page)
        body = page[match.end() : position]
        yield html.unescape(body) if match[1].lower() == "textarea" else body


def _between(page: str, opening: str, closing: str) -> Iterator[str]:
    position = page.find(opening)
    while position >= 0:
        end = page.find(closing, position)
        yield page[position + len(opening) : end if end >= 0 else len(page)]
        position = page.find(opening, end) if end >= 0 else -1


def _parts(body: str) -> Iterator[str]:
    """Give the markup in a script, and its data as markup."""
    if len(_LINKED.findall(body)) >= _LEAST:
        yield _ESCAPE.sub(_unescaped, body)
    yield from _data(body)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    return " " if match[3] else str(match[4])


def _data(body: str) -> Iterator[str]:
    position, decoder = 0, json.JSONDecoder()
    for _ in range(_MOST_TRIES):
        match = _ARRAY.search(body, position)
        if match is None:
            break
        try:
            found, position = decoder.raw_decode(body, match.start())
        except (ValueError, RecursionError):
            position = match.start() + 1
            continue
        yield from markup_of(found)
    else:
        return
    loose = [record for match in _OBJECT.finditer(body) if (record := _loose_record(match[0]))]
    yield from markup_of(loose)


_FIELD = re.compile(
    r"""['"]?([A-Za-z_]\w{0,40})['"]?\s*:\s*(?:'((?:[^'\\]|\\.){0,2000})'|"((?:[^"\\]|\\.){0,2000})"|(\d{1,19}))"""
)


_ASSIGNED = re.compile(
    r"""(?:^|[;{\s])(?:var |let |const )?\s{0,4}(\w{1,40})\s{0,4}=\s{0,4}"""
    r"""(?:'([^'\n]{1,500})'|"([^"\n]{1,500})")\s{0,4}[;,\n]"""
)


def _assigned(body: str) -> dict[str, str]:
    """Return what a script that writes one row assigns to its variables, plain texts only."""
    return {match[1]: match[2] or match[3] for match in _ASSIGNED.finditer(body) if "<" not in match[0]}


def _loose_record(text: str) -> dict[str, str]:
    """Read an object as scripts write it, with bare names and single quotes."""
    return {
        match[1]: _ESCAPE.sub(_unescaped, match[2] or match[3] or match[4] or "") for match in _FIELD.finditer(text)
    }
