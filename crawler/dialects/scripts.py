"""Values in the scripts of column pages: objects, assignments and addresses, read without running anything."""

from __future__ import annotations

import html
import re

_OPENING = re.compile(r"<script\b[^<>]{0,4000}>", re.IGNORECASE)
_CLOSING = re.compile(r"</script", re.IGNORECASE)
_LONGEST_LITERAL = 20_000
"""Characters of an object literal that are read; those of units have some 300."""
_PAIR = re.compile(
    r"""(?<![\w'"])(['"]?)([A-Za-z_]\w{0,40})\1\s{0,4}:\s{0,4}(?:'((?:\\.|[^'\\]){0,2000})'|"((?:\\.|[^"\\]){0,2000})"|([\w.+-]{1,200}))"""
)
_VALUE = r"""['"]?\s{0,4}[:=]\s{0,4}(?:'([^'<>]{0,400})'|"([^"<>]{0,400})"|([\w.-]{1,200}))"""


def scripts(text: str) -> list[str]:
    """Return the contents of a page's scripts, in order."""
    found: list[str] = []
    opening = _OPENING.search(text)
    while opening:
        closing = _CLOSING.search(text, opening.end())
        found.append(text[opening.end() : closing.start() if closing else None])
        opening = _OPENING.search(text, closing.end()) if closing else None
    return [script for script in found if script.strip()]


def pairs(literal: str) -> dict[str, str]:
    """Return the scalars of an object literal by key, strict JSON or not: single quotes, bare keys, entities.

    What stands in an inner object, be it written as a text, counts like what stands in the outer one, unless the outer
    has that key.
    """
    found: dict[str, str] = {}
    for match in _PAIR.finditer(html.unescape(literal[:_LONGEST_LITERAL])):
        value = next((group for group in match.groups()[2:] if group is not None), "")
        found.setdefault(match[2], re.sub(r"\\(.)", r"\1", value))
    inner = [value for value in found.values() if value.startswith("{")]
    for value in inner:
        found = {**pairs(value[1:]), **found}
    return found


def assigned(text: str, name: str) -> str:
    """Return the scalar that a page gives a name: `name = 1`, `"name": "1"`, `name="1"`; empty when it gives none.

    Args:
        text: The page, or a script of it.
        name: Compared without case.
    """
    found = re.search(rf"(?<![\w-]){re.escape(name)}{_VALUE}", text, re.IGNORECASE)
    return next((group.strip() for group in found.groups() if group), "") if found else ""


def meta_content(text: str, name: str) -> str:
    """Return the content of a meta element by its name, compared without case; empty when there is none."""
    for match in re.finditer(r"<meta\b[^<>]{1,1000}>", text, re.IGNORECASE):
        if assigned(match[0], "name").lower() == name.lower():
            return html.unescape(assigned(match[0], "content"))
    return ""


def count_in(text: str) -> int | None:
    """Return the whole number that a text is; None when it is none, or one that counts nothing on the web."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
