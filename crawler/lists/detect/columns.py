"""Which of several dates of a row is that of its publication: by the words beside each, or the head of its column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Node, Page
    from crawler.lists.detect.stamps import Stamp

_GOOD = re.compile(r"发布|公开|公布|发文|上网|刊登|发表|publish|posted|issued|release", re.IGNORECASE)
_BAD = re.compile(
    r"成文|截止|截至|结束|失效|实施|施行|生效|有效|更新|修改|deadline|close|closing|due|expir|effective|update",
    re.IGNORECASE,
)
_LONGEST_LABEL = 12


def published(page: Page, dates: Sequence[tuple[int, Stamp]]) -> tuple[int, Stamp]:
    """Return the date that is labelled as that of publication, else the first that is not labelled as another.

    Args:
        page: The page.
        dates: At least one, as the number of its piece of text and the date.
    """
    if len(dates) == 1:
        return dates[0]
    return max(dates, key=lambda pair: _rank(_label(page, pair[0])))


def _rank(label: str) -> int:
    return 1 if _GOOD.search(label) else -1 if _BAD.search(label) else 0


def _label(page: Page, number: int) -> str:
    piece = page.pieces[number]
    before = page.pieces[number - 1].text if number else ""
    return f"{before if len(before) <= _LONGEST_LABEL else ''} {piece.text} {_head(page, piece.owner)}"


def _head(page: Page, index: int) -> str:
    """Return the head of the table column that an element stands in; empty outside of tables."""
    cell = _up(page, index, ("td", "th"))
    row = _up(page, cell.index, ("tr",)) if cell else None
    table = _up(page, row.index, ("table",)) if row else None
    if cell is None or row is None or table is None:
        return ""
    first = next((node for node in page.nodes[table.index : table.last] if node.tag == "tr"), row)
    number = len(_cells(page, row, cell.index))
    heads = _cells(page, first, first.last)
    return page.words(heads[number].start, heads[number].stop) if first is not row and number < len(heads) else ""


def _cells(page: Page, row: Node, before: int) -> list[Node]:
    inside = page.nodes[row.index + 1 : min(before, row.last)]
    return [node for node in inside if node.parent == row.index and node.tag in ("td", "th")]


def _up(page: Page, index: int, tags: tuple[str, ...]) -> Node | None:
    while index >= 0:
        node = page.nodes[index]
        if node.tag in tags:
            return node
        index = node.parent
    return None
