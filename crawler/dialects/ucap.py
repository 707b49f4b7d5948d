"""UCAP: list pages (`list.shtml`) with rows of their own, and a search interface that gives the same as JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.errors import ListParseError
from crawler.answers import Expected
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import last_date, read_column
from crawler.dialects.scripts import count_in, meta_content
from crawler.lists import sniff
from crawler.lists.jsonpath import PathError, find_all, find_words
from crawler.lists.jsontext import parse_json
from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source

_SEARCH = "/searchList/"
_ES_SEARCH = "/es-search/search/"
_FIXED = {
    _SEARCH: {"_isAgg": "true", "_isJson": "true", "_template": "index", "_rangeTimeGte": "", "_channelName": ""},
    _ES_SEARCH: {"_template": "index", "SORTED_TIME": "DESC"},
}
_PAGE_SIZE = "18"
_TEMPLATE = re.compile(r"_template=([\w/.-]{1,60})")
_ROWS = "data.results | results | data.data.results"
_LEAST = 3
"""Rows with a date from which the page's own rows are taken for its list."""


class Ucap:
    """Implements `crawler.dialects.ask.Dialect`.

    Params: `channelid`, `interface` (`searchList` or `es-search`), `template`, `pageSize`; with the first of them the
    column page is not asked for.
    """

    def first(self, source: Source) -> Ask:
        """Ask the interface when the channel's id is known, else for the page."""
        if _is_interface(source.url):
            return Ask(url=source.url, expected=Expected.JSON, known={"url": source.url})
        if source.params.get("channelid"):
            return _search(source.url, source.params, number=1)
        return Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the interface's answer, or the rows of the page, or find the channel's id on a page without rows."""
        text = page.text(source)
        if not text.lstrip().startswith("<"):
            return _read_results(ask, page.url, text)
        rows, degraded = read_column(source, text, url=page.url)
        known = _known(text, source.params)
        if source.rows or _is_list(rows):
            size = {**known, "pageSize": str(len(rows)), "seen": str(len(rows))}
            following = _search(page.url, size, number=2) if rows and known.get("channelid") else None
            return Reading(rows=tuple(rows), degraded=degraded, following=following)
        if not known.get("channelid"):
            raise ListParseError(f"neither rows nor a channel id on {sniff.describe(text)}", url=page.url)
        return Reading(needs=(_search(page.url, known, number=1),))

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a page by its channel id, and an answer of the interface by its address."""
        if _is_interface(url) and '"results"' in text:
            return {"channelid": urlsplit(url).path.rpartition("/")[2]}
        known = _known(text, {}) if "channelid" in text[:20_000].lower() else {}
        return known if known.get("channelid") and ("ucap" in text.lower() or ".shtml" in url) else None


def _is_interface(url: str) -> bool:
    return _SEARCH in url or _ES_SEARCH in url


def _is_list(rows: list[Row]) -> bool:
    return sum(bool(last_date(row.date)) for row in rows) >= _LEAST


def _known(text: str, params: Mapping[str, str]) -> dict[str, str]:
    channel = meta_content(text, "channelid")
    template = _TEMPLATE.search(text)
    interface = "es-search" if "es-search" in text else "searchList"
    found = {"channelid": channel, "interface": interface, "template": template[1] if template else ""}
    return {name: value for name, value in {**found, **params}.items() if value}


def _search(url: str, known: Mapping[str, str], *, number: int) -> Ask:
    prefix = _ES_SEARCH if known.get("interface") == "es-search" else _SEARCH
    fields = {**_FIXED[prefix], "_pageSize": known.get("pageSize") or _PAGE_SIZE, "page": str(number)}
    if known.get("template"):
        fields["_template"] = known["template"]
    place = urlsplit(url)
    address = f"{place.scheme}://{place.netloc}{prefix}{known['channelid']}?{urlencode(fields)}"
    seen = known.get("seen", "0")
    return Ask(url=address, expected=Expected.JSON, referer=url, number=number, known={"url": address, "seen": seen})


def _read_results(ask: Ask, url: str, text: str) -> Reading:
    document = parse_json(text, url=url)
    try:
        found = find_all(document, _ROWS)[0]
    except PathError as error:
        said = sniff.error_message(document)
        problem = f"no results: {error}" + (f"; it says “{said}”" if said else "")
        raise ListParseError(problem, url=url) from error
    if not isinstance(found, list):
        raise ListParseError("no results: they are no list", url=url)
    rows = tuple(_row(result) for result in found if isinstance(result, dict))
    total = count_in(find_words(document, "data.total | total | data.totalCount"))
    return Reading(rows=rows, following=_following(ask, rows=len(rows), total=total))


def _following(ask: Ask, *, rows: int, total: int | None) -> Ask | None:
    """Return the next page; sites may give fewer rows than were asked for, so the rows themselves are counted."""
    asked = ask.known.get("url", "")
    seen = int(ask.known.get("seen", "0")) + rows
    if not rows or not asked or (total is not None and seen >= total):
        return None
    place = urlsplit(asked)
    query = urlencode({**dict(parse_qsl(place.query, keep_blank_values=True)), "page": str(ask.number + 1)})
    address = urlunsplit((place.scheme, place.netloc, place.path, query, ""))
    known = {"url": address, "seen": str(seen)}
    return Ask(url=address, expected=Expected.JSON, referer=ask.referer, number=ask.number + 1, known=known)


def _row(result: Mapping[str, object]) -> Row:
    return Row(
        title=find_words(result, "title"),
        link=find_words(result, "url"),
        guid=find_words(result, "manuscriptId"),
        date=find_words(result, "publishedTime | publishedTimeStr"),
        summary=find_words(result, "summary | memo"),
        text=find_words(result, "contentHtml | content"),
        issuer=find_words(result, "publisher"),
    )
