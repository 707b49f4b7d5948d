"""Column pages whose rows stand in a `<recordset>` of CDATA records, and the encrypted groups behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ListParseError
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import read_column
from crawler.dialects.records import has_records, next_group, read_records
from crawler.fields import absolute_link
from crawler.lists import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source


class TrsRecords:
    """Implements `crawler.dialects.ask.Dialect`. It knows no params."""

    def first(self, source: Source) -> Ask:
        """Ask for the column page."""
        return Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the records of a column page or of a further group.

        Groups are often empty or no record set at all; behind the first page that is the end of the list.
        """
        text = page.text(source)
        base = ask.referer or page.url
        if not has_records(text):
            rows, degraded = read_column(source, text, url=base) if source.rows else ([], "")
            if not rows:
                raise ListParseError(f"no record set on {sniff.describe(text)}", url=page.url)
            return Reading(rows=tuple(rows), degraded=degraded)
        rows = read_records(text, url=base)
        group = absolute_link(next_group(text), base) if rows else ""
        following = Ask(url=group, referer=base, number=ask.number + 1) if group else None
        return Reading(rows=tuple(rows), base=base, following=following)

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a page by its record set."""
        return {} if has_records(text) and read_records(text, url=url) else None
