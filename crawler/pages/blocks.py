"""Tree to lines: the text of an element as a reader sees it, with where each line came from. Judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages.dom import one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import html

SILENT = frozenset({
    "audio", "button", "canvas", "embed", "head", "iframe", "input", "math", "noscript", "object", "option", "script",
    "select", "style", "svg", "template", "textarea", "video",
})  # fmt: skip
"""Elements whose content is not read as text."""
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
FILE_NAME = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z)(?=$|[?#&])", re.IGNORECASE)
"""What ends the name of a file that is read or kept rather than browsed."""
BREAKS = frozenset({"br", "center", "div", "h1", "h2", "h3", "hr", "li", "p"})
"""Elements that begin a line, and whose number tells a column of a page from a value."""
_MOST_BREAKS = 4
"""Line breaks in one cell from which it is a column of a page rather than a value."""
_ROW_LIMIT = 300
"""Characters of a table row above which its cells are a page layout rather than data, and keep lines of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visible line of a page."""

    text: str
    """On one line, never empty."""
    linked: int
    """How many of its characters (white space not counted) are inside links."""
    element: html.HtmlElement
    """The innermost block element that it began in."""

    @property
    def link_share(self) -> float:
        """How much of the line is link text, 0 to 1."""
        return min(1.0, self.linked / max(1, len(self.text.replace(" | ", "").replace(" ", ""))))

    @property
    def offers_file(self) -> bool:
        """Whether its block links to a file rather than to a page."""
        return any(FILE_NAME.search(link.get("href") or "") for link in self.element.iter("a"))


class _Writer:
    """Collects pieces of text until a line ends."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._linked = 0

    def write(self, piece: str | None, *, in_link: bool) -> None:
        if piece:
            self._pieces.append(piece)
            if in_link:
                self._linked += len("".join(piece.split()))

    def end_line(self, block: html.HtmlElement) -> None:
        text = one_line("".join(self._pieces))
        if text:
            self.lines.append(Line(text=text, linked=self._linked, element=block))
        self._pieces.clear()
        self._linked = 0


def page_lines(root: html.HtmlElement) -> list[Line]:
    """Return the lines of an element in page order.

    A row of a data table becomes one line with ` | ` between its cells. Walks without recursion.
    """
    writer = _Writer()
    blocks = [root]
    links = 0
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    while stack:
        node, closing = stack.pop()
        block, link = node.tag in _BLOCKS, node.tag == "a"
        if not closing and _opens(node):
            if block:
                writer.end_line(blocks[-1])
                blocks.append(node)
            links += link
            writer.write(node.text, in_link=links > 0)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
            continue
        if closing:
            links -= link
            if block:
                writer.end_line(blocks.pop())
        else:
            _write_closed(node, writer, blocks[-1])
        if node is not root:
            writer.write(node.tail, in_link=links > 0)
    return writer.lines


def paragraphs(root: html.HtmlElement) -> list[str]:
    """Return the texts of an element's lines in page order."""
    return [line.text for line in page_lines(root)]


def texts(lines: Sequence[Line]) -> list[str]:
    """Return the texts of lines."""
    return [line.text for line in lines]


def _opens(node: html.HtmlElement) -> bool:
    """Whether an element's children are walked: not when it is silent, and not when it is written as a whole."""
    if not isinstance(node.tag, str) or node.tag in SILENT:
        return False
    return node.tag != "tr" or not _data_row(node)


def _write_closed(node: html.HtmlElement, writer: _Writer, block: html.HtmlElement) -> None:
    if node.tag == "tr":
        writer.end_line(block)
        linked = sum(len("".join(link.itertext())) for link in node.iter("a"))
        writer.lines.append(Line(text=_data_row(node), linked=linked, element=node))


def _data_row(row: html.HtmlElement) -> str:
    cells = [text_of(cell) for cell in row if cell.tag in ("td", "th")]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or sum(map(len, filled)) > _ROW_LIMIT or row.find(".//table") is not None:
        return ""
    if any(sum(part.tag in BREAKS for part in cell.iter()) >= _MOST_BREAKS for cell in row):
        return ""
    return " | ".join(filled)
