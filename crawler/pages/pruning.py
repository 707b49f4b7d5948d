"""Takes out of a tree what surrounds articles: navigation, side bars, share bars, boxes, hidden parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.pages.blocks import SILENT
from crawler.pages.dom import elements, name_of, remove, text_of

if TYPE_CHECKING:
    from lxml import html

_TAGS = frozenset(["nav", "aside", "footer", "form", "dialog", "menu"])
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
_KEPT = frozenset(["html", "body", "main", "article", "h1"])
_BOXES = frozenset(["div", "section", "ul", "ol", "dl", "li", "p", "table", "header", "center"])
"""What names are believed on. A `<span class="comment">` is a word in a sentence, or in a program listing."""


def prune(root: html.HtmlElement) -> None:
    """Remove in place what is not part of an article."""
    for element in list(elements(root)):
        if element.tag in SILENT and element.tag != "head":
            remove(element)
    total = len(text_of(root)) or 1
    for element in [element for element in elements(root) if _is_surrounding(element)]:
        if len(text_of(element)) < _KEPT_SHARE * total:
            remove(element)


def _is_surrounding(element: html.HtmlElement) -> bool:
    if element.tag in _KEPT:
        return False
    if element.tag in _TAGS or (element.get("role") or "") in _ROLES or element.get("aria-hidden") == "true":
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    return element.tag in _BOXES and bool(_NAMED.search(name_of(element)))
