"""The article that a page carries as data for its own script: application state, JSON blocks, `_CONFIG.DETAIL`.

Read only when the page itself shows next to nothing; it looks for a long text under a name that stands for one, and
takes title, time and author from the same object. Scripts are read, never run.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.pages.blocks import paragraphs
from crawler.pages.dom import one_line, parse_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml import html

_TEXTS = frozenset({
    "articlebody", "article_body", "articlecontent", "article_content", "body", "bodyhtml", "content", "contenthtml",
    "content_html", "contents", "contenttext", "detail", "fulltext", "html", "maintext", "newscontent", "richtext",
    "text", "txt", "zw",
})  # fmt: skip
_TITLES = ("title", "headline", "articletitle", "article_title", "newstitle", "name", "subject")
_TIMES = (
    "datepublished", "publishedat", "published_at", "publishtime", "publish_time", "publishdate", "publish_date",
    "pubdate", "pub_date", "pubtime", "published", "firstpublished", "first_publish_time", "display_publish_time",
    "releasetime", "releasedate", "createdat", "created_at", "createtime", "create_time", "ctime", "date", "time",
)  # fmt: skip
_AUTHORS = ("author", "authorname", "author_name", "byline", "source", "sourcename", "publisher")
_NUMBERS = ("document_number", "documentnumber", "docno", "wh", "fwzh", "filenum", "identifier_number")
_LEAST = 100
"""Characters from which a text is an article's: data for scripts is full of short descriptions."""
_MOST_SCRIPTS = 60
_MOST_CHARACTERS = 2_000_000
_MOST_VALUES = 20_000
"""Values that are looked at in one script's data; application state of a whole site has some thousands."""
_MOST_STARTS = 40
_ASSIGNED = re.compile(r"(?:=|\(|^)\s*(?=[{\[])")
_PROPERTY = re.compile(
    r"(?<![\w$])[\"']?(?P<name>[A-Za-z_]\w{0,30})[\"']?\s{0,4}:\s{0,4}(?P<value>\"(?:[^\"\\]|\\.)*+\")"
)
_NOT_WORD = re.compile(r"[\W_]+")
_MARKUP = re.compile(r"<(?:p|div|br|span|section|table)\b", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)


def embedded_article(root: html.HtmlElement, *, titles: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the article in a page's scripts by the names of schema.org, its text with markup undone; None without one.

    Of several, one that has one of the page's titles, and of those the one with the longest text.

    Args:
        root: The page as it came.
        titles: What the page or its list calls the article, sites' names and all.
    """
    known = [folded for title in titles if (folded := _fold(title))]
    scripts = [tag for tag in root.iter("script") if tag.text and "ld+json" not in (tag.get("type") or "")]
    texts = [script.text[:_MOST_CHARACTERS] for script in scripts[:_MOST_SCRIPTS]]
    found = [article for text in texts for data in _data(text) for article in _articles(data)]
    found = found or [article for text in texts for article in _written_out(text)]
    return max(found, key=lambda article: _rank(article, known), default=None)


def _rank(article: Mapping[str, Any], known: Sequence[str]) -> tuple[bool, int]:
    title = _fold(article["headline"])
    return any(title in other for other in known), len(article["articleBody"])


def _data(text: str) -> Iterator[object]:
    """Yield the JSON values in a script, whole or assigned."""
    decoder = json.JSONDecoder(strict=False)
    end, tries = 0, 0
    for match in _ASSIGNED.finditer(text):
        if match.end() < end:
            continue
        tries += 1
        if tries > _MOST_STARTS:
            return
        try:
            value, end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        yield value


def _written_out(text: str) -> Iterator[dict[str, Any]]:
    """Yield what may be an article in an object that is JavaScript but no JSON, from its properties alone."""
    named = {match["name"].lower(): _unquoted(match["value"]) for match in _PROPERTY.finditer(text)}
    if found := _article(named):
        yield found


def _unquoted(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


def _articles(data: object) -> Iterator[dict[str, Any]]:
    """Yield what may be articles in a value, without recursion."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_VALUES:
        seen += 1
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if found := _article(value):
                yield found
        elif isinstance(value, str) and value[:1] in ("{", "[") and len(value) > _LEAST:
            waiting.extend(_inner(value))


def _inner(text: str) -> Sequence[object]:
    """Return the JSON value that a string holds (state is often encoded twice); nothing when it is none."""
    try:
        return (json.loads(text, strict=False),)
    except (ValueError, RecursionError):
        return ()


def _article(value: Mapping[str, Any]) -> dict[str, Any] | None:
    named = {str(name).lower(): part for name, part in value.items()}
    texts = [part for name, part in named.items() if name in _TEXTS and isinstance(part, str) and len(part) >= _LEAST]
    title = _first(named, _TITLES)
    if not texts or not title:
        return None
    body = "\n".join(_lines(max(texts, key=len)))
    if len(body) < _LEAST:
        return None
    found = {"articleBody": body, "headline": title, "datePublished": _first(named, _TIMES)}
    return found | {"author": _first(named, _AUTHORS), "number": _first(named, _NUMBERS)}


def _lines(text: str) -> list[str]:
    """Return the lines of a text that may be HTML, also with its brackets escaped."""
    if not _TAG.search(text) and "&lt;" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    if _MARKUP.search(text):
        tree = parse_page(f"<div>{text}</div>")
        return [] if tree is None else paragraphs(tree)
    return [line for raw in text.split("\n") if (line := one_line(raw))]


def _first(named: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = named.get(name)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, (str, int)) and not isinstance(value, bool) and (text := one_line(str(value))):
            return text
    return ""


def _fold(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
