"""Days that stand as headings over several rows each, as on pages of rolling news and press releases by day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.lists.detect.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Node, Page
    from crawler.lists.detect.rows import Found
    from crawler.lists.detect.stamps import Stamp

_LEAST = 2
"""Headings from which days stand over rows; a single one is that of the page, or of today."""


def with_headings(page: Page, rows: Sequence[Found]) -> list[Found]:
    """Return rows with the day of the heading above each, where there is one over the first row; else as they are."""
    days = _headings(page, rows) if rows else []
    if len(days) < _LEAST or days[0][0] > rows[0].span.start:
        return list(rows)
    dated: list[Found] = []
    for row in rows:
        number, stamp = max((day for day in days if day[0] <= row.span.start), key=lambda day: day[0])
        dated.append(replace(row, stamp=stamp, stamp_node=page.pieces[number].owner))
    return dated


def _headings(page: Page, rows: Sequence[Found]) -> list[tuple[int, Stamp]]:
    """Return the whole days between the rows, and before the first, within what holds them all."""
    around = _around(page, rows)
    inside = {number for row in rows for number in range(row.span.start, row.span.stop)}
    found = []
    for number in range(around.start, around.stop):
        stamp = None if number in inside else stamp_of(page.pieces[number].text)
        if stamp and stamp.whole and stamp.key[1]:
            found.append((number, stamp))
    return found


def _around(page: Page, rows: Sequence[Found]) -> Node:
    node, last = page.nodes[rows[0].span.node], rows[-1].span.node
    while node.last <= last and node.parent >= 0:
        node = page.nodes[node.parent]
    return page.nodes[node.parent] if node.index == rows[0].span.node and node.parent >= 0 else node
