"""大汉 jpage: a column page with its first rows, and a data proxy that gives further ones as XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from core.errors import ListParseError
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import read_column
from crawler.dialects.records import has_records, read_records
from crawler.dialects.scripts import assigned, count_in
from crawler.lists import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.source import Source
    from crawler.lists.row import Row

_PROXY = "/module/web/jpage/dataproxy.jsp"
_PROXY_PLACE = re.compile(r"""/module/(?:web/)?jpage/dataproxy\.jsp""", re.IGNORECASE)
_COLUMN = re.compile(r"/col/col(\d+)/")
_IDS = ("columnid", "unitid", "webid")


class Jpage:
    """Implements `crawler.dialects.ask.Dialect`. Params: `unitid`, `webid`, `columnid`, `perpage`."""

    def first(self, source: Source) -> Ask:
        """Ask for the column page: it holds the newest rows itself."""
        return Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the rows of a column page or of an answer of the proxy, and where the next ones are."""
        text = page.text(source)
        base = ask.referer or page.url
        is_set = has_records(text)
        rows, degraded = (read_records(text, url=base), "") if is_set else read_column(source, text, url=base)
        if not rows and not is_set:
            raise ListParseError(f"no rows on {sniff.describe(text)}", url=page.url)
        known = ask.known or _known(text, page.url, source.params)
        return Reading(
            rows=tuple(rows), base=base, degraded=degraded, following=_following(ask, known, base, rows=rows)
        )

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a column page by the proxy that its script names and by ids that are not encrypted."""
        known = _known(text, url, {}) if _PROXY_PLACE.search(text) else {}
        if not set(_IDS) <= known.keys():
            return None
        return {name: known[name] for name in (*_IDS, "perpage") if known.get(name)}


def _known(text: str, url: str, params: Mapping[str, str]) -> dict[str, str]:
    """Return what the proxy wants to be told; ids that are encrypted are left out."""
    column = _COLUMN.search(url)
    found = {"columnid": column[1] if column else ""}
    found |= {name: value for name in (*_IDS, "perpage") if (value := assigned(text, name))}
    place = _PROXY_PLACE.search(text)
    known = {**found, **params, "proxy": place[0] if place else _PROXY}
    return {name: value for name, value in known.items() if name == "proxy" or (value.isascii() and value.isdigit())}


def _following(ask: Ask, known: Mapping[str, str], base: str, *, rows: Sequence[Row]) -> Ask | None:
    """Return the records behind those that were read; None when the proxy cannot be asked or gave none."""
    if not rows or not set(_IDS) <= known.keys():
        return None
    seen = int(known.get("seen", "0")) + len(rows)
    size = count_in(known.get("perpage", "")) or len(rows)
    wanted = {"startrecord": seen + 1, "endrecord": seen + max(size, len(rows)), "perpage": size}
    ids = {name: known[name] for name in _IDS}
    place = urlsplit(base)
    endpoint = urljoin(f"{place.scheme}://{place.netloc}", known.get("proxy", _PROXY))
    return Ask(
        url=f"{endpoint}?{urlencode({**wanted, **ids})}",
        referer=base,
        number=ask.number + 1,
        known={**known, "seen": str(seen)},
    )
