"""Whether the selectors of a list still do their work, and what takes their place where they do not. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.source import RowSelectors
    from crawler.lists.row import Row

_FEW = 3
"""Rows up to which selectors are doubted; a list page shows ten or more, unless its column is young."""
_TIMES = 4
"""How many times more rows detection must find than selectors to be believed over them."""
_LEAST = 3
"""Elements from which a majority of broken ones means something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlList:
    """The rows of a list page."""

    rows: tuple[Row, ...]
    degraded: str
    """Why they are not, or not all, those that the selectors found; empty when they are."""


def settle(selected: Sequence[Row], selectors: RowSelectors | None, find: Callable[[], Sequence[Row]]) -> HtmlList:
    """Choose between what selectors and what detection found.

    Detection is asked only when there are no selectors or their result is doubtful: no row, hardly any, most of them
    broken, all with one title, or none with the date that a selector promises.

    Args:
        selected: What the selectors found, broken rows included.
        selectors: None when the source has none.
        find: Gives the rows by detection.
    """
    rows = tuple(selected)
    if selectors is None:
        return HtmlList(rows=tuple(find()), degraded="")
    fault = _fault(rows)
    if fault or len(rows) <= _FEW:
        found = tuple(find())
        if found and (not any(is_whole(row) for row in rows) or _outdoes(found, rows, is_fault=bool(fault))):
            what = fault or f"the selectors found only {_count(rows)}"
            return HtmlList(rows=found, degraded=f"{what}; {_count(found)} found by detection")
    return _dated(rows, selectors, find)


def is_whole(row: Row) -> bool:
    """Whether a row has both a title and a link."""
    return bool(row.title and row.link)


def _fault(rows: tuple[Row, ...]) -> str:
    whole = [row for row in rows if is_whole(row)]
    if not rows:
        return "the selectors found no row"
    if not whole or (len(rows) >= _LEAST and 2 * len(whole) < len(rows)):
        return f"the selectors found no title or no link in {len(rows) - len(whole)} of {_count(rows)}"
    if len(whole) >= _LEAST and len({row.link for row in whole}) == 1:
        return f"the selectors found one and the same link in {_count(whole)}"
    if len(whole) >= _LEAST and len({row.title for row in whole}) == 1:
        return f"the selectors found one and the same title in {_count(whole)}"
    return ""


def _outdoes(found: Sequence[Row], rows: Sequence[Row], *, is_fault: bool) -> bool:
    """Whether detection is to be believed over selectors that found something.

    A young column has few rows and may stand beside a longer list: it is left alone when its rows are dated and are
    not among those found.
    """
    whole = [row for row in rows if is_whole(row)]
    if is_fault:
        return len(found) > len({row.link for row in whole if row.title}) / 2
    links = {row.link for row in found}
    is_part = any(row.link in links for row in whole)
    return len(found) >= _TIMES * len(whole) and (is_part or not any(row.date for row in whole))


def _dated(rows: tuple[Row, ...], selectors: RowSelectors, find: Callable[[], Sequence[Row]]) -> HtmlList:
    """Fill in dates where the selector that promises them finds none at all."""
    if not selectors.date or any(row.date for row in rows):
        return HtmlList(rows=rows, degraded="")
    dates = {row.link: row.date for row in find() if row.date}
    filled = tuple(replace(row, date=dates.get(row.link, "")) for row in rows)
    known = sum(bool(row.date) for row in filled)
    reason = f"the date selector found nothing; {known} of {_count(rows)} dated by detection" if known else ""
    return HtmlList(rows=filled, degraded=reason)


def _count(rows: Sequence[Row]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"
