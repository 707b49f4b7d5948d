"""Record sets as 大汉 and TRS column pages and data proxies embed them: `<record><![CDATA[…]]></record>`."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from crawler.dialects.fragments import row_of_record

if TYPE_CHECKING:
    from crawler.lists.row import Row

_SET = re.compile(r"<recordset\b|<datastore\b|<record>", re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.{1,20000}?)(?:\]\]>)?\s*</record>", re.IGNORECASE | re.DOTALL)
_NEXT = re.compile(r"<nextgroup>(.{1,4000}?)</nextgroup>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"href\s{0,4}=\s{0,4}[\"']([^\"'<>]{1,3000})[\"']", re.IGNORECASE)


def has_records(text: str) -> bool:
    """Whether a text holds a record set, be it an empty one."""
    return _SET.search(text) is not None


def read_records(text: str, *, url: str) -> list[Row]:
    """Return the rows of all records, in order; records may be escaped instead of standing in CDATA sections."""
    rows = [row_of_record(_markup(record[1]), url=url) for record in _RECORD.finditer(text)]
    return [row for row in rows if row is not None]


def next_group(text: str) -> str:
    """Return the address of the next group of records as it stands there; empty when there is none."""
    group = _NEXT.search(text)
    link = _HREF.search(html.unescape(group[1])) if group else None
    return html.unescape(link[1]) if link else ""


def _markup(record: str) -> str:
    return record if "<" in record else html.unescape(record)
