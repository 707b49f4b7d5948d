"""Takes out of a tree what surrounds articles: navigation, side bars, share bars, boxes, hidden parts."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.pages.blocks import BREAKS, SILENT
from crawler.pages.dom import elements, name_of, remove, text_of

if TYPE_CHECKING:
    from lxml import html

_TAGS = frozenset(["nav", "figcaption", "aside", "footer", "form", "dialog", "menu"])
_ROLES = frozenset(["navigation", "complementary", "contentinfo", "search", "dialog", "alert", "banner"])
_WORDS = (
    "share[ds]?|sharing|social|bdsharebuttonbox|related|recommend\\w*|side-?bar|newsletters?|subscribe|cookies?|"
    "consent|gdpr|bread-?crumbs?|crumbs?|comments?|comment(?:list|form|box|area)|disqus|advert\\w*|ads?|adsense|adbox|"
    "promo|promos|sponsor(?:s|ed)?|banner|pagination|pager|trending|popular|most-?read|outbrain|taboola|toolbar|"
    "copyright|qr-?code|ewm|erweima|fenxiang|xgwz|xgyd|xglj|xgxw|popup|modal|signup|sign-up|follow-us|read-?more|"
    "site-?map|footer|skip-?link|app-?download|tag-?list|post-?tags|author-?bio"
)
"""Parts of names, between hyphens, that surroundings go by."""
_WHOLE_WORDS = "widget|position|location|dqwz|weizhi"
"""Names that surroundings go by when they stand alone; style systems use them as parts (`position-relative`,
`elementor-widget-text-editor`) on anything."""
_NAMED = re.compile(rf"(?:^|[\s_-])(?:{_WORDS})(?:$|[\s_-])|(?:^|\s)(?:{_WHOLE_WORDS})(?:$|\s)")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_KEPT_SHARE = 0.3
"""An element that holds this share of a page's text is content, whatever its name: pages wrap their whole article in
`<form>`, in `class="share"`, or hide it until a script runs."""
_TABLE_PARTS = frozenset(["td", "tr", "tbody", "table"])
_LAYOUT_TEXT = 300
"""Characters of a cell from which it holds an article rather than a value."""
_LAYOUT_BREAKS = 4
_KEPT = frozenset(["html", "body", "main", "article", "h1"])
_BOXES = frozenset(["div", "section", "ul", "ol", "dl", "li", "p", "table", "header", "center"])
"""What names are believed on. A `<span class="comment">` is a word in a sentence, or in a program listing."""


def prune(root: html.HtmlElement) -> None:
    """Remove in place what is not part of an article."""
    for element in list(elements(root)):
        if element.tag in SILENT and element.tag != "head":
            remove(element)
    _unwrap_layout(root)
    total = len(text_of(root)) or 1
    for element in [element for element in elements(root) if _is_surrounding(element)]:
        if len(text_of(element)) < _KEPT_SHARE * total:
            remove(element)


def _unwrap_layout(root: html.HtmlElement) -> None:
    """Turn tables that lay a page out into boxes: extractors read the article in a cell as one line of data."""
    for cell in list(root.iter("td")):
        if len(text_of(cell)) >= _LAYOUT_TEXT and sum(part.tag in BREAKS for part in cell.iter()) >= _LAYOUT_BREAKS:
            for part in (cell, *islice(cell.iterancestors(), 3)):
                if part.tag in _TABLE_PARTS:
                    part.tag = "div"


def _is_surrounding(element: html.HtmlElement) -> bool:
    if element.tag in _KEPT:
        return False
    if element.tag in _TAGS or (element.get("role") or "") in _ROLES or element.get("aria-hidden") == "true":
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    return element.tag in _BOXES and bool(_NAMED.search(name_of(element)))
