"""CSS selectors of list rows, with the two endings that say what is taken: `::attr(name)` and `::text`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from core.errors import ListParseError
from crawler.pages.dom import text_of

_ENDING = re.compile(r"::(?:attr\(\s*(?P<name>[\w:-]+)\s*\)|(?P<text>text))\s*$")


@dataclass(frozen=True, slots=True)
class Selector:
    """A compiled selector; one that is empty before its ending means the element itself."""

    css: CSSSelector | None
    attribute: str = ""

    def elements(self, root: HtmlElement) -> list[HtmlElement]:
        """Return the matching elements, the given one and those inside it, in page order."""
        if self.css is None:
            return [root]
        found = self.css(root)
        return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []

    def first(self, row: HtmlElement) -> HtmlElement | None:
        """Return the first element of a row that matches, which may be the row itself."""
        return next(iter(self.elements(row)), None)

    def words(self, row: HtmlElement) -> str:
        """Return the attribute or the text of the first match, on one line; empty when nothing matches."""
        element = self.first(row)
        if element is None:
            return ""
        return str(element.get(self.attribute) or "").strip() if self.attribute else text_of(element)


@lru_cache(maxsize=512)
def compile_selector(selector: str) -> Selector:
    """Compile a selector.

    Raises:
        ListParseError: It is no CSS selector.
    """
    ending = _ENDING.search(selector)
    css = (selector[: ending.start()] if ending else selector).strip()
    try:
        compiled = CSSSelector(css, translator="html") if css else None
    except (SelectorError, etree.XPathError) as error:
        raise ListParseError(f"{selector} is no CSS selector: {error}") from error
    return Selector(css=compiled, attribute=(ending["name"] or "") if ending else "")
