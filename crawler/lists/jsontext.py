"""JSON text to values: bare, wrapped as JSONP, or assigned to a variable of a script."""

from __future__ import annotations

import json
import re

from core.errors import ListParseError

_OPENING = re.compile(
    r"(?:/\*.{0,200}?\*/)?[\s;]*(?:(?:var|let|const)\s+)?[\w$.\[\]\"']{0,120}?\s*(?:=|\()\s*(?=[\[{])", re.DOTALL
)
_GUARD = re.compile(r"\)\]\}',?\s*|for\s*\(;;\);\s*|while\s*\(1\);\s*")
"""Prefixes that make JSON useless to script elements."""


def parse_json(text: str, *, url: str = "") -> object:
    """Parse JSON; what stands around it as a call, an assignment or a guard is passed over.

    Raises:
        ListParseError: The text is no JSON; the message says where it breaks.
    """
    bare = text.strip()
    guard = _GUARD.match(bare)
    bare = bare[guard.end() :] if guard else bare
    opening = _OPENING.match(bare)
    start = opening.end() if opening else 0
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(bare, start)
    except json.JSONDecodeError as error:
        raise ListParseError(f"broken JSON at character {error.pos}: {error.msg}", url=url) from error
    except (ValueError, RecursionError) as error:
        raise ListParseError("JSON that nests too deep or holds a number too long", url=url) from error
    if not opening and bare[end:].strip(" \t\r\n;"):
        raise ListParseError(f"JSON with other text behind it, at character {end}", url=url)
    parsed: object = value
    return parsed
