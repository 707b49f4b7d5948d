"""Closes links that a page leaves open, as browsers do; the parser would nest every later row in the first."""

from __future__ import annotations

import itertools
import re

_MARK = re.compile(r"<(/?)(a|li|tr|td|dd|dt|p|div)(?=[\s>/])", re.IGNORECASE)
_LEAST = 2
"""Links left open from which a page is repaired."""


def close_links(text: str) -> str:
    """Return markup in which no link begins inside another; text without such links comes back as it is."""
    lower = text.lower()
    if lower.count("<a ") - lower.count("</a") < _LEAST:
        return text
    cuts = _openings(text)
    edges = [0, *cuts, len(text)]
    return "</a>".join(text[start:stop] for start, stop in itertools.pairwise(edges))


def _openings(text: str) -> list[int]:
    """Return where a link has to be closed: before the row that the next link begins, or before that link."""
    cuts: list[int] = []
    is_open, row = False, -1
    for match in _MARK.finditer(text):
        closing, tag = bool(match[1]), match[2].lower()
        if tag == "a":
            if is_open and not closing:
                cuts.append(row if row >= 0 else match.start())
            is_open, row = not closing, -1
        elif is_open and not closing and row < 0:
            row = match.start()
    return cuts
