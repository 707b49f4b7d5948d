"""The outward shape of an HTML answer: how much a reader sees, and what stands there in place of content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages.blocks import SILENT
from crawler.pages.dom import one_line, parse_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

ENOUGH = 400
"""Visible characters from which a page is taken to show content: error and challenge pages show fewer, and the counting
stops there."""
_APP_ROOTS = frozenset({"app", "root", "__next", "__nuxt", "___gatsby", "q-app", "react-root", "main-app", "app-root"})
_GOES_ON = re.compile(
    r"location\s{0,5}(?:\.\s{0,5}(?:href\s{0,5}=|replace|assign|reload)|=)|http-equiv=[\"']?refresh", re.IGNORECASE
)
_TARGET = re.compile(
    r"location[^\"'<>]{0,40}[\"']([^\"'<>\s]{1,200})[\"']|\burl=[\"']?([^\"'<>\s;]{1,200})", re.IGNORECASE
)
_LOGIN = re.compile(r"登录|登陆|登入|\blog[ -]?in\b|\bsign[ -]?in\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShape:
    """What a page looks like from outside."""

    title: str
    words: str
    """Beginning of the visible text, on one line."""
    visible: int
    """Visible characters, white space not counted, up to `ENOUGH`."""
    scripts: bool
    app_root: bool
    """Whether it has the empty element into which a script would draw the page."""
    asks_login: bool
    """Whether its title or its form asks for a login."""
    sets_cookie: bool
    """Whether a script in it sets a cookie."""
    target: str
    """Where a script or meta element of it would lead on, as it stands there, or `itself`; empty when it does not."""

    @property
    def shows_content(self) -> bool:
        """Whether a reader finds enough on it to be content."""
        return self.visible >= ENOUGH


def page_shape(text: str) -> PageShape:
    """Look at the text of an HTML answer, which may be any text."""
    root = parse_page(text)
    if root is None:
        return PageShape(
            title="", words="", visible=0, scripts=False, app_root=False, asks_login=False, sets_cookie=False, target=""
        )
    title = one_line(str(root.findtext(".//title") or ""))
    words = _words(root)
    return PageShape(
        title=title,
        words=words,
        visible=min(len(words) - words.count(" "), ENOUGH),
        scripts=root.find(".//script") is not None,
        app_root=any(element.get("id") in _APP_ROOTS for element in root.iter("div", "section", "main", "app-root")),
        asks_login=bool(_LOGIN.search(title)) or root.find(".//input[@type='password']") is not None,
        sets_cookie="document.cookie" in text or "document['cookie']" in text,
        target=_target(text),
    )


def _words(root: HtmlElement) -> str:
    """Return the visible text until there is enough of it."""
    words: list[str] = []
    count = 0
    for text in _texts(root):
        found = text.split()
        words += found
        count += sum(map(len, found))
        if count >= ENOUGH:
            break
    return " ".join(words)


def _texts(root: HtmlElement) -> Iterator[str]:
    """Yield the pieces of visible text in the order of the page."""
    stack: list[HtmlElement | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        if node.tail:
            stack.append(node.tail)
        if isinstance(node.tag, str) and node.tag not in SILENT:
            stack.extend(reversed(node))
            yield node.text or ""


def _target(text: str) -> str:
    leads_on = _GOES_ON.search(text)
    if not leads_on:
        return ""
    if leads_on[0].endswith("reload"):
        return "itself"
    found = _TARGET.search(text)
    return (found[1] or found[2]) if found else "another address"
