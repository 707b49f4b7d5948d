"""TRS static lists: articles at `/YYYYMM/tYYYYMMDD_ID.html`, pages at `index.html`, `index_1.html` and so on."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from core.errors import ListParseError
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.fragments import last_date, read_column
from crawler.dialects.scripts import assigned, count_in, scripts
from crawler.fields import absolute_link
from crawler.lists import sniff
from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.source import Source

_LINK = re.compile(r"/t20\d{6}_\d+\.s?html?\b", re.IGNORECASE)
_QUOTED_LINK = re.compile(r"""["']([^"'<>\s]{0,300}/t20\d{6}_\d+\.s?html?)["']""", re.IGNORECASE)
_PAGES = re.compile(
    r"""createPage(?:HTML)?\s{0,4}\(\s{0,4}["']?(?P<pages>\d{1,5})["']?\s{0,4}(?:,\s{0,4}["']?\d{1,5}["']?\s{0,4})?"""
    r"""(?:,\s{0,4}["'](?P<name>[\w-]{1,80})["']\s{0,4},\s{0,4}["'](?P<ending>s?html?)["'])?"""
)
_LEAST = 3
"""Links to dated articles from which a page is taken for a list."""


class TrsDated:
    """Implements `crawler.dialects.ask.Dialect`. It knows no params."""

    def first(self, source: Source) -> Ask:
        """Ask for the list page."""
        return Ask(url=source.url)

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read a page of the list: its links to dated articles, or the rows that only its scripts hold."""
        text = page.text(source)
        rows, degraded = read_column(source, text, url=page.url, links=_LINK)
        rows = rows or _rows_of_scripts(text, page.url)
        if not rows:
            raise ListParseError(f"no link to a dated article on {sniff.describe(text)}", url=page.url)
        known = ask.known or _paging(text, page.url)
        return Reading(rows=tuple(rows), degraded=degraded, following=_following(ask, known))

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise a page by its links to dated articles; there are no params."""
        del url
        return {} if len(set(_LINK.findall(text))) >= _LEAST else None


def _paging(text: str, url: str) -> dict[str, str]:
    """Return how many pages there are, and how their addresses are made; empty when the page does not say."""
    script = "\n".join(scripts(text))
    found = _PAGES.search(script)
    pages = found["pages"] if found else assigned(script, "countPage")
    if not count_in(pages):
        return {}
    own = re.search(r"/([\w-]+)\.(s?html?)$", url, re.IGNORECASE)
    name = (found and found["name"]) or (own[1] if own else "index")
    ending = (found and found["ending"]) or (own[2] if own else "html")
    return {"pages": pages, "name": name, "ending": ending, "base": url}


def _following(ask: Ask, known: Mapping[str, str]) -> Ask | None:
    """Return the next page: the second one is `index_1.html`."""
    if not known or ask.number >= int(known["pages"]):
        return None
    address = urljoin(known["base"], f"{known['name']}_{ask.number}.{known['ending']}")
    return Ask(url=address, referer=known["base"], number=ask.number + 1, known=known)


def _rows_of_scripts(text: str, url: str) -> list[Row]:
    """Return the rows of a page that writes each of them by a script of its own, or all of them by one."""
    rows: dict[str, Row] = {}
    for script in scripts(text):
        links = list(_QUOTED_LINK.finditer(script))
        ends = [*(link.start() for link in links[1:]), len(script)]
        for link, end in zip(links, ends, strict=False):  # a script without links has an end, and no row
            start = 0 if len(links) == 1 else link.start()
            row = _row_of_script(script[start:end], link[1], url)
            if row.title and row.link:
                rows.setdefault(row.link, row)
    return list(rows.values())


def _row_of_script(script: str, link: str, url: str) -> Row:
    return Row(
        title=html.unescape(assigned(script, "title") or assigned(script, "DOCTITLE")),
        link=absolute_link(link, url),
        date=last_date(script.replace(link, "")),
        number=assigned(script, "FILENUM"),
    )
