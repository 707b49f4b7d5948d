"""Rows of the HTML that the CMS dialects give: repeated links, each with its date and number beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from core.errors import ListParseError
from crawler.fields import absolute_link
from crawler.lists.detect import DetectedRows
from crawler.lists.htmllist import read_page_list
from crawler.lists.row import Row
from crawler.pages.dom import one_line, parse_page, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from core.source import Source
    from crawler.lists.row import RowFinder

_DATE = re.compile(
    r"(?<![\d-])((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d|-\d)\s?日?"
    r"(?:\s{0,3}T?(\d{1,2}:\d{2}(?::\d{2})?))?"
)
"""A whole day. Index numbers such as 2026-08-00123 and 11440300-2023-06-1 are none."""
_CUT = re.compile(r"(?:…|\.{3}|⋯)\s*$")
_NUMBER = re.compile(r"[〔\[（(﹝]\s?(?:19|20)\d\d\s?[〕\]）)﹞]\s?第?\s?\d{1,5}\s?号|令第|公告(?:19|20)\d\d年第")
_NUMBER_BEHIND = re.compile(r"[（(]([^（）()]{2,24}[〔\[［](?:19|20)\d\d[〕\]］]第?\d{1,5}号)[）)]\s*$")
"""The document's own number in brackets behind its title."""
_WHOLE = frozenset({"ul", "ol", "dl", "table", "tbody", "body", "html", "main"})
"""Elements that hold rows and are none."""
_SHORTEST = 4
"""Characters of a title; shorter links are 首页, 更多, 下一页."""
_MOST_LINKS = 50
"""Links to one article in one row; an element with more of them is a page, not a row."""
_LONGEST_REST = 160
"""Characters beside a title in which number and date are looked for; more is a summary."""


@dataclass(frozen=True, slots=True)
class _Found:
    anchor: HtmlElement
    row: HtmlElement
    read: Row


def read_fragment(source: Source, text: str, *, url: str) -> tuple[list[Row], str]:
    """Read the rows of a piece of HTML that is nothing but a list, by the source's selectors, else by what repeats.

    Args:
        source: Whose list it is.
        text: HTML.
        url: Address that the links are relative to.

    Returns:
        The rows in page order, with absolute links, and why they were found in another way than the source says; that
        is empty when they were not.
    """
    return _read(source, text, url=url, finder=RepeatedLinks())


def read_column(source: Source, text: str, *, url: str, links: re.Pattern[str] | None = None) -> tuple[list[Row], str]:
    """Read the rows of a whole page with navigation and sidebars; arguments and result are those of `read_fragment`.

    Args:
        source: See there.
        text: See there.
        url: See there.
        links: What the addresses of its articles look like, searched in the `href`; None takes all.
    """
    return _read(source, text, url=url, finder=ColumnRows(links))


def _read(source: Source, text: str, *, url: str, finder: RowFinder) -> tuple[list[Row], str]:
    body = text.encode("utf-8", "replace")
    try:
        found = read_page_list(body, source.rows, content_type="", override="utf-8", url=url, row_finder=finder)
    except ListParseError:
        return [], ""
    return [_numbered(row) for row in found.rows if row.title and row.link], found.degraded


@dataclass(frozen=True, slots=True)
class RepeatedLinks:
    """Implements `crawler.lists.RowFinder` for pieces of HTML: the longest list of alike links."""

    links: re.Pattern[str] | None = None

    def find(self, text: str, url: str) -> list[Row]:
        """Return the rows of the longest list."""
        return _longest(_found(text, url, self.links))


@dataclass(frozen=True, slots=True)
class ColumnRows:
    """Implements `crawler.lists.RowFinder` for column pages: general detection, which knows no document numbers."""

    links: re.Pattern[str] | None = None

    def find(self, text: str, url: str) -> list[Row]:
        """Return the rows of the page's main list, with the numbers that are printed beside their titles."""
        found = _found(text, url, self.links)
        numbers = {each.read.link: each.read.number for each in found}
        detected = [row for row in DetectedRows().find(text, url) if not self.links or self.links.search(row.link)]
        return [replace(row, number=numbers.get(row.link, "")) for row in detected] or _longest(found)


def _found(text: str, url: str, links: re.Pattern[str] | None) -> list[_Found]:
    root = parse_page(text)
    return [] if root is None else list(_all(root, url, links))


def _longest(found: Iterable[_Found]) -> list[Row]:
    groups: dict[str, list[_Found]] = defaultdict(list)
    for each in found:
        groups[_shape(each.row)].append(each)
    best = max(groups.values(), key=_weight, default=[])
    return list({each.read.link: each.read for each in reversed(best)}.values())[::-1]


def row_of_record(markup: str, *, url: str) -> Row | None:
    """Return the row that one record of a record set holds; None when it has no link with a title."""
    root = parse_page(f"<div>{markup}</div>")
    anchors = [] if root is None else [anchor for anchor in root.iter("a") if _title(anchor)]
    linked = [anchor for anchor in anchors if absolute_link(str(anchor.get("href") or ""), url)]
    if root is None or not linked:
        return None
    anchor = max(linked, key=lambda found: len(_title(found)))
    return _row(anchor, root, url)


def last_date(text: str) -> str:
    """Return the last whole day in a text as it would be written in one piece; empty when there is none."""
    found = list(_DATE.finditer(text))
    if not found:
        return ""
    year, month, day, clock = found[-1].groups()
    return f"{year}-{month}-{day}" + (f" {clock}" if clock else "")


def _all(root: HtmlElement, url: str, links: re.Pattern[str] | None) -> Iterable[_Found]:
    for anchor in root.iter("a"):
        href = str(anchor.get("href") or "")
        if (links and not links.search(href)) or not absolute_link(href, url) or len(_title(anchor)) < _SHORTEST:
            continue
        row = _row_around(anchor, links)
        yield _Found(anchor, row, _row(anchor, row, url))


def _row_around(anchor: HtmlElement, links: re.Pattern[str] | None) -> HtmlElement:
    """Return the largest element around a link that holds no link to another article."""
    row = anchor
    parent = row.getparent()
    while parent is not None and parent.tag not in _WHOLE and not _holds_another(parent, anchor, links):
        row, parent = parent, parent.getparent()
    return row


def _holds_another(element: HtmlElement, anchor: HtmlElement, links: re.Pattern[str] | None) -> bool:
    own = anchor.get("href")
    anchors = list(islice(element.iter("a"), _MOST_LINKS + 1))
    others = [other for other in anchors if other is not anchor and other.get("href") not in (None, own)]
    return len(anchors) > _MOST_LINKS or any(
        len(_title(other)) >= _SHORTEST and (not links or links.search(str(other.get("href")))) for other in others
    )


def _row(anchor: HtmlElement, row: HtmlElement, url: str) -> Row:
    title = _title(anchor)
    rest = one_line(" ".join(row.itertext()).replace(text_of(anchor), " ", 1))
    if not last_date(rest):
        rest = f"{rest} {_behind(row)}"
    beside = rest if len(rest) <= _LONGEST_REST else ""
    return Row(
        title=title,
        link=absolute_link(str(anchor.get("href") or ""), url),
        date=last_date(rest) or beside,
        number=_number(beside, title),
    )


def _behind(row: HtmlElement) -> str:
    """Return the text of what follows a row up to the next link: dates of definition lists and sibling cells."""
    words: list[str] = [row.tail or ""]
    for following in row.itersiblings():
        if following.tag == "a" or next(following.iter("a"), None) is not None:
            break
        words.append(text_of(following))
    return one_line(" ".join(words))[:_LONGEST_REST]


def _title(anchor: HtmlElement) -> str:
    shown, whole = text_of(anchor), one_line(str(anchor.get("title") or ""))
    if not shown or _CUT.search(shown) or (whole and shown.startswith(whole)):
        return whole or shown
    return shown


def _shape(row: HtmlElement) -> str:
    """Return what rows of one list have in common: the names of a row and of what it stands in."""
    names = [row, *list(row.iterancestors())[:2]]
    return "/".join(re.sub(r"\d+", "", f"{each.tag}.{each.get('class') or ''}") for each in names)


def _weight(found: list[_Found]) -> tuple[int, int]:
    dated = sum(bool(last_date(each.read.date)) for each in found)
    return 2 * dated + len(found), sum(len(each.read.title) for each in found)


def _numbered(row: Row) -> Row:
    return replace(row, number=row.number or _number(row.date, row.title), date=last_date(row.date) or row.date)


def _number(beside: str, title: str) -> str:
    """Return a text that holds the document's number: what stands beside its title, or the end of it."""
    if _NUMBER.search(beside):
        return beside
    behind = _NUMBER_BEHIND.search(title)
    return behind[1] if behind else ""
