"""Stories: all items that tell one event, what is known of it, and how stories go together. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.classification import Stage
    from core.item import ItemId, StoryId
    from core.source import SourceId

StoryEventId = NewType("StoryEventId", int)


class Relation(StrEnum):
    """What a later story is to an earlier one that it is kept apart from."""

    FINALISES = "finalises"
    """The final form of that draft."""
    AMENDS = "amends"
    """It amends, puts off or repeals that act."""
    IMPLEMENTS = "implements"
    """A lower authority's plan or rule under that one, or its forwarding."""
    NEXT_ROUND = "next-round"
    """The next batch, round or edition of the same list or programme."""
    ENFORCES = "enforces"
    """Cases, penalties or licences under that act."""
    FOLLOWS = "follows"
    """A later step of the same affair."""
    SIBLING = "sibling"
    """Another act of the same authority, close in time and matter: no line of descent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """A directed tie between two stories."""

    later: StoryId
    earlier: StoryId
    relation: Relation
    reason: str = ""
    """Why, for a person."""
    by_hand: bool = False
    """Whether a user said so; what is found by itself never replaces it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """What the linker says of one new item."""

    story_id: StoryId | None
    """The story it belongs to; None for a new one."""
    probability: float = 0.0
    """That it tells the story's event, 0 to 1; of the best candidate also when it was not joined."""
    reason: str = ""
    """Why it was joined, or why the best candidate was not, in a few words for a person."""
    same: tuple[StoryId, ...] = ()
    """Further stories that this item shows to be the same event: to be merged into `story_id`."""
    kin: tuple[tuple[StoryId, Relation, bool, str], ...] = ()
    """Stories it is related to: story, relation, whether the new item's story is the later one, and why."""


class StoryChange(StrEnum):
    """What can happen to a story after its first report; also what a route may want to be told of."""

    NEW_LANGUAGE = "new-language"
    """The first report in another language."""
    PRIMARY_FOUND = "primary-found"
    """The authority's own document, after reports of it."""
    REPORT = "report"
    """Any further report."""


class StoryEventKind(StrEnum):
    """Kinds of entries in a story's log."""

    BEGUN = "begun"
    REPORT = "report"
    NEW_LANGUAGE = "new-language"
    PRIMARY_FOUND = "primary-found"
    REVISED = "revised"
    """A report's words were changed by its publisher."""
    REMOVED = "removed"
    """A report's page was taken away."""
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEvent:
    """One entry of a story's log."""

    story_id: StoryId
    kind: StoryEventKind
    at: datetime
    """When Hongtou noticed, aware UTC."""
    item_id: ItemId | None = None
    reason: str = ""
    """Why the item was joined, or who merged and split, for a person."""
    id: StoryEventId = StoryEventId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event with what its items say together. Kept up to date with every item that joins."""

    id: StoryId
    title: str
    """Of the primary document, else of the first relevant report, else of the first report."""
    gloss: str = ""
    """The title in English where it is not."""
    language: str = ""
    """Of the title."""
    relevant: bool = False
    """Whether any item is."""
    score: float = 0.0
    """The highest of its items."""
    jurisdiction: str = ""
    act: str = "none"
    stage: Stage | None = None
    topics: tuple[str, ...] = ()
    """Of all items, those of most items first."""
    languages: tuple[str, ...] = ()
    """Of its items, in order of first publication."""
    items: int = 0
    sources: int = 0
    """Different ones."""
    primary_item_id: ItemId | None = None
    """The authority's own document; None while none was seen."""
    began_at: datetime
    """First publication among its items."""
    first_seen_at: datetime
    last_seen_at: datetime
    """When its last item was first seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One source's report of a story: its first, when it has several."""

    source_id: SourceId
    item_id: ItemId
    language: str
    published_at: datetime
    first_seen_at: datetime
    is_authority: bool
    lead: timedelta | None
    """How long after the authority's own document it published, negative when before; None without such a document."""
    reports: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAlert:
    """That one channel was, or will be, told of a story."""

    channel: str
    route: str
    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedStories:
    """Which stories to list; an empty field wants all."""

    since: datetime | None = None
    """Last seen at or after."""
    relevant_only: bool = True
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    """Codes; `cn` includes `cn-sh`."""
    acts: tuple[str, ...] = ()
    text: str = ""
    """Contained in the title or gloss."""
