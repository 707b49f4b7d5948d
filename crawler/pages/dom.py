"""Text to tree: a lenient, bounded parse of one page. Knows nothing of articles."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 1_500_000
"""Characters of a page that are parsed; the largest captured page has 0.7 million."""
MAX_DEPTH = 200
"""Levels of nesting that are kept. Real pages stay below 60, and the extraction libraries recurse once a level."""
MAX_ELEMENTS = 20_000
"""Elements that are kept; the largest captured page has 3,200. Bounds the time of the worst page to a few seconds."""

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+|[\u3000\u2002\u2003]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\ue000-\uf8ff]")


def parse_page(text: str) -> html.HtmlElement | None:
    """Return the root of a page's tree, or None when the text holds no element at all.

    Characters that XML forbids are dropped; what lies beyond `MAX_CHARACTERS`, `MAX_DEPTH` or `MAX_ELEMENTS` is cut.
    """
    clean = _NOT_XML.sub(" ", _DECLARATION.sub("", text[:MAX_CHARACTERS]))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None
    _cut_depth(root)
    _cut_size(root)
    return root


def _cut_depth(root: html.HtmlElement) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    for element in level:
        for child in list(element):
            element.remove(child)


def _cut_size(root: html.HtmlElement) -> None:
    beyond = list(islice(root.iter(), MAX_ELEMENTS, None))
    for element in beyond:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def remove(element: html.HtmlElement) -> None:
    """Take an element out of its tree, keeping the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def one_line(text: str) -> str:
    """Return text on one line: runs of white space become one space, invisible characters go."""
    return " ".join(_INVISIBLE.sub("", text).split())


def text_of(element: html.HtmlElement) -> str:
    """Return an element's text on one line."""
    return one_line("".join(element.itertext()))


def name_of(element: html.HtmlElement) -> str:
    """Return an element's id and classes, lower case, separated by spaces."""
    return f"{element.get('id') or ''} {element.get('class') or ''}".lower().strip()


def select(root: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """Return the elements that a CSS selector finds, in page order; none for an empty selector or one that is none."""
    try:
        found = _compiled(selector)(root) if selector.strip() else []
    except (SelectorError, etree.XPathError):
        return []
    return list(found) if isinstance(found, list) else []


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Return all elements of a tree in page order, without comments and processing instructions."""
    return (element for element in root.iter() if isinstance(element.tag, str))
