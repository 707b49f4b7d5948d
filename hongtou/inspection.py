"""The inspect use case: read one page, extract and judge it, and say why; stores nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.catalogue import source_for_url
from core.classification import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.classification import Classification
    from core.item import Article
    from core.ports import Classifier, Extractor
    from core.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes of a page and where they came from."""

    body: bytes
    url: str
    """Address after redirects; empty for a saved file of unknown origin."""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What Hongtou makes of one page."""

    article: Article
    classification: Classification
    source: Source | None

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `hongtou inspect --json`; see docs/cli.md."""
        article, judged = self.article, self.classification
        return {
            "url": article.url,
            "title": article.title,
            "text": article.text,
            "published": _published_json(article),
            "published_precision": article.published.precision.value if article.published else None,
            "published_origin": article.published.origin.value if article.published else None,
            "language": article.language,
            "author": article.author,
            "issuer": article.issuer,
            "source": self.source.id if self.source else None,
            "document_numbers": list(dict.fromkeys((*article.document_numbers, *judged.document_numbers))),
            "documents": list(judged.documents),
            "attachments": [asdict(attachment) for attachment in article.attachments],
            "body_origin": article.body_origin.value,
            "classification": {
                "relevant": judged.relevant,
                "score": round(judged.score, 4),
                "topics": list(judged.topics),
                "jurisdiction": judged.jurisdiction,
                "act": judged.act,
                "stage": judged.stage.value if judged.stage else None,
                "effective_on": judged.effective_on.isoformat() if judged.effective_on else None,
                "comments_until": judged.comments_until.isoformat() if judged.comments_until else None,
                "gloss": judged.gloss,
                "translation": judged.translation,
                "summary": list(judged.summary),
                "reason": judged.reason,
                "classifier": judged.classifier,
                "evidence": [asdict(evidence) | {"zone": evidence.zone.value} for evidence in judged.evidence],
            },
        }


class Inspector:
    """Extracts and classifies single pages."""

    def __init__(
        self, *, extractor: Extractor, classifier: Classifier, sources: Callable[[], Iterable[Source]]
    ) -> None:
        self._extractor = extractor
        self._classifier = classifier
        self._sources = sources

    def inspect(self, page: Page) -> Inspection:
        """Inspect one page; its source is guessed from its address.

        Raises:
            ParseError: There is no article on the page, or its bytes are no text.
        """
        source = source_for_url(page.url, self._sources())
        article = self._extractor.extract(
            page.body, url=page.url, content_type=page.content_type, source=source, entry=None
        )
        document = Document(
            title=article.title,
            text=article.text,
            url=article.url,
            language=article.language,
            published_at=article.published.at if article.published else None,
            voice=source.voice if source else None,
            issuer=article.issuer or (source.issuer if source else ""),
            jurisdiction=source.jurisdiction if source else "",
            document_numbers=article.document_numbers,
        )
        return Inspection(article=article, classification=self._classifier.classify(document), source=source)


def _published_json(article: Article) -> str | None:
    return article.published.at.isoformat() if article.published else None
