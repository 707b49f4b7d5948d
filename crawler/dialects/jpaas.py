"""大汉 jpaas publish server: a column page names a unit by ids, and an interface gives it as HTML inside JSON."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from core.errors import ListParseError
from crawler.answers import Expected
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import read_fragment
from crawler.dialects.scripts import assigned, count_in, pairs
from crawler.fields import absolute_link
from crawler.lists import sniff
from crawler.lists.jsontext import parse_json
from crawler.pages.dom import parse_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source

_ENDPOINT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_IDS = ("webId", "tplSetId", "pageId", "tagId", "pageType", "parseType", "editType")
_DEFAULTS = {"pageType": "column", "parseType": "bulidstatic", "editType": "null"}
"""What all sites send; the misspelling is the product's own, and some sites spell it right."""
_PAGE_SIZE = "15"
_LIST_TAG = re.compile(r"列表|内容|栏目|右侧|list|content", re.IGNORECASE)
_OTHER_TAG = re.compile(r"导航|位置|头部|顶部|底部|左侧|搜索|nav|head|foot|menu", re.IGNORECASE)
_COUNT = re.compile(r"""\bcount\s{0,4}=\s{0,4}["']?(\d{1,7})""", re.IGNORECASE)


class Jpaas:
    """Implements `crawler.dialects.ask.Dialect`. Params: ids as the interface calls them, `pageSize`, `unit_url`."""

    def first(self, source: Source) -> Ask:
        """Ask for the unit when its ids are known, else for the column page."""
        if {"webId", "pageId"} <= source.params.keys():
            return _unit(dict(source.params), referer=source.url, number=1)
        return Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the unit's HTML, or find its ids on the column page."""
        text = page.text(source)
        if not text.lstrip().startswith("<"):
            return _read_unit(source, ask, page, text)
        known = _ids(text, source.params)
        if known is None:
            raise ListParseError(f"no script with the ids of a unit on {sniff.describe(text)}", url=page.url)
        return Reading(needs=(_unit(known, referer=page.url, number=1),))

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a column page by its unit, and an answer of the interface by its address."""
        if _ENDPOINT in url and "<" in text:
            asked = dict(parse_qsl(urlsplit(url).query))
            return {name: asked[name] for name in _IDS if name in asked}
        return _ids(text, {}) if "querydata" in text else None


def _ids(text: str, params: Mapping[str, str]) -> dict[str, str] | None:
    """Return the ids of the unit that holds the list, the source's own before those of the page."""
    root = parse_page(text)
    units = [] if root is None else [unit for unit in root.iter("script") if unit.get("querydata")]
    found = [(pairs(str(unit.get("querydata"))), str(unit.get("url") or "")) for unit in units]
    whole = [(known, url) for known, url in found if known.get("webId") and known.get("pageId")]
    if not whole:
        return None
    known, url = max(whole, key=lambda unit: _likeness(unit[0], params))
    size = known.get("pageSize") or assigned(text, "pageSize") or _PAGE_SIZE
    kept = {name: known[name] for name in _IDS if known.get(name)}
    place = {"unit_url": url} if url and url != _ENDPOINT else {}
    return {**kept, "pageSize": size if count_in(size) else _PAGE_SIZE, **place, **params}


def _likeness(known: Mapping[str, str], params: Mapping[str, str]) -> int:
    """Return how likely a unit holds the column's list, by the label that its editors gave it."""
    tag = known.get("tagId", "")
    if params.get("tagId"):
        return int(tag == params["tagId"])
    return bool(_LIST_TAG.search(tag)) - 2 * bool(_OTHER_TAG.search(tag))


def _unit(known: Mapping[str, str], *, referer: str, number: int) -> Ask:
    size = count_in(known.get("pageSize", "")) or int(_PAGE_SIZE)
    position = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
    fields = {**_DEFAULTS, **{name: known[name] for name in _IDS if known.get(name)}, "paramJson": position}
    endpoint = absolute_link(known.get("unit_url") or _ENDPOINT, referer).partition("?")[0]
    return Ask(
        url=f"{endpoint}?{urlencode(fields)}", expected=Expected.JSON, referer=referer, number=number, known=known
    )


def _read_unit(source: Source, ask: Ask, page: Page, text: str) -> Reading:
    fragment = _fragment(text, page.url)
    base = ask.referer or source.url
    rows, degraded = read_fragment(source, fragment, url=base)
    total = _COUNT.search(fragment)
    if not rows and fragment.strip() and (total is None or int(total[1])):
        raise ListParseError("no row with a title and a link in the HTML of the unit", url=page.url)
    return Reading(rows=tuple(rows), degraded=degraded, following=_following(ask, rows=len(rows), total=total))


def _following(ask: Ask, *, rows: int, total: re.Match[str] | None) -> Ask | None:
    """Return the next page; sites may give fewer rows than were asked for, so the rows themselves are counted."""
    seen = int(ask.known.get("seen", "0")) + rows
    if not rows or not ask.known or (total is not None and seen >= int(total[1])):
        return None
    return _unit({**ask.known, "seen": str(seen)}, referer=ask.referer, number=ask.number + 1)


def _fragment(text: str, url: str) -> str:
    """Return the HTML inside the JSON; escaped HTML is unescaped.

    Raises:
        ListParseError: There is none; the message says what the interface says.
    """
    document = parse_json(text, url=url)
    data = document.get("data") if isinstance(document, dict) else None
    fragment = data.get("html") if isinstance(data, dict) else None
    if not isinstance(fragment, str):
        said = sniff.error_message(document)
        raise ListParseError("no data.html in the answer" + (f"; it says “{said}”" if said else ""), url=url)
    return fragment if "<" in fragment else html.unescape(fragment)
