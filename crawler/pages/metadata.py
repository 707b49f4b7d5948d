"""What a page says of itself to machines: meta tags, JSON-LD of its article, the title element."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.pages.dom import one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import html

_ARTICLES = ("article", "posting", "newsarticle", "report", "webpage", "creativework", "legislation")
"""Ends of the schema.org types that describe what a page is about, lower case."""
_MAX_SCRIPTS = 20
_MAX_SCRIPT = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """Meta tags and JSON-LD of one page."""

    metas: Mapping[str, tuple[str, ...]]
    """Lower-case name, property or itemprop of a meta tag → its contents in page order, none empty."""
    articles: tuple[Mapping[str, Any], ...]
    """JSON-LD objects of article-like types, articles before mere pages."""
    title: str
    """Text of the title element, site name and all."""

    def first(self, *names: str) -> str:
        """Return the first content of the first of these meta tags that has one; else an empty string."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")

    def linked(self, key: str) -> str:
        """Return a text property of the JSON-LD article; of a person or organisation its name."""
        return next((text for article in self.articles if (text := _as_text(article.get(key)))), "")

    def titles(self) -> tuple[str, ...]:
        """Return everything that the page says it is called, sites' names and all."""
        named = (self.first(name) for name in ("articletitle", "og:title", "twitter:title", "title"))
        return tuple(filter(None, (self.title, *named, self.linked("headline"))))

    def with_article(self, article: Mapping[str, Any]) -> PageMetadata:
        """Return this and one more article, which is believed where the page's own says nothing."""
        return PageMetadata(metas=self.metas, articles=(*self.articles, article), title=self.title)

    def article_body(self) -> list[str]:
        """Return the lines of the text that the JSON-LD article carries; empty when it carries none."""
        bodies = (body for article in self.articles if isinstance(body := article.get("articleBody"), str))
        return [line for raw in next(bodies, "").split("\n") if (line := one_line(raw))]


def read_metadata(root: html.HtmlElement) -> PageMetadata:
    """Collect what a page says of itself; broken JSON-LD is passed over."""
    metas: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        content = one_line(tag.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    title = next((text for tag in root.iter("title") if (text := text_of(tag))), "")
    articles = sorted(_articles(root), key=lambda found: _type_of(found).endswith(("webpage", "creativework")))
    return PageMetadata(
        metas={name: tuple(contents) for name, contents in metas.items()}, articles=tuple(articles), title=title
    )


def _articles(root: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    scripts = [tag for tag in root.iter("script") if "ld+json" in (tag.get("type") or "").lower()]
    for script in scripts[:_MAX_SCRIPTS]:
        for found in _objects(_load((script.text or "")[:_MAX_SCRIPT])):
            if _type_of(found).endswith(_ARTICLES):
                yield found


def _load(text: str) -> object:
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Return the objects at the top of a JSON-LD document, in its graph, and as a page's main entity."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            nested = [*(graph if isinstance(graph, list) else []), item.get("mainEntity")]
            yield from (inner for inner in nested if isinstance(inner, dict))


def _type_of(item: Mapping[str, Any]) -> str:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((name.lower() for name in kinds if isinstance(name, str)), "")


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(text for item in value[:5] if (text := _as_text(item) if not isinstance(item, list) else ""))
    if isinstance(value, dict):
        value = value.get("name")
    return one_line(value) if isinstance(value, str) else ""
