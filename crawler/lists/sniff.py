"""What a document is, by its first element or character, said in words a person can act on."""

from __future__ import annotations

import json
import re

from crawler.fields import plain_line

_LEAD = re.compile(r"(?:\s|<\?[^>]{0,2000}\?>|<!--.{0,20000}?-->)+", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype[^<>\[]{0,2000}(?:\[.{0,20000}?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<([a-z][\w.:-]{0,60})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_FEED_START = re.compile(
    r"<(?:rss\s[^<>]{0,2000}version|rdf:RDF\s|(?:atom:)?feed\s[^<>]{0,2000}w3\.org/2005/Atom)", re.IGNORECASE
)
_FEEDS = frozenset({"rss", "rdf:rdf", "rdf", "feed", "atom:feed", "channel"})
_HTML = frozenset(
    {"html", "head", "body", "div", "meta", "title", "script", "p", "h1", "center", "link", "style", "br"}
)
_BEGINNING = 8_192
_MESSAGE_KEYS = ("message", "msg", "error", "errmsg", "errorMsg", "error_description", "detail")


def root_name(text: str) -> str:
    """Return the lower-case name of the first element of markup, past declaration, comments and DOCTYPE; else empty."""
    position = 0
    for _ in range(2):
        lead = _LEAD.match(text, position)
        position = lead.end() if lead else position
        doctype = _DOCTYPE.match(text, position)
        if not doctype:
            break
        if doctype[0].lower().startswith("<!doctype html>"):
            return "html"
        position = doctype.end()
    root = _ROOT.match(text, position)
    return root[1].lower() if root else ""


def is_feed_root(name: str) -> bool:
    """Whether an element is the root of RSS, RDF or Atom."""
    return name in _FEEDS


def is_html(text: str) -> bool:
    """Whether markup is an HTML page or a piece of one."""
    return root_name(text) in _HTML


def feed_start(text: str) -> int:
    """Return where a feed begins behind stray words, such as a warning that a script printed; -1 when it does not.

    Also inside an HTML page that wraps it: no page holds such an element otherwise.
    """
    found = _FEED_START.search(text, 0, _BEGINNING)
    return found.start() if found else -1


def page_title(text: str) -> str:
    """Return the title of an HTML page, on one line; empty when it has none."""
    found = _TITLE.search(text, 0, 4 * _BEGINNING)
    return plain_line(found[1]) if found else ""


def describe(text: str) -> str:
    """Say what a text is: `an HTML page titled “…”`, `OPML, a list of feeds`, `JSON with an error: …`."""
    bare = text.strip()
    if not bare:
        return "an empty body"
    if bare[0] in "{[":
        return _describe_json(bare)
    name = root_name(bare)
    if name in _HTML:
        title = page_title(bare)
        return f"an HTML page titled “{title}”" if title else "an HTML page"
    known = {"opml": "OPML, a list of feeds", "urlset": "a sitemap", "sitemapindex": "an index of sitemaps"}
    if name:
        return known.get(name, f"XML whose root element is <{name}>")
    return "markup without an element" if bare[0] == "<" else "plain text"


def error_message(document: object) -> str:
    """Return what a JSON answer gives as its error or message; empty when it gives none."""
    if not isinstance(document, dict):
        return ""
    for key in _MESSAGE_KEYS:
        value = document.get(key)
        value = value.get("message") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return plain_line(value)[:200]
    return ""


def _describe_json(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return "broken JSON"
    message = error_message(document)
    return f"JSON that says “{message}”" if message else "JSON of another shape"
