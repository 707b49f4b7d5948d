"""What `inspect` makes of one page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.item import Attachment
from hongtou.inspection import Inspector, Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.item import Article
    from core.source import Source

KEYS = {
    "url", "title", "text", "published", "published_precision", "published_origin", "language", "author", "issuer",
    "source", "document_numbers", "documents", "attachments", "body_origin", "classification",
}  # fmt: skip
"""What docs/cli.md promises of `inspect --json`."""


class OneArticle:
    """Reads the same article from every page, and remembers whose page it was told it was."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.source: Source | None = None

    def extract(self, body: bytes, *, source: Source | None, **_: object) -> Article:
        """Return the article."""
        assert body
        self.source = source
        return self.article


def test_a_page_of_a_known_host_is_read_and_judged_as_its_sources(
    make_article: Callable[..., Article], make_source: Callable[..., Source], classifier: Any
) -> None:
    """The source is found by the address, and its issuer fills in; the JSON object has every promised key."""
    source = make_source(id="lianwen", issuer="链闻编辑部", jurisdiction="cn")
    article = make_article(
        document_numbers=("沪府办发〔2023〕10号",),
        attachments=(Attachment(url="https://x.example/a.pdf", name="附件"),),
    )
    extractor = OneArticle(article)
    inspector = Inspector(extractor=extractor, classifier=classifier, sources=lambda: [source])
    inspection = inspector.inspect(Page(body=b"<html>", url="https://lianwen.example/news/1"))
    assert extractor.source is source
    shown = json.loads(json.dumps(inspection.to_json()))
    assert set(shown) == KEYS
    assert shown["source"] == "lianwen"
    assert shown["published"].endswith("+00:00")
    assert shown["document_numbers"] == ["沪府办发〔2023〕10号"]
    assert shown["attachments"] == [{"url": "https://x.example/a.pdf", "name": "附件"}]
    assert set(shown["classification"]) >= {"relevant", "score", "topics", "jurisdiction", "act", "evidence"}
    assert shown["classification"]["evidence"][0]["zone"] == "title"


def test_a_page_from_nowhere_is_read_without_a_source(make_article: Callable[..., Article], classifier: Any) -> None:
    """A saved file without an address or a date is judged by its words alone."""
    inspector = Inspector(
        extractor=OneArticle(make_article(url="", published=None)), classifier=classifier, sources=list
    )
    shown = inspector.inspect(Page(body=b"<html>", url="")).to_json()
    assert (shown["source"], shown["published"], shown["published_origin"]) == (None, None, None)
    assert shown["classification"]["relevant"]
