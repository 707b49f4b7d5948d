"""Between `core.stories` and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.alert import ChannelId
from core.item import ItemId, StoryId
from core.stories import Kinship, Story, StoryAlert, StoryEvent, StoryEventId

if TYPE_CHECKING:
    from storage.tables import AlertRow, StoryEventRow, StoryKinRow, StoryRow


def story_values(story: Story) -> dict[str, Any]:
    """Return the values of a row of `stories`, by column name, without its id."""
    return {
        "title": story.title,
        "gloss": story.gloss,
        "language": story.language,
        "relevant": story.relevant,
        "score": story.score,
        "jurisdiction": story.jurisdiction,
        "act": story.act,
        "stage": story.stage,
        "topics": list(story.topics),
        "languages": list(story.languages),
        "items": story.items,
        "sources": story.sources,
        "primary_item_id": story.primary_item_id,
        "began_at": story.began_at,
        "first_seen_at": story.first_seen_at,
        "last_seen_at": story.last_seen_at,
    }


def story_of(row: StoryRow) -> Story:
    """Return the story of a row."""
    return Story(
        id=StoryId(row.id),
        title=row.title,
        gloss=row.gloss,
        language=row.language,
        relevant=row.relevant,
        score=row.score,
        jurisdiction=row.jurisdiction,
        act=row.act,
        stage=row.stage,
        topics=tuple(row.topics),
        languages=tuple(row.languages),
        items=row.items,
        sources=row.sources,
        primary_item_id=_item_id(row.primary_item_id),
        began_at=row.began_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
    )


def event_of(row: StoryEventRow) -> StoryEvent:
    """Return an entry of a story's log."""
    return StoryEvent(
        id=StoryEventId(row.id),
        story_id=StoryId(row.story_id),
        kind=row.kind,
        at=row.at,
        item_id=_item_id(row.item_id),
        reason=row.reason,
    )


def kinship_of(row: StoryKinRow) -> Kinship:
    """Return a tie between two stories."""
    return Kinship(
        later=StoryId(row.later_id),
        earlier=StoryId(row.earlier_id),
        relation=row.relation,
        reason=row.reason,
        by_hand=row.by_hand,
    )


def story_alert_of(row: AlertRow) -> StoryAlert:
    """Return that a channel was, or will be, told; a row that is not sent yet counts from when it was made."""
    return StoryAlert(
        channel=ChannelId(row.channel),
        route=row.route or "",
        kind=row.kind.value,
        state=row.state.value,
        at=row.sent_at or row.created_at,
    )


def _item_id(number: int | None) -> ItemId | None:
    return None if number is None else ItemId(number)
