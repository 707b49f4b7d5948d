"""Chooses the main list of a page among the blocks on it, in it, and hidden in its scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.lists.detect.blocks import candidate_blocks, with_gaps
from crawler.lists.detect.page import flatten
from crawler.lists.detect.rows import Reader
from crawler.lists.detect.score import Judged, judge
from crawler.lists.row import Row
from crawler.pages.dom import parse_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Page
    from crawler.lists.detect.rows import Found, Span

MIN_CONFIDENCE = 0.3
"""Confidence from which a block is taken for the page's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What was found on a page."""

    rows: tuple[Row, ...]
    """In page order; empty when nothing looks like a list."""
    confidence: float
    """0 to 1."""
    dated: float
    """Share of rows with a date."""


NOTHING = Detection(rows=(), confidence=0.0, dated=0.0)


class DetectedRows:
    """Finds rows without selectors. Implements `crawler.lists.row.RowFinder`."""

    def find(self, text: str, url: str) -> Sequence[Row]:
        """Return the rows of the page's main list in page order; empty when nothing on it looks enough like one."""
        found = detect(text, url)
        return found.rows if found.confidence >= MIN_CONFIDENCE else ()


def detect(text: str, url: str) -> Detection:
    """Find the main list of a page.

    Args:
        text: The page, decoded.
        url: Its address after redirects.

    Returns:
        The best block with its confidence, however low. Never raises.
    """
    root = parse_page(text)
    if root is None:
        return NOTHING
    page = flatten(root, url)
    best = best_block(page)
    if best is None:
        return NOTHING
    return Detection(
        rows=tuple(_row(found) for found in best.rows),
        confidence=confidence(page, best),
        dated=best.dated,
    )


def best_block(page: Page) -> Judged | None:
    """Return the block with the highest score; None when the page has no two rows."""
    reader = Reader(page, {})
    best: Judged | None = None
    for spans in candidate_blocks(page):
        judged = _read(page, reader, spans)
        if judged and (best is None or judged.score > best.score * 1.001):
            best = judged
    return best


def _read(page: Page, reader: Reader, spans: list[Span]) -> Judged | None:
    rows = reader.read(spans)
    if len(rows) < 2:
        return None
    if sum(row.stamp is not None for row in rows) < 0.5 * len(rows):
        stretched = [with_gaps(page, spans, backward=backward) for backward in (False, True)]
        read = [reader.read(other) for other in stretched if other]
        rows = max([rows, *read], key=lambda some: sum(row.stamp is not None for row in some))
    distinct = _distinct(_without_strays(rows))
    return judge(page, distinct, len(spans)) if len(distinct) >= 2 else None


def _without_strays(rows: list[Found]) -> list[Found]:
    """Leave out what has no date among rows that nearly all have one."""
    dated = [row for row in rows if row.stamp]
    return dated if 0.8 * len(rows) <= len(dated) < len(rows) and len(dated) > 3 else rows


def _distinct(rows: list[Found]) -> list[Found]:
    kept: dict[str, Found] = {}
    for row in rows:
        kept.setdefault(row.link, row)
    return list(kept.values())


def confidence(page: Page, best: Judged) -> float:
    """Return how sure it is that a block is a list and its page a list page."""
    count = len(best.rows)
    enough = min(1.0, math.sqrt(count / 5))
    return min(1.0, best.quality * enough * _share(page, best))


def _share(page: Page, best: Judged) -> float:
    """Return the share that the list has in what there is to read: prose outside of it belongs to an article."""
    inside = {number for row in best.rows for number in range(row.span.start, row.span.stop)}
    listed = sum(len(row.title) for row in best.rows)
    prose = sum(
        len(piece.text) for number, piece in enumerate(page.pieces) if number not in inside and len(piece.text) >= 40
    )
    return (listed + 60) / (listed + 60 + prose)


def _row(found: Found) -> Row:
    return Row(title=found.title, link=found.link, date=found.stamp.text if found.stamp else "")
