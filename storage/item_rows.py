"""Between `core.item.Item` and its rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.classification import Classification, Evidence, Zone
from core.item import Attachment, Item, ItemId, Published, StoryId
from core.source import SourceId
from storage.fact_values import facts_from, facts_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.tables import Content, ItemRow, ItemSourceRow


_JUDGED = (
    "relevant", "score", "jurisdiction", "act", "topics", "judgement", "classifier", "stage", "effective_on",
    "comments_until", "gloss",
)  # fmt: skip
"""Columns that hold a classification."""


def content_values(item: Item) -> dict[str, Any]:
    """Return the values of the columns that change from revision to revision, by column name."""
    return {
        "url": item.url,
        "canonical_url": item.canonical_url,
        "guid": item.guid,
        "title": item.title,
        "text": item.text,
        "summary": item.summary,
        "language": item.language,
        "published_at": item.published.at,
        "published_precision": item.published.precision,
        "published_origin": item.published.origin,
        "published_raw": item.published.raw,
        "updated_at": item.updated_at,
        "author": item.author,
        "issuer": item.issuer,
        "document_numbers": list(item.document_numbers),
        "attachments": [{"url": attachment.url, "name": attachment.name} for attachment in item.attachments],
        "facts": facts_value(item.facts),
        "body_origin": item.body_origin,
        "page_problem": item.page_problem,
        "page_attempts": item.page_attempts,
        "content_hash": item.content_hash,
        **judgement_values(item.classification),
    }


def item_values(item: Item) -> dict[str, Any]:
    """Return the values of a new row of `items`, by column name."""
    return {
        "source_id": item.source_id,
        "first_seen_at": item.first_seen_at,
        "revision": item.revision,
        "baseline": item.baseline,
        "story_id": item.story_id,
        **content_values(item),
    }


def item_of(row: ItemRow, sightings: Sequence[ItemSourceRow]) -> Item:
    """Return the newest revision of an item.

    Args:
        row: Its row.
        sightings: Its sources, in any order.
    """
    own = next((seen.entry_hash for seen in sightings if seen.source_id == row.source_id), "")
    others = sorted(seen.source_id for seen in sightings if seen.source_id != row.source_id)
    return Item(
        **_item_fields(row, row),
        revision=row.revision,
        entry_hash=own,
        also_seen=tuple(SourceId(source_id) for source_id in others),
    )


def earlier_item_of(row: ItemRow, content: Content, *, revision: int, entry_hash: str) -> Item:
    """Return an earlier revision of an item, without the other sources that led to it."""
    return Item(**_item_fields(row, content), revision=revision, entry_hash=entry_hash)


def _item_fields(row: ItemRow, content: Content) -> dict[str, Any]:
    return {
        "id": ItemId(row.id),
        "source_id": SourceId(row.source_id),
        "first_seen_at": row.first_seen_at,
        "baseline": row.baseline,
        "story_id": None if row.story_id is None else StoryId(row.story_id),
        "url": content.url,
        "canonical_url": content.canonical_url,
        "guid": content.guid,
        "title": content.title,
        "text": content.text,
        "summary": content.summary,
        "language": content.language,
        "published": Published(
            at=content.published_at,
            precision=content.published_precision,
            origin=content.published_origin,
            raw=content.published_raw,
        ),
        "updated_at": content.updated_at,
        "author": content.author,
        "issuer": content.issuer,
        "document_numbers": tuple(content.document_numbers),
        "attachments": tuple(Attachment(**attachment) for attachment in content.attachments),
        "facts": facts_from(content.facts),
        "body_origin": content.body_origin,
        "page_problem": content.page_problem,
        "page_attempts": content.page_attempts,
        "content_hash": content.content_hash,
        "classification": _classification(content),
    }


def judgement_values(classification: Classification | None) -> dict[str, Any]:
    """Return the values of the columns that hold a classification, by column name; all None for none."""
    if classification is None:
        return dict.fromkeys(_JUDGED)
    return {
        "relevant": classification.relevant,
        "score": classification.score,
        "jurisdiction": classification.jurisdiction,
        "act": classification.act,
        "topics": list(classification.topics),
        "judgement": {
            "reason": classification.reason,
            "documents": list(classification.documents),
            "document_numbers": list(classification.document_numbers),
            "evidence": [asdict(evidence) for evidence in classification.evidence],
            **_by_model(classification),
        },
        "classifier": classification.classifier,
        "stage": classification.stage,
        "effective_on": classification.effective_on,
        "comments_until": classification.comments_until,
        "gloss": classification.gloss,
    }


def _classification(content: Content) -> Classification | None:
    judgement = content.judgement
    if content.relevant is None or judgement is None:
        return None
    return Classification(
        relevant=content.relevant,
        score=content.score or 0.0,
        topics=tuple(content.topics or ()),
        jurisdiction=content.jurisdiction,
        act=content.act or "none",
        evidence=tuple(_evidence(part) for part in judgement["evidence"]),
        documents=tuple(judgement["documents"]),
        document_numbers=tuple(judgement["document_numbers"]),
        reason=judgement["reason"],
        classifier=content.classifier or "",
        stage=content.stage,
        effective_on=content.effective_on,
        comments_until=content.comments_until,
        gloss=content.gloss or "",
        translation=judgement.get("translation", ""),
        summary=tuple(judgement.get("summary", ())),
    )


def _by_model(classification: Classification) -> dict[str, Any]:
    """Return what a language model wrote; nothing for the most items, which it never saw."""
    written = {"translation": classification.translation, "summary": list(classification.summary)}
    return {name: words for name, words in written.items() if words}


def _evidence(part: dict[str, Any]) -> Evidence:
    return Evidence(**{**part, "zone": Zone(part["zone"])})
