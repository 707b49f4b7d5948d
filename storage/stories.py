"""Stories, their logs and ties, and what users said of them, in SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, delete, func, insert, or_, select, update

from core.alert import AlertState
from core.errors import StorageError
from core.item import ItemId, StoryId
from storage.items import SqlItemRepository
from storage.story_index import SqlStoryIndex
from storage.story_names import StoryNames
from storage.story_rows import event_of, story_alert_of, story_of, story_values
from storage.story_ties import StoryTies
from storage.tables import AlertRow, ItemRow, StoryEventRow, StoryRow
from storage.upsert import in_portions, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.item import Item
    from core.stories import Kinship, Story, StoryAlert, StoryEvent, WantedStories


class SqlStoryRepository:
    """Implements `core.story_repository.StoryRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._index = SqlStoryIndex(session)
        self._names = StoryNames(session)
        self._ties = StoryTies(session)

    @property
    def index(self) -> SqlStoryIndex:
        """By which an item's story is found."""
        return self._index

    def begin(self, story: Story) -> StoryId:
        """Store a new story (its `id` is ignored); ids are never given twice."""
        stories = table_of(StoryRow)
        made = self._session.execute(insert(stories).returning(stories.c.id), story_values(story))
        return StoryId(made.scalar_one())

    def put(self, story: Story) -> None:
        """Store what is known of a story, replacing what was there.

        Raises:
            StorageError: Also when it is not stored, as after it was merged.
        """
        stories = table_of(StoryRow)
        changed = update(stories).where(stories.c.id == story.id).values(story_values(story)).returning(stories.c.id)
        if self._session.scalar(changed) is None:
            raise StorageError(f"Story {story.id} is not stored.")

    def get(self, story_id: StoryId) -> Story | None:
        """Return a story; for one that was merged into another, that one."""
        return next(iter(self.get_many((story_id,))), None)

    def get_many(self, story_ids: Sequence[StoryId]) -> tuple[Story, ...]:
        """Return stories in the order asked for, merged ones as what they became, each once."""
        leads = self._names.live(story_ids)
        wanted = list(dict.fromkeys(leads[story_id] for story_id in story_ids))
        found: dict[StoryId, Story] = {}
        for portion in in_portions(wanted):
            rows = self._session.scalars(select(StoryRow).where(StoryRow.id.in_(portion)))
            found |= {StoryId(row.id): story_of(row) for row in rows}
        return tuple(found[story_id] for story_id in wanted if story_id in found)

    def list(self, wanted: WantedStories, *, limit: int) -> tuple[Story, ...]:
        """Return stories, those seen last first."""
        row = StoryRow
        found = select(row).where(*_conditions(wanted)).order_by(row.last_seen_at.desc(), row.id.desc()).limit(limit)
        return tuple(map(story_of, self._session.scalars(found)))

    def items(self, story_id: StoryId, *, limit: int = 200) -> tuple[Item, ...]:
        """Return a story's items, the first published first."""
        row = ItemRow
        told = select(row.id).where(row.story_id == self._live(story_id)).order_by(row.published_at, row.id)
        return self._items(self._session.scalars(told.limit(limit)).all())

    def count(self, wanted: WantedStories) -> int:
        """Return how many stories `list` would find without its limit."""
        counted = select(func.count()).select_from(StoryRow).where(*_conditions(wanted))
        return self._session.scalars(counted).one()

    def count_items(self, story_id: StoryId) -> int:
        """Return how many items a story has."""
        counted = select(func.count()).select_from(ItemRow).where(ItemRow.story_id == self._live(story_id))
        return self._session.scalars(counted).one()

    def move(self, item_ids: Collection[ItemId], to: StoryId) -> None:
        """Put items into a story.

        Raises:
            StorageError: Also when the story is not stored.
        """
        (story_id,), items = self._names.lock(to), table_of(ItemRow)
        for portion in in_portions(sorted(set(item_ids))):
            self._session.execute(update(items).where(items.c.id.in_(portion)).values(story_id=story_id))

    def unlinked(self, *, limit: int) -> tuple[Item, ...]:
        """Return items that are in no story yet, the oldest first."""
        waiting = select(ItemRow.id).where(ItemRow.story_id.is_(None)).order_by(ItemRow.id).limit(limit)
        return self._items(self._session.scalars(waiting).all())

    def merge(self, story_id: StoryId, into: StoryId) -> None:
        """Put all items, ties, log entries and vetoes of a story into another; the old id leads there from now on.

        Raises:
            StorageError: Also when one of them is not stored.
        """
        one, other = self._names.lock(story_id, into)
        if one == other:
            return
        for table in (table_of(ItemRow), table_of(StoryEventRow)):
            self._session.execute(update(table).where(table.c.story_id == one).values(story_id=other))
        self._ties.merge(one, other)
        self._names.give(one, other)
        stories = table_of(StoryRow)
        self._session.execute(delete(stories).where(stories.c.id == one))

    def names(self, story_id: StoryId) -> tuple[StoryId, ...]:
        """Return all ids that lead to a story, its own first, then those merged into it in order; none for none."""
        return self._names.of(story_id)

    def keep_apart(self, one: StoryId, other: StoryId) -> None:
        """Remember that a user split these.

        Raises:
            StorageError: Also when one of them is not stored.
            ValueError: They are one story.
        """
        first, second = self._names.lock(one, other)
        if first == second:
            raise ValueError(f"story {one} cannot be kept apart from itself")
        self._ties.keep_apart(first, second)

    def let_together(self, one: StoryId, other: StoryId) -> None:
        """Forget that these were split."""
        leads = self._names.live((one, other))
        self._ties.let_together(leads[one], leads[other])

    def apart_from(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, frozenset[StoryId]]:
        """Return which stories each of these must stay apart from; absent for none."""
        leads = self._names.live(story_ids)
        apart = self._ties.apart_from(frozenset(leads.values()))
        return {story_id: apart[live] for story_id, live in leads.items() if live in apart}

    def relate(self, kinship: Kinship) -> None:
        """Store a tie between two stories; does nothing when they are one.

        Raises:
            StorageError: Also when one of them is not stored.
        """
        later, earlier = self._names.lock(kinship.later, kinship.earlier)
        if later != earlier:
            self._ties.relate(replace(kinship, later=later, earlier=earlier))

    def kin(self, story_id: StoryId) -> tuple[Kinship, ...]:
        """Return the ties of a story, in order of the other story's beginning."""
        return self._ties.kin(self._live(story_id))

    def note(self, event: StoryEvent) -> None:
        """Add an entry to a story's log (its `id` is ignored).

        Raises:
            StorageError: Also when the story is not stored.
        """
        (story_id,) = self._names.lock(event.story_id)
        values = {
            "story_id": story_id,
            "kind": event.kind,
            "at": event.at,
            "item_id": event.item_id,
            "reason": event.reason,
        }
        self._session.execute(insert(table_of(StoryEventRow)), values)

    def events(self, story_id: StoryId, *, limit: int = 200) -> tuple[StoryEvent, ...]:
        """Return a story's log, the oldest first."""
        row = StoryEventRow
        log = select(row).where(row.story_id == self._live(story_id)).order_by(row.at, row.id).limit(limit)
        return tuple(map(event_of, self._session.scalars(log)))

    def alerts(self, story_id: StoryId) -> tuple[StoryAlert, ...]:
        """Return who was or will be told of a story's items, the oldest first; dead alerts do not count."""
        row = AlertRow
        story = select(ItemRow.id).where(ItemRow.story_id == self._live(story_id))
        found: dict[int, AlertRow] = {}
        for about in (row.story_id.in_(self.names(story_id)), row.item_id.in_(story)):
            told = self._session.scalars(select(row).where(about, row.state != AlertState.DEAD))
            found |= {alert.id: alert for alert in told}
        ordered = sorted(found.values(), key=lambda alert: (alert.created_at, alert.id))
        return tuple(map(story_alert_of, ordered))

    def prune(self, *, before: datetime, relevant_before: datetime, limit: int) -> int:
        """Forget the keys and traits of at most `limit` items; return how many there were."""
        return self._index.prune(before=before, relevant_before=relevant_before, limit=limit)

    def _live(self, story_id: StoryId) -> StoryId:
        return self._names.live((story_id,))[story_id]

    def _items(self, item_ids: Sequence[int]) -> tuple[Item, ...]:
        return SqlItemRepository(self._session).get_many([ItemId(item_id) for item_id in item_ids])


def _conditions(wanted: WantedStories) -> Iterator[ColumnElement[bool]]:
    row = StoryRow
    if wanted.relevant_only:
        yield row.relevant.is_(True)
    if wanted.since is not None:
        yield row.last_seen_at >= wanted.since
    if wanted.topics:
        # As text a JSON list reads alike on every database, but for spaces between its members.
        topics = cast(row.topics, Text)
        yield or_(*(topics.contains(f'"{topic}"', autoescape=True) for topic in wanted.topics))
    if wanted.jurisdictions:
        codes = wanted.jurisdictions
        parts = (row.jurisdiction.startswith(f"{code}-", autoescape=True) for code in codes)
        yield or_(row.jurisdiction.in_(codes), *parts)
    if wanted.acts:
        yield row.act.in_(wanted.acts)
    if wanted.text:
        yield or_(*(words.icontains(wanted.text, autoescape=True) for words in (row.title, row.gloss)))
