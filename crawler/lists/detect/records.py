"""Data records that hold a title and an address, rewritten as the markup of a list."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.fields import plain_line
from crawler.lists.detect.stamps import stamp_of
from crawler.lists.detect.titles import weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    _Worth = Callable[[str, Sequence[str]], float]

_LEAST = 2
_MOST = 2_000
"""Records of one list that are read."""
_DEEPEST = 12
_ADDRESS = re.compile(
    r"(?:https?:)?//\S{4,500}|\.{0,2}/[^\s<>]{1,400}|[\w./-]{1,300}\.(?:s?html?|jsp|aspx?|php|pdf)(?:\?\S{0,200})?"
)
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|ico|mp[34]|css|js)(?:$|\?)", re.IGNORECASE)
_TITLE_KEY = re.compile(r"title|biaoti|headline|subject|^name$|^bt$", re.IGNORECASE)
_LESS_TITLE = re.compile(r"sub|short|seo|en$|summary|content|desc|abstract|intro|author|source|img|pic", re.IGNORECASE)
_LINK_KEY = re.compile(r"url|link|href|path", re.IGNORECASE)
_LESS_LINK = re.compile(r"img|pic|thumb|cover|icon|logo|source|avatar|video|m_?url|wap|share", re.IGNORECASE)
_DATE_KEY = re.compile(r"date|time|pub|release|rq|sj", re.IGNORECASE)
_BEST_DATE = re.compile(r"pub|release|show|display|fbrq|fbsj|docrel", re.IGNORECASE)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def markup_of(data: object, depth: int = 0) -> Iterator[str]:
    """Give a list's markup for every list of alike records in some data, outermost first."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        records = [record for item in data[:_MOST] if (record := _flat(item))]
        if len(records) >= _LEAST and 2 * len(records) >= len(data[:_MOST]):
            yield from _list(records)
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in list(children)[:_MOST]:
        if isinstance(child, (dict, list)):
            yield from markup_of(child, depth + 1)


def _flat(item: object) -> dict[str, str]:
    """Return the plain fields of a record, also of one inside it; a row of bare values is named by position."""
    if isinstance(item, list):
        item = {f"column{number}": value for number, value in enumerate(item[:30])}
    if not isinstance(item, dict):
        return {}
    flat = {str(key): str(value) for key, value in item.items() if isinstance(value, (str, int)) and value}
    for key, value in item.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{name}": str(inner) for name, inner in value.items() if isinstance(inner, str) and inner}
    return flat


def record_fields(items: Sequence[object]) -> tuple[str, str, str] | None:
    """Return which fields of alike records hold title, address and date (empty when none does); None without both."""
    records = [record for item in items[:_MOST] if (record := _flat(item))]
    if len(records) < _LEAST:
        return None
    title, link = _best(records, _title_worth), _best(records, _link_worth)
    return (title, link, _best(records, _date_worth)) if title and link else None


def _list(records: Sequence[Mapping[str, str]]) -> Iterator[str]:
    fields = record_fields(records)
    if fields is None:
        return
    title, link, date = fields
    rows = [
        f'<li><a href="{html.escape(record[link].strip())}">{html.escape(plain_line(record[title]))}</a>'
        f"<span>{html.escape(_date(record.get(date, '')))}</span></li>"
        for record in records
        if record.get(link) and record.get(title)
    ]
    if len(rows) >= _LEAST:
        yield f"<ul>{''.join(rows)}</ul>"


def _best(records: Sequence[Mapping[str, str]], worth: _Worth) -> str:
    """Return the field that serves a purpose best in most records; empty when none does."""
    names = dict.fromkeys(name for record in records[:20] for name in record)
    values = {name: worth(name, [record[name] for record in records if name in record]) for name in names}
    best = max(values, key=lambda name: values[name], default="")
    return best if best and values[best] >= 0.5 * len(records) else ""


def _link_worth(name: str, values: Sequence[str]) -> float:
    good = sum(bool(_ADDRESS.fullmatch(value.strip())) and not _MEDIA.search(value) for value in values)
    distinct = len(set(values)) / len(values)
    factor = 0.4 if _LESS_LINK.search(name) else 1.5 if _LINK_KEY.search(name) else 1.0
    return good * distinct * factor


def _title_worth(name: str, values: Sequence[str]) -> float:
    said = [weight(value) for value in values if not _ADDRESS.fullmatch(value.strip())]
    good = sum(min(1.0, value / 10) for value in said if 3 <= value <= 160)
    distinct = len(set(values)) / len(values)
    factor = 0.5 if _LESS_TITLE.search(name) else 2.0 if _TITLE_KEY.search(name) else 0.8
    return good * distinct * factor


def _date_worth(name: str, values: Sequence[str]) -> float:
    named = bool(_DATE_KEY.search(name))
    good = sum(_is_date(value, named=named) for value in values)
    return good * (1.5 if _BEST_DATE.search(name) else 1.2 if named else 1.0)


def _is_date(value: str, *, named: bool) -> bool:
    stamp = stamp_of(value.strip())
    return bool(stamp and stamp.whole and stamp.key[0]) or (named and bool(_EPOCH.fullmatch(value)))


def _date(value: str) -> str:
    if not _EPOCH.fullmatch(value):
        return value
    return datetime.fromtimestamp(int(value[:10]), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
