"""Columns of www.gov.cn: the whole list is one static JSON file, which a script of the column page loads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from core.errors import ListParseError
from core.source import JsonPaths
from crawler.addresses import host_of
from crawler.answers import Expected
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import ColumnRows
from crawler.dialects.scripts import scripts
from crawler.fields import absolute_link
from crawler.lists import sniff
from crawler.lists.jsonlist import read_json_list
from crawler.lists.jsontext import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source

_PATHS = JsonPaths(rows="$[*]", title="TITLE", link="URL", date="DOCRELPUBTIME", summary="SUB_TITLE")
_LOADED = re.compile(
    r"""(?:\burl['"]?\s{0,4}[:=]\s{0,4}|(?:getJSON|ajax|fetch|get|open)\s{0,4}\((?:\s{0,4}['"]GET['"]\s{0,4},)?\s{0,4})"""
    r"""['"`]([^'"`\s<>]{1,300}\.json)(?:\?[^'"`<>]{0,200})?['"`]""",
    re.IGNORECASE,
)
_LINKS = re.compile(r"content_\d+")


class GovCn:
    """Implements `crawler.dialects.ask.Dialect`. Its one param is `json`, the address of the file."""

    def first(self, source: Source) -> Ask:
        """Return the file where it is known, else the column page."""
        given = source.params.get("json", "")
        if given:
            return _file(urljoin(source.url, given), referer=source.url)
        return _file(source.url) if _is_file(source.url) else Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the file, or find its address on the column page; a page that still has rows of its own is read too."""
        del ask
        text = page.text(source)
        if not text.lstrip().startswith("<"):
            _check_list(text, page.url)
            rows = read_json_list(
                page.body, _PATHS, content_type=page.content_type, override=source.encoding, url=page.url
            )
            return Reading(rows=tuple(rows))
        found = _address(text, page.url)
        if found:
            return Reading(needs=(_file(found, referer=page.url),))
        rows = ColumnRows(_LINKS).find(text, page.url)
        if not rows:
            raise ListParseError(f"no script loads a JSON file on {sniff.describe(text)}", url=page.url)
        return Reading(rows=tuple(rows), degraded="no JSON file beside the page, its own rows were read")

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise the file by its keys, and a column page of gov.cn by the script that loads one."""
        head = text[:2000]
        if text.lstrip("\ufeff \r\n\t").startswith("[") and '"DOCRELPUBTIME"' in head and '"URL"' in head:
            return {}
        host = host_of(url)
        found = _address(text, url) if host == "gov.cn" or host.endswith("www.gov.cn") else ""
        return {"json": found} if found else None


def _file(url: str, *, referer: str = "") -> Ask:
    return Ask(url=url, expected=Expected.JSON, referer=referer)


def _check_list(text: str, url: str) -> None:
    document = parse_json(text, url=url)
    if not isinstance(document, list):
        said = sniff.error_message(document)
        raise ListParseError("no list of documents" + (f"; it says “{said}”" if said else ""), url=url)


def _is_file(url: str) -> bool:
    return urlsplit(url).path.endswith(".json")


def _address(text: str, url: str) -> str:
    """Return the address of the file that a script of a page loads; empty when none does."""
    loaded = (_LOADED.search(script) for script in scripts(text))
    return next((absolute_link(found[1], url) for found in loaded if found), "")
