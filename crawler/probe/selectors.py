"""CSS selectors for a list that detection found: derived from its rows, to be proven on the page before use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.source import RowSelectors
from crawler.lists.detect.stamps import stamp_of
from crawler.lists.selectors import compile_selector
from crawler.pages.dom import one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.lists.detect.page import Page
    from crawler.lists.detect.rows import Found

_STABLE = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}\d{0,2}")
"""Names that people give; those of style generators hold numbers and hashes, and change with every release."""
_STATES = frozenset(
    {"on", "cur", "current", "active", "first", "last", "odd", "even", "clearfix", "fl", "fr", "left", "right", "hover"}
)
_LEVELS = 4
"""Elements above a row whose names may stand before it in a selector."""


def proposed_selectors(page: Page, rows: Sequence[Found]) -> Iterator[RowSelectors]:
    """Give selectors that find these rows on this page, the most telling ones first; none where names are missing.

    Each is right about rows, links and titles of the tree; what they make of the page's dates has to be tried.
    """
    elements = [page.nodes[row.span.node].element for row in rows]
    links = [page.nodes[row.link_node].element for row in rows]
    link = _link(elements, links)
    title = _title(elements, rows, link.partition("::")[0])
    if not link or not title:
        return
    date = _date(elements, [page.nodes[row.stamp_node].element if row.stamp_node >= 0 else None for row in rows])
    for row in _rows(elements, page.nodes[0].element):
        yield RowSelectors(row=row, title=title, link=link, date=date)
        if date:
            yield RowSelectors(row=row, title=title, link=link)


def _date(elements: Sequence[HtmlElement], holders: Sequence[HtmlElement | None]) -> str:
    """Return a selector for elements that hold a whole date each; empty when there is none."""
    if all(holder is not None and holder.get("datetime") for holder in holders):
        return f"{_inner(elements, holders) or 'time'}::attr(datetime)"
    whole = all(holder is not None and stamp_of(text_of(holder)) for holder in holders)
    return (_inner(elements, holders) or "") if whole else ""


def _rows(elements: Sequence[HtmlElement], root: HtmlElement) -> Iterator[str]:
    own = _names(elements)
    above = _above(elements)
    direct = _names(list(dict.fromkeys(parent for row in elements if (parent := row.getparent()) is not None)))
    tried = [
        *(name for name in own if "." in name),
        *(f"{name} {one}" for name in above for one in own),
        *(f"{name} > {one}" for name in direct for one in own),
        *own,
    ]
    wanted = set(elements)
    for selector in dict.fromkeys(tried):
        found = compile_selector(selector).elements(root)
        if wanted <= set(found) and len(found) <= 2 * len(wanted) + 2:
            yield selector


def _above(elements: Sequence[HtmlElement]) -> list[str]:
    """Return names that an element above every row has, the nearest first."""
    names: list[str] = []
    level: list[HtmlElement | None] = list(elements)
    for _ in range(_LEVELS):
        level = [element.getparent() if element is not None else None for element in level]
        here = [element for element in level if element is not None]
        if len(here) < len(elements):
            break
        names += [name for name in _names(list(dict.fromkeys(here))) if "." in name or "#" in name]
    return names


def _names(elements: Sequence[HtmlElement]) -> list[str]:
    """Return selectors that fit all of these elements by tag, id or class, the most telling first."""
    tags = {str(element.tag) for element in elements}
    if len(tags) != 1:
        return []
    tag = tags.pop()
    classes = [name for name in _classes(elements[0]) if all(name in _classes(other) for other in elements)]
    ids = {str(element.get("id") or "") for element in elements}
    one_id = ids.pop() if len(ids) == 1 else ""
    found = [f"#{one_id}"] if _STABLE.fullmatch(one_id) else []
    return [*found, *(f"{tag}.{name}" for name in classes), tag]


def _classes(element: HtmlElement) -> list[str]:
    names = str(element.get("class") or "").split()
    return [name for name in names if _STABLE.fullmatch(name) and name.lower() not in _STATES]


def _link(elements: Sequence[HtmlElement], links: Sequence[HtmlElement]) -> str:
    attribute = _attribute(links)
    if not attribute:
        return ""
    inner = _inner(elements, links)
    return "" if inner is None else f"{inner}::attr({attribute})"


def _attribute(links: Iterable[HtmlElement]) -> str:
    """Return the attribute that holds the address of every link; empty for scripts."""
    for name in ("href", "data-href", "data-url", "data-link"):
        values = [str(link.get(name) or "") for link in links]
        if all(value and not value.lower().startswith("javascript:") for value in values):
            return name
    return ""


def _inner(elements: Sequence[HtmlElement], wanted: Sequence[HtmlElement | None]) -> str | None:
    """Return a selector whose first match in each row is the wanted element; empty for the row itself."""
    inside = [element for element in wanted if element is not None]
    if len(inside) < len(elements):
        return None
    if all(element is row for element, row in zip(inside, elements, strict=True)):
        return ""
    parents = [element.getparent() for element in inside]
    above = _names([parent for parent in parents if parent is not None and parent not in elements])
    own = _names(inside)
    tried = [*own[-1:], *own[:-1], *(f"{name} {one}" for name in above for one in reversed(own))]
    tried += _placed(inside)
    for selector in tried:
        compiled = compile_selector(selector)
        if all(compiled.first(row) is element for row, element in zip(elements, inside, strict=True)):
            return selector
    return None


def _placed(elements: Sequence[HtmlElement]) -> Iterator[str]:
    """Give selectors by the place among siblings, from the front and from the back, where all have the same."""
    tags = {str(element.tag) for element in elements}
    if len(tags) == 1:
        tag = tags.pop()
        for name, before in (("nth-child", True), ("nth-last-child", False)):
            places = {1 + sum(1 for _ in element.itersiblings(preceding=before)) for element in elements}
            if len(places) == 1:
                yield f"{tag}:{name}({places.pop()})"


def _title(elements: Sequence[HtmlElement], rows: Sequence[Found], link: str) -> str:
    """Return a selector for the title: the link, its title attribute, or the element that holds just these words."""
    titles = [row.title for row in rows]
    linked = compile_selector(link)
    for ending in ("", "::attr(title)"):
        compiled = compile_selector(f"{link}{ending}")
        if [one_line(compiled.words(row)) for row in elements] == titles:
            return f"{link}{ending}" or "::text"
    holders = [_holder(linked.first(row), title) for row, title in zip(elements, titles, strict=True)]
    other = [_holder(row, title) for row, title in zip(elements, titles, strict=True)]
    return _inner(elements, holders) or _inner(elements, other) or ""


def _holder(element: HtmlElement | None, title: str) -> HtmlElement | None:
    if element is None:
        return None
    return next((inner for inner in element.iter() if isinstance(inner.tag, str) and text_of(inner) == title), None)
