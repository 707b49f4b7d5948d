"""Record sets as 大汉 and TRS column pages and data proxies embed them: `<record><![CDATA[…]]></record>`."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from crawler.dialects.fragments import row_of_record

if TYPE_CHECKING:
    from crawler.lists.row import Row

_SET = re.compile(r"<recordset\b|<datastore\b|<record>", re.IGNORECASE)
_BEGIN, _END = re.compile(r"<record>", re.IGNORECASE), re.compile(r"</record>", re.IGNORECASE)
_CDATA = re.compile(r"^\s*<!\[CDATA\[|\]\]>\s*$")
_NEXT = re.compile(r"<nextgroup>", re.IGNORECASE)
_LONGEST = 20_000
"""Characters of a record, or of the link to a next group, that are read."""
_HREF = re.compile(r"href\s{0,4}=\s{0,4}[\"']([^\"'<>]{1,3000})[\"']", re.IGNORECASE)


def has_records(text: str) -> bool:
    """Whether a text holds a record set, be it an empty one."""
    return _SET.search(text) is not None


def read_records(text: str, *, url: str) -> list[Row]:
    """Return the rows of all records, in order; records may be escaped instead of standing in CDATA sections."""
    rows = [row_of_record(_markup(record), url=url) for record in _records(text)]
    return [row for row in rows if row is not None]


def next_group(text: str) -> str:
    """Return the address of the next group of records as it stands there; empty when there is none."""
    group = _NEXT.search(text)
    link = _HREF.search(html.unescape(text[group.end() : group.end() + _LONGEST].partition("</")[0])) if group else None
    return html.unescape(link[1]) if link else ""


def _records(text: str) -> list[str]:
    found: list[str] = []
    begin = _BEGIN.search(text)
    while begin:
        end = _END.search(text, begin.end())
        if end is None:
            break
        found.append(text[begin.end() : end.start()][:_LONGEST])
        begin = _BEGIN.search(text, end.end())
    return found


def _markup(record: str) -> str:
    bare = _CDATA.sub("", record)
    return bare if "<" in bare else html.unescape(bare)
