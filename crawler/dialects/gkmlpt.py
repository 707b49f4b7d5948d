"""广东 政府信息公开目录平台: one JSON interface for the documents of province, cities and departments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from core.errors import ListParseError
from core.item import DocumentFacts, Validity
from crawler.answers import Expected
from crawler.dialects.ask import Ask, Page, Reading
from crawler.dialects.scripts import assigned, count_in
from crawler.lists import sniff
from crawler.lists.jsonpath import find_words
from crawler.lists.jsontext import parse_json
from crawler.lists.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.source import Source

_INDEX = "/gkmlpt/index"
_API = "/gkmlpt/api/all/"
_ALL = "0"
"""The category that holds all others."""
_TREE = re.compile(r"""['"]?\bTREE['"]?\s{0,4}[:=]\s{0,4}(?=[\[{])""")
_TRUE = ("1", "true", "True", "yes")


class Gkmlpt:
    """Implements `crawler.dialects.ask.Dialect`. Params: `sid`, and `category` as an id or a name, else all of them."""

    def first(self, source: Source) -> Ask:
        """Ask the interface when the site's id is known, else for the index page."""
        place = urlsplit(source.url)
        if _API in place.path:
            category = place.path.rpartition("/")[2]
            known = {"sid": dict(parse_qsl(place.query)).get("sid", ""), "category": category}
            return Ask(url=source.url, expected=Expected.JSON, referer=source.url, known=known)
        category = _wanted(source)
        if source.params.get("sid") and category.isdecimal():
            return _api(source.url, {"sid": source.params["sid"], "category": category}, number=1)
        return Ask(url=source.url.partition("#")[0])

    def read(self, source: Source, ask: Ask, page: Page) -> Reading:
        """Read the interface's answer, or find the site's id and the category on the index page."""
        text = page.text(source)
        if not text.lstrip().startswith("<"):
            return _read_articles(ask, page.url, text)
        sid = source.params.get("sid") or assigned(text, "SID")
        if not sid:
            raise ListParseError(f"no SID in window._CONFIG on {sniff.describe(text)}", url=page.url)
        category = _category(text, _wanted(source), page.url)
        return Reading(needs=(_api(page.url, {"sid": sid, "category": category}, number=1),))

    def recognise(self, url: str, text: str) -> Mapping[str, str] | None:
        """Recognise the index page by its configuration, and the interface by its address."""
        if _API in url and '"articles"' in text:
            category = urlsplit(url).path.rpartition("/")[2]
            return {"sid": dict(parse_qsl(urlsplit(url).query)).get("sid", ""), "category": category}
        if "_CONFIG" not in text or "gkmlpt" not in url + text:
            return None
        sid = assigned(text, "SID")
        return {"sid": sid} if sid else None


def _wanted(source: Source) -> str:
    fragment = urlsplit(source.url).fragment
    return source.params.get("category", "") or (fragment if fragment.isdecimal() else _ALL)


def _category(text: str, wanted: str, url: str) -> str:
    """Return a category's id: the one given, or that of the category with the given name."""
    if wanted.isdecimal():
        return wanted
    for node in _nodes(_tree(text)):
        if wanted in (node.get("name"), node.get("title")):
            return str(node.get("id"))
    raise ListParseError(f"no category {wanted!r} in the TREE of the index page", url=url)


def _tree(text: str) -> object:
    found = _TREE.search(text)
    try:
        return json.JSONDecoder().raw_decode(text, found.end())[0] if found else None
    except (ValueError, RecursionError):
        return None


def _nodes(tree: object) -> Iterator[Mapping[str, object]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, list))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def _api(url: str, known: Mapping[str, str], *, number: int) -> Ask:
    root = url.partition(_INDEX)[0].partition(_API)[0] if "/gkmlpt/" in url else _root(url)
    return Ask(
        url=f"{root}{_API}{known['category']}?page={number}&sid={known['sid']}",
        expected=Expected.JSON,
        referer=f"{root}{_INDEX}",
        number=number,
        known=known,
    )


def _root(url: str) -> str:
    place = urlsplit(url)
    return f"{place.scheme}://{place.netloc}"


def _read_articles(ask: Ask, url: str, text: str) -> Reading:
    document = parse_json(text, url=url)
    articles = document.get("articles") if isinstance(document, dict) else None
    if not isinstance(articles, list):
        said = sniff.error_message(document)
        raise ListParseError("no articles in the answer" + (f"; it says “{said}”" if said else ""), url=url)
    rows = tuple(_row(article) for article in articles if isinstance(article, dict))
    total = count_in(find_words(document, "classify.post_count"))
    seen = int(ask.known.get("seen", "0")) + len(rows)
    more = bool(rows and ask.known.get("sid")) and (total is None or seen < total)
    known = {**ask.known, "seen": str(seen)}
    return Reading(rows=rows, following=_api(url, known, number=ask.number + 1) if more else None)


def _row(article: Mapping[str, object]) -> Row:
    abolished = any(find_words(article, name) in _TRUE or article.get(name) is True for name in _ENDED)
    index_number = find_words(article, "identifier")
    facts = DocumentFacts(index_number=index_number, validity=Validity.ABOLISHED if abolished else None)
    return Row(
        title=find_words(article, "title"),
        link=find_words(article, "url | post_url"),
        guid=find_words(article, "id"),
        date=find_words(article, "display_publish_time | date | created_at"),
        summary=find_words(article, "abstract"),
        issuer=find_words(article, "publisher"),
        number=find_words(article, "document_number"),
        facts=facts if index_number or abolished else None,
    )


_ENDED = ("is_expired", "is_abolished")
