"""Sets of elements that could be the rows of a list: repeated beside each other, in one or in several containers."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from crawler.lists.detect.rows import MOST_LINKS, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.lists.detect.page import Node, Page

_LEVELS = 8
"""Elements from a link up that may be its row."""
_MOST_PIECES = 150
"""Pieces of text in a row; more is a part of the page."""
_MOST_ROWS = 1_500
"""Rows of a block that are read; the longest real list page has about 1,100."""


def candidate_blocks(page: Page) -> Iterator[list[Span]]:
    """Give the sets of possible rows, each in page order, outer elements before inner ones of the same set.

    A set is what has the same tag under the same parent, or under parents that are alike and stand beside each other,
    up to two levels up: lists cut in groups of five, or by year.
    """
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index in _possible_rows(page):
        node = page.nodes[index]
        for key in _keys(page, node):
            groups[key].append(index)
    seen: set[tuple[int, ...]] = set()
    for members in groups.values():
        rows = tuple(members[:_MOST_ROWS])
        if len(rows) > 1 and rows not in seen:
            seen.add(rows)
            yield [Span(index, page.nodes[index].start, page.nodes[index].stop) for index in rows]


def _possible_rows(page: Page) -> list[int]:
    rows: set[int] = set()
    for link in page.links:
        index = link
        for _ in range(_LEVELS):
            node = page.nodes[index]
            if node.stop - node.start > _MOST_PIECES or len(page.links_in(node)) > MOST_LINKS:
                break
            rows.add(index)
            index = node.parent
            if index < 0:
                break
    return sorted(rows)


def _keys(page: Page, node: Node) -> Iterator[tuple[object, ...]]:
    if node.parent < 0:
        return
    parent = page.nodes[node.parent]
    yield (parent.index, node.tag)
    if node.names and not node.inline:
        yield (parent.index, node.tag, node.names)
    path: tuple[object, ...] = (node.tag,)
    for _ in range(2):
        if parent.parent < 0:
            return
        path = (parent.tag, parent.names, *path)
        parent = page.nodes[parent.parent]
        yield (parent.index, *path)


def with_gaps(page: Page, spans: list[Span], *, backward: bool) -> list[Span] | None:
    """Return rows stretched over what stands between them, for lists whose dates are siblings of the titles.

    The last (or, backward, first) row of each parent takes as much as the others do at most, and no row reaches out of
    its parent. None when nothing stands between them.
    """
    order = spans[::-1] if backward else spans
    gaps = [_gap(page, span, following, backward=backward) for span, following in itertools.pairwise(order)]
    inner = sorted(gap for gap in gaps if gap is not None)
    most = inner[len(inner) // 2] if inner else _end_gap(page, order, backward=backward)
    if not 0 < most <= _MOST_PIECES:
        return None
    widths = [
        min(_room(page, span, backward=backward), most) if gap is None else gap for span, gap in _ends(order, gaps)
    ]
    wide = [
        Span(span.node, span.start - width, span.stop) if backward else Span(span.node, span.start, span.stop + width)
        for span, width in zip(order, widths, strict=True)
    ]
    return wide[::-1] if backward else wide


def _ends(order: list[Span], gaps: list[int | None]) -> Iterator[tuple[Span, int | None]]:
    return zip(order, [*gaps, None], strict=True)


def _gap(page: Page, span: Span, following: Span, *, backward: bool) -> int | None:
    """Return how many pieces stand between two siblings; None for rows of different parents."""
    if page.nodes[span.node].parent != page.nodes[following.node].parent:
        return None
    return span.start - following.stop if backward else following.start - span.stop


def _end_gap(page: Page, order: list[Span], *, backward: bool) -> int:
    """Return what most rows have beside them when each is alone in its parent, or stands last in it."""
    rooms = sorted(_room(page, span, backward=backward) for span in order)
    return rooms[len(rooms) // 2]


def _room(page: Page, span: Span, *, backward: bool) -> int:
    parent = page.nodes[page.nodes[span.node].parent]
    return span.start - parent.start if backward else parent.stop - span.stop
