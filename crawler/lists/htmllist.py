"""Rows of HTML list pages, found by the selectors of the source, else by a row finder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import ListParseError
from crawler.decode import decode
from crawler.fields import absolute_link
from crawler.lists import sniff
from crawler.lists.fallback import HtmlList, is_whole, settle
from crawler.lists.row import Row
from crawler.lists.selectors import Selector, compile_selector
from crawler.pages.dom import parse_page, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from core.source import RowSelectors
    from crawler.lists.row import RowFinder

_CUT = re.compile(r"(?:…|\.{3}|⋯)\s*$")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_LONGEST_REST = 60
"""Characters beside a row's title in which a date is looked for; more is a summary, whose dates are not the row's."""


def read_html_list(
    body: bytes,
    selectors: RowSelectors | None,
    *,
    content_type: str,
    override: str,
    url: str,
    row_finder: RowFinder | None = None,
) -> list[Row]:
    """Read the rows of a list page as `read_page_list` does, without its reasons."""
    return list(
        read_page_list(
            body, selectors, content_type=content_type, override=override, url=url, row_finder=row_finder
        ).rows
    )


def read_page_list(
    body: bytes,
    selectors: RowSelectors | None,
    *,
    content_type: str,
    override: str,
    url: str,
    row_finder: RowFinder | None = None,
) -> HtmlList:
    """Read the rows of a list page, in page order, with absolute links; one row an address.

    Rows without a title or without an http(s) link come back too, for the caller to count. Records of TRS pages that
    stand in CDATA sections are read as the HTML that they are. A page without any visible text has no rows.
    Without selectors, and where they fail, the row finder gives the rows; the second is said in `degraded`.

    Raises:
        DecodeError: The bytes are no text.
        ListParseError: There is text on the page, and no row; or a selector is none.
    """
    text = _CDATA.sub("", decode(body, content_type=content_type, override=override, kind="html").text)
    root = parse_page(text)
    if root is None or not text_of(root):
        return HtmlList(rows=(), degraded="")
    selected = _select(root, selectors, _base(root, url)) if selectors else []

    def find() -> Sequence[Row]:
        return row_finder.find(text, url) if row_finder else ()

    found = settle(selected, selectors, find)
    if not any(is_whole(row) for row in found.rows):
        raise ListParseError(_complaint(text, selected, selectors), url=url)
    return HtmlList(rows=_first_of_each_link(found.rows), degraded=found.degraded)


def _first_of_each_link(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows without those that lead where an earlier one leads."""
    links: set[str] = set()
    kept: list[Row] = []
    for row in rows:
        if not row.link or row.link not in links:
            kept.append(row)
        links.add(row.link)
    return tuple(kept)


def _base(root: HtmlElement, url: str) -> str:
    """Return the address that the page's links are relative to."""
    hint = root.find(".//base[@href]")
    return (absolute_link(str(hint.get("href")), url) if hint is not None else "") or url


def _select(root: HtmlElement, selectors: RowSelectors, base: str) -> list[Row]:
    title, link = compile_selector(selectors.title), compile_selector(selectors.link)
    date = compile_selector(selectors.date) if selectors.date else None
    summary = compile_selector(selectors.summary) if selectors.summary else None
    return [
        Row(
            title=_title(row, title, link),
            link=absolute_link(link.words(row), base),
            date=date.words(row) if date else _rest(row, title),
            summary=summary.words(row) if summary else "",
        )
        for row in compile_selector(selectors.row).elements(root)
    ]


def _title(row: HtmlElement, title: Selector, link: Selector) -> str:
    """Return the row's title; the `title` attribute of it or its link when the text is cut or empty."""
    words = title.words(row)
    if words and not _CUT.search(words):
        return words
    holders = [element for element in (title.first(row), link.first(row)) if element is not None]
    whole = [str(holder.get("title") or "").strip() for holder in holders]
    return max([words, *whole], key=len)


def _rest(row: HtmlElement, title: Selector) -> str:
    """Return the text of a row beside its title when it is short: there a date stands, if any."""
    words, whole = title.words(row), text_of(row)
    rest = whole.replace(words, " ", 1).strip() if words else whole
    return rest if len(rest) <= _LONGEST_REST else ""


def _complaint(text: str, rows: Sequence[Row], selectors: RowSelectors | None) -> str:
    what = sniff.describe(text)
    if rows:
        return f"selectors found no row with both a title and a link: {len(rows)} matched on {what}"
    return f"selectors found no row on {what}" if selectors else f"no selectors, and no list was found on {what}"
