"""A page as a flat sequence of pieces of text, with the elements and links that span them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from crawler.fields import absolute_link
from crawler.pages.dom import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIPPED = frozenset(
    {"script", "style", "head", "select", "textarea", "button", "svg", "iframe", "object", "noscript", "xmp"}
)
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "img", "label", "mark", "small", "span", "strike", "strong"}
    | {"sub", "sup", "tt", "u", "s", "wbr", "ins", "del", "time", "nobr", "center"}
)
_DIGITS = re.compile(r"\d+")
_QUOTED = re.compile(
    r"""['"]\s*((?:https?:)?//[^'"\s]{4,500}|\.{0,2}/?[^'"\s()]{0,400}\.(?:s?html?|jsp|jhtml|aspx?|php|do|pdf|docx?)(?:\?[^'"\s]{0,300})?|\.{0,2}/[^'"\s()]{2,400})\s*['"]""",
    re.IGNORECASE,
)
"""An address inside the script of an `onclick` or a `javascript:` link."""
_DATA_LINKS = ("data-href", "data-url", "data-link", "data-src-url", "lay-href", "_href", "ng-href")


@dataclass(slots=True)
class Piece:
    """One run of text that stands in one element."""

    text: str
    owner: int
    """Index of its element."""
    breaks: bool
    """Whether a line begins with it."""


@dataclass(slots=True)
class Node:
    """One element, with the pieces of text inside it."""

    element: HtmlElement
    index: int
    parent: int
    """Index of its parent; -1 for the root."""
    tag: str
    names: str
    """Its id and classes, lower case, numbers as `0`."""
    start: int
    stop: int = 0
    """Pieces inside it are `start:stop`."""
    last: int = 0
    """Index after its last descendant."""
    link: str = ""
    """Absolute http(s) address that it leads to."""
    inline: bool = False


@dataclass(slots=True)
class Page:
    """A page, flat."""

    url: str
    nodes: list[Node] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    """Indexes of the nodes that lead somewhere, in page order."""

    def links_in(self, node: Node) -> list[int]:
        """Return the links of an element, itself included."""
        return self.links[bisect_left(self.links, node.index) : bisect_left(self.links, node.last)]

    def words(self, start: int, stop: int) -> str:
        """Return the text of some pieces on one line, with a space where a line ends."""
        parts: list[str] = []
        for piece in self.pieces[start:stop]:
            if piece.breaks and parts:
                parts.append(" ")
            parts.append(piece.text)
        return one_line("".join(parts))


def flatten(root: HtmlElement, url: str) -> Page:
    """Flatten a tree; what is never shown, and what is typed or chosen by a reader, is left out."""
    page = Page(url=url)
    base = _base(root, url)
    builder = _Builder(page, base)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            continue
        if event == "end":
            builder.leave(element)
        elif element.tag in _SKIPPED:
            builder.skip(element)
            walk.skip_subtree()
        else:
            builder.enter(element)
    return page


def _base(root: HtmlElement, url: str) -> str:
    hint = root.find(".//base[@href]")
    return (absolute_link(str(hint.get("href")), url) if hint is not None else "") or url


class _Builder:
    def __init__(self, page: Page, base: str) -> None:
        self._page = page
        self._base = base
        self._open: list[Node] = []
        self._skipped: HtmlElement | None = None
        self._breaks = True

    def enter(self, element: HtmlElement) -> None:
        page = self._page
        node = Node(
            element=element,
            index=len(page.nodes),
            parent=self._open[-1].index if self._open else -1,
            tag=str(element.tag),
            names=_DIGITS.sub("0", f"{element.get('id') or ''} {element.get('class') or ''}".lower()).strip()[:200],
            start=len(page.pieces),
            inline=element.tag in _INLINE,
        )
        node.link = link_of(element, self._base)
        page.nodes.append(node)
        self._open.append(node)
        if node.link:
            page.links.append(node.index)
        self._breaks = self._breaks or not node.inline
        self._text(element.text, node)

    def skip(self, element: HtmlElement) -> None:
        self._skipped = element

    def leave(self, element: HtmlElement) -> None:
        if element is self._skipped:
            self._skipped = None
        else:
            node = self._open.pop()
            node.stop, node.last = len(self._page.pieces), len(self._page.nodes)
            self._breaks = self._breaks or not node.inline
        if self._open:
            self._text(element.tail, self._open[-1])

    def _text(self, text: str | None, node: Node) -> None:
        line = one_line(text) if text else ""
        if line:
            self._page.pieces.append(Piece(line, node.index, self._breaks))
            self._breaks = False


def link_of(element: HtmlElement, base: str) -> str:
    """Return the absolute address that an element leads to, by `href`, a data attribute or a script; else empty."""
    href = str(element.get("href") or "").strip() if element.tag in ("a", "area") else ""
    scripted = href.lower().startswith("javascript:")
    if href and not scripted:
        found = absolute_link(href, base)
        if found:
            return found
    for name in _DATA_LINKS:
        value = str(element.get(name) or "").strip()
        if value and value[:1] not in "#{" and (value[:1] in "./" or "://" in value or "." in value):
            return absolute_link(value, base)
    for script in (href if scripted else "", str(element.get("onclick") or "")):
        match = _QUOTED.search(script[:2000]) if script else None
        if match:
            return absolute_link(match[1], base)
    return ""
