"""Chooses the main list of a page among the blocks on it, in it, and hidden in its scripts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.lists.detect.blocks import candidate_blocks, with_gaps
from crawler.lists.detect.embedded import hidden_lists
from crawler.lists.detect.finish import as_row, without_numbers
from crawler.lists.detect.headings import with_headings
from crawler.lists.detect.page import flatten
from crawler.lists.detect.repair import close_links
from crawler.lists.detect.rows import Reader
from crawler.lists.detect.score import Judged, judge
from crawler.pages.dom import parse_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Page
    from crawler.lists.detect.rows import Found, Span
    from crawler.lists.row import Row

MIN_CONFIDENCE = 0.3
"""Confidence from which a block is taken for the page's list."""
_HIDDEN_MARGIN = 1.3
"""How much better a list in a script must be than what the page shows."""
_ENOUGH = 5
"""Rows from which their number takes nothing from the confidence."""
_ENOUGH_HIDDEN = 8
"""The same for lists in scripts and comments."""
_ARTICLE = re.compile(
    r"""<meta[^<>]{0,200}(?:["']og:type["'][^<>]{0,80}["'](?:news)?article["']|name=["']ArticleTitle["'])""",
    re.IGNORECASE,
)
"""Marks by which a page says that it is an article: Open Graph's type, and the title meta of government sites."""
_ARTICLE_TRUST = 0.6
_HEAD = 40_000
"""Characters in which those marks are looked for."""
_SENTENCE = 40
"""Characters from which a piece of text outside of the list is prose."""
_SHORT_SENTENCE = 15
"""The same for a piece that has the full stop of a sentence."""
_STOP = re.compile(r"[。；]|[.](?:\s|$)")
_ALLOWED = 60
"""Characters of prose that any page may have: a footer's, a search box's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What was found on a page."""

    rows: tuple[Row, ...]
    """In page order; empty when nothing looks like a list."""
    confidence: float
    """0 to 1."""
    dated: float
    """Share of rows with a date."""


_DIGITS = re.compile(r"\d+")
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
    page, best = visible_block(text, url)
    if page is None:
        return NOTHING
    hidden = hidden_lists(text)
    prose = _prose(page, best)
    trust = _ARTICLE_TRUST if _ARTICLE.search(text, 0, _HEAD) else 1.0
    found = Candidate(best, trust * _confidence(best, prose)) if best else None
    scripted = _candidate(hidden.scripted, url, prose, trust)
    if scripted and (found is None or scripted.block.score > _HIDDEN_MARGIN * found.block.score):
        found = scripted
    if hidden.commented and (found is None or found.confidence < MIN_CONFIDENCE):
        commented = _candidate(hidden.commented, url, prose, trust)
        found = commented if commented and (not found or commented.confidence > found.confidence) else found
    return _detection(found) if found else NOTHING


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block, and how sure it is that it is the page's list."""

    block: Judged
    confidence: float


def _candidate(text: str, url: str, prose: int, trust: float) -> Candidate | None:
    """Return the best list of what a page hides; a short one may be anything, such as the papers beside an article."""
    _, block = visible_block(text, url) if text else (None, None)
    if block is None:
        return None
    enough = min(1.0, math.sqrt(len(block.rows) / _ENOUGH_HIDDEN))
    return Candidate(block, trust * enough * _confidence(block, prose))


def visible_block(text: str, url: str) -> tuple[Page | None, Judged | None]:
    """Return a page, flat, and the best block of what it shows; None for what is not there."""
    root = parse_page(close_links(text))
    if root is None:
        return None, None
    page = flatten(root, url)
    return page, best_block(page)


def _detection(found: Candidate) -> Detection:
    rows = tuple(as_row(row) for row in found.block.rows)
    return Detection(rows=without_numbers(rows), confidence=found.confidence, dated=found.block.dated)


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
    if _dated(rows) < 0.5 * len(rows):
        stretched = [with_gaps(page, spans, backward=backward) for backward in (False, True)]
        read = [reader.read(other) for other in stretched if other]
        rows = max([rows, *read, with_headings(page, rows)], key=_dated)
    distinct = _distinct(_without_strays(page, rows))
    return judge(page, distinct, len(spans)) if len(distinct) >= 2 else None


def _dated(rows: list[Found]) -> int:
    return sum(row.stamp is not None for row in rows)


def _without_strays(page: Page, rows: list[Found]) -> list[Found]:
    """Leave out what has no date among rows that nearly all have one, unless it looks just like them."""
    dated = [row for row in rows if row.stamp]
    if not (0.8 * len(rows) <= len(dated) < len(rows) and len(dated) > 3):
        return rows
    forms = {_form(page, row) for row in dated}
    return [row for row in rows if row.stamp or _form(page, row) in forms]


def _form(page: Page, row: Found) -> tuple[str, str, int]:
    """Return what is alike in rows of one list: names, the form of the address, the number of links."""
    node = page.nodes[row.span.node]
    return node.names, _DIGITS.sub("0", urlsplit(row.link).path), len(page.links_in(node))


def _distinct(rows: list[Found]) -> list[Found]:
    kept: dict[str, Found] = {}
    for row in rows:
        kept.setdefault(row.link, row)
    return list(kept.values())


def _confidence(best: Judged, prose: int) -> float:
    """Return how sure it is that a block is a list and its page a list page.

    It counts for less where there is prose to read outside of it, which belongs to an article.
    """
    listed = sum(len(row.title) for row in best.rows) + _ALLOWED
    enough = min(1.0, math.sqrt(len(best.rows) / _ENOUGH))
    return min(1.0, best.quality * enough * listed / (listed + prose))


def _is_prose(text: str) -> bool:
    return len(text) >= _SENTENCE or (len(text) >= _SHORT_SENTENCE and bool(_STOP.search(text)))


def _prose(page: Page, best: Judged | None) -> int:
    """Return the characters of sentences outside of a block and of links."""
    apart = {number for row in best.rows for number in range(row.span.start, row.span.stop)} if best else set()
    for link in page.links:
        apart.update(range(page.nodes[link].start, page.nodes[link].stop))
    return sum(
        len(piece.text) for number, piece in enumerate(page.pieces) if number not in apart and _is_prose(piece.text)
    )
