"""The further pages of an article that is cut into several: `下一页`, `createPageHTML(3, 0, …)`, `_2.html`, `?page=2`.

Only addresses that are the page's own with a number put into them count, so that a link to the next article is never
taken for the next page.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.pages.dom import select, text_of

if TYPE_CHECKING:
    from lxml import html

MAX_PAGES = 12
"""Pages of one article that are joined; the longest serial reports of portals have ten."""
_CREATE = re.compile(
    r"createPage(?:HTML|Article|Nav)?\s{0,3}\(\s{0,3}[\"']?(?P<total>\d{1,3})[\"']?\s{0,3},\s{0,3}[\"']?\d{1,3}[\"']?\s{0,3},"
    r"\s{0,3}[\"'](?P<name>[^\"']{1,120})[\"']\s{0,3},\s{0,3}[\"'](?P<ext>\w{1,6})[\"']"
)
"""TRS's pager: number of pages, current page from 0, name of the first page's file without and with its ending."""
_PATH = re.compile(r"^(?P<stem>.*?)(?P<end>(?:\.[A-Za-z]{2,6})?)$", re.DOTALL)
_FIRST = re.compile(r"[_-][01]$|/1$")
_QUERY_NAMES = frozenset({"page", "p", "pn", "pageno", "page_no", "pageindex", "paged", "pagenum", "currentpage"})
_NEXT = re.compile(r"^\W*(?:下一?页|下一?頁|后页|next(?: page)?|older|>|»|第?\s?\d{1,2}\s?[页頁]?)\W*$", re.IGNORECASE)
_SIDEWAYS = re.compile(r"上一篇|下一篇|下一条|下篇|previous|next (?:post|article|story)", re.IGNORECASE)
_MOST_LINKS = 3_000


def further_pages(root: html.HtmlElement, *, url: str) -> tuple[str, ...]:
    """Return the addresses of an article's further pages by their number, without its own; none for most articles.

    Args:
        root: The page as it came.
        url: The address of its first page after redirects. Asked again on a later page, with the first page's address,
            it tells what that page knows of the rest.
    """
    numbered = _from_script(root, url)
    base = _base(root, url)
    for link in select(root, "a[href], link[rel='next']")[:_MOST_LINKS]:
        text = text_of(link)
        if link.tag == "a" and (not _NEXT.match(text) or _SIDEWAYS.search(text)):
            continue
        address = _joined(base, link)
        number = page_number(url, address) if address else None
        if number is not None and number > 0:
            numbered.setdefault(number, address)
    return tuple(numbered[number] for number in sorted(numbered))


def _base(root: html.HtmlElement, url: str) -> str:
    """Return what the page's links are relative to: its own base, unless that is no address."""
    for tag in select(root, "base[href]")[:1]:
        with suppress(ValueError):
            return urljoin(url, str(tag.get("href") or ""))
    return url


def page_number(first: str, other: str) -> int | None:
    """Return which page of an article an address is, given that of its first page; None when it is none of its pages.

    A first page that has a number itself is 0 or 1. Both are addresses.
    """
    one, two = urlsplit(first), urlsplit(other)
    if one.netloc != two.netloc or other == first:
        return None
    if one.path == two.path:
        return _query_number(one.query, two.query)
    if one.query != two.query:
        return None
    mine, theirs = _PATH.match(one.path), _PATH.match(two.path)
    if mine is None or theirs is None or mine["end"] != theirs["end"]:
        return None
    stem = _FIRST.sub("", mine["stem"])
    numbered = re.fullmatch(re.escape(stem.rstrip("/")) + r"(?:[_-]|/|/page/|/p)(\d{1,2})/?", theirs["stem"])
    return int(numbered[1]) if numbered and stem.strip("/") else None


def _joined(base: str, link: html.HtmlElement) -> str:
    """Return where a link leads, without its fragment; empty when that is no address."""
    try:
        address = urljoin(base, str(link.get("href") or "").strip()).partition("#")[0]
        urlsplit(address)
    except ValueError:
        return ""
    return address


def _query_number(first: str, other: str) -> int | None:
    one, two = dict(parse_qsl(first)), dict(parse_qsl(other))
    names = {name for name in {*one, *two} if one.get(name) != two.get(name)}
    if len(names) != 1:
        return None
    name = names.pop()
    value = two.get(name, "")
    is_page = name.lower() in _QUERY_NAMES and value.isascii() and value.isdigit() and len(value) <= 2
    return int(value) if is_page else None


def _from_script(root: html.HtmlElement, url: str) -> dict[int, str]:
    """Return the pages that TRS's pager would link, from 1; the first page is 0."""
    own = urlsplit(url).path.rsplit("/", 1)[-1]
    for script in root.iter("script"):
        found = _CREATE.search(script.text or "")
        if found and own == f"{found['name']}.{found['ext']}" and found["name"].lower() not in ("index", "list"):
            total = min(int(found["total"]), MAX_PAGES + 1)
            return {number: urljoin(url, f"{found['name']}_{number}.{found['ext']}") for number in range(1, total)}
    return {}
