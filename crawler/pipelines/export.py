"""Makes plain dictionaries of articles for Scrapy's feed exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from core.item import Published
    from crawler.items import FoundArticle


class PlainItems:
    """The last pipeline of a spider that is run by hand: `scrapy crawl feed -a source=ID -o out.json`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainItems:
        """Build it, unless HONGTOU_EXPORT says that nobody exports anything."""
        if not crawler.settings.getbool("HONGTOU_EXPORT"):
            raise NotConfigured
        return cls()

    def process_item(self, item: FoundArticle) -> dict[str, object]:
        """Return an article's fields with JSON types only; times are ISO 8601 in UTC."""
        entry, article = item.entry, item.article
        return {
            "source": entry.source_id,
            "url": article.url or entry.url,
            "guid": entry.guid,
            "title": article.title or entry.title,
            "text": article.text,
            "language": article.language,
            "published": _moment(article.published or entry.published),
            "author": article.author or entry.author,
            "issuer": article.issuer or entry.issuer,
            "document_numbers": list(article.document_numbers or entry.document_numbers),
            "attachments": [{"url": found.url, "name": found.name} for found in article.attachments],
            "body_origin": article.body_origin.value,
            "page_problem": article.page_problem.value if article.page_problem else None,
        }


def _moment(published: Published | None) -> str | None:
    return published.at.isoformat() if published else None
