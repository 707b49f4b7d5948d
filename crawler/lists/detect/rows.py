"""Rows of one candidate block: which of its links leads to the article, under which title, with which date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.lists.detect.columns import published
from crawler.lists.detect.stamps import Stamp, boxed, stamp_of
from crawler.lists.detect.titles import (
    clean,
    edge_date,
    inner_title,
    is_more,
    is_title_node,
    lines_of,
    link_title,
    uncut,
    weight,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.lists.detect.page import Node, Page

MOST_LINKS = 40
"""Links in one row; a row with a menu of related papers has up to a dozen."""
_ENOUGH = 20
"""Weight from which a longer link text is no better title."""
_SUMMARY = 90
"""Weight beyond which a link text is a summary."""
_BOX_PIECES = 3


@dataclass(frozen=True, slots=True)
class Span:
    """Where a row stands: its element, and the pieces of text that belong to it."""

    node: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was read."""

    span: Span
    link_node: int
    link: str
    title: str
    stamp: Stamp | None
    stamp_node: int
    """Element that holds the date; -1 when none does."""


@dataclass(slots=True)
class Reader:
    """Reads rows of one page; link titles are remembered, as blocks overlap."""

    page: Page
    titles: dict[int, str]

    def title(self, index: int) -> str:
        """Return the title of a link."""
        if index not in self.titles:
            self.titles[index] = link_title(self.page, self.page.nodes[index])
        return self.titles[index]

    def read(self, spans: Sequence[Span]) -> list[Found]:
        """Read rows that have a title and a link; the others are left out."""
        links = [self.page.links_in(self.page.nodes[span.node]) for span in spans]
        slot = self._best_slot(spans, links)
        found = []
        for span, inside in zip(spans, links, strict=True):
            index = self._link(span, inside, slot)
            title = self._row_title(span, index) if index >= 0 else ""
            if title:
                stamp, holder = self._stamp(span, index)
                found.append(Found(span, index, self.page.nodes[index].link, title, stamp, holder))
        return found

    def _slots(self, span: Span, inside: list[int]) -> list[tuple[tuple[str, int], int]]:
        """Return the links of a row with their places: the tags that lead to them, and their number among equals."""
        counts: dict[str, int] = defaultdict(int)
        places = []
        for index in inside:
            path = self._path(span.node, index)
            places.append(((path, counts[path]), index))
            counts[path] += 1
        return places

    def _path(self, row: int, index: int) -> str:
        tags = []
        while index != row:
            node = self.page.nodes[index]
            tags.append(node.tag)
            index = node.parent
        return "/".join(reversed(tags))

    def _best_slot(self, spans: Sequence[Span], links: list[list[int]]) -> tuple[str, int]:
        """Return the place whose links say most and lead to different pages in most rows."""
        places: dict[tuple[str, int], list[int]] = defaultdict(list)
        for span, inside in zip(spans, links, strict=True):
            for place, index in self._slots(span, inside):
                places[place].append(index)
        if not places:
            return "", 0
        values = {place: self._value(indexes) for place, indexes in places.items()}
        best = max(values, key=lambda place: values[place])
        targets = {self.page.nodes[index].link for index in places[best]}
        for place, indexes in places.items():  # an earlier link to the same pages is the title, the best its summary
            if place == best:
                break
            same = sum(self.page.nodes[index].link in targets for index in indexes)
            if same >= 0.8 * len(places[best]) and values[place] >= 0.3 * values[best]:
                return place
        return best

    def _value(self, indexes: list[int]) -> float:
        distinct = len({self.page.nodes[index].link for index in indexes}) / len(indexes)
        return distinct * sum(self._worth(index) for index in indexes)

    def _worth(self, index: int) -> float:
        title = self.title(index)
        said = weight(title)
        if is_more(title):
            return 0.2
        value = min(said, _ENOUGH) if said <= _SUMMARY else _ENOUGH / 2
        parent = self.page.nodes[self.page.nodes[index].parent] if self.page.nodes[index].parent >= 0 else None
        return value * (1.5 if parent and is_title_node(parent) else 1.0) + 0.1

    def _link(self, span: Span, inside: list[int], slot: tuple[str, int]) -> int:
        for place, index in self._slots(span, inside):
            if place == slot:
                return index
        worth = [(self._worth(index), index) for index in inside]
        most = max((value for value, _ in worth), default=0.0)
        return next((index for value, index in worth if value >= most / 2 and value > 4), -1)

    def _row_title(self, span: Span, index: int) -> str:
        title = self.title(index)
        if title and not is_more(title) and weight(title) >= 2:
            return uncut(self.page, self.page.nodes[span.node], title)
        node = self.page.nodes[span.node]
        lines = ["".join(piece.text for piece in line) for line in lines_of(self.page.pieces[span.start : span.stop])]
        good = [line for line in lines if 4 <= weight(line) <= _SUMMARY and not is_more(line) and not _is_date(line)]
        return clean(inner_title(self.page, node) or (good[0] if good else ""))

    def _stamp(self, span: Span, index: int) -> tuple[Stamp | None, int]:
        """Return a row's date: a `time` element, a piece that is one, date boxes, or one within other words."""
        timed = self._timed(self.page.nodes[span.node])
        if timed[0]:
            return timed
        link = self.page.nodes[index]
        title = self.title(index)
        pieces = [
            (number, stamp_of(self.page.pieces[number].text))
            for number in range(span.start, span.stop)
            if not (link.start <= number < link.stop and self.page.pieces[number].text == title)
        ]
        whole = [(number, stamp) for number, stamp in pieces if stamp and stamp.whole]
        full = [pair for pair in whole if pair[1].key[0] or not pair[1].key[1]]
        boxes = None if full else self._boxes(span)
        if boxes:
            return boxes
        partial = [(number, stamp) for number, stamp in pieces if stamp]
        dates = full or whole or partial
        if not dates:
            edge = edge_date(self.page.words(link.start, link.stop))
            return edge, index if edge else -1
        number, stamp = published(self.page, dates)
        return stamp, self.page.pieces[number].owner

    def _timed(self, node: Node) -> tuple[Stamp | None, int]:
        for inner in self.page.nodes[node.index : node.last]:
            if inner.tag == "time" and inner.element.get("datetime"):
                return stamp_of(str(inner.element.get("datetime"))), inner.index
        return None, -1

    def _boxes(self, span: Span) -> tuple[Stamp, int] | None:
        pieces = self.page.pieces[span.start : span.stop]
        short = [len(piece.text) <= 12 for piece in pieces]
        for count in (_BOX_PIECES, 2):
            for number in range(len(pieces) - count + 1):
                if all(short[number : number + count]):
                    stamp = boxed([piece.text for piece in pieces[number : number + count]])
                    if stamp:
                        return stamp, pieces[number].owner
        return None


def _is_date(line: str) -> bool:
    stamp = stamp_of(line)
    return bool(stamp and stamp.whole)
