"""By which ids a story is known: its own, and those of the stories that were merged into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.errors import StorageError
from core.item import StoryId
from storage.tables import StoryNameRow, StoryRow
from storage.upsert import in_portions, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session


class StoryNames:
    """Every name of a merged story leads straight to a story that is there: chains and circles cannot arise."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def live(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, StoryId]:
        """Return to which story each id leads; one that was never merged leads to itself, also if there is none."""
        merged: dict[StoryId, StoryId] = {}
        name = StoryNameRow
        for portion in in_portions(sorted(set(story_ids))):
            found = self._session.execute(select(name.name, name.story_id).where(name.name.in_(portion)))
            merged |= {StoryId(one): StoryId(into) for one, into in found}
        return {story_id: merged.get(story_id, story_id) for story_id in story_ids}

    def lock(self, *story_ids: StoryId) -> tuple[StoryId, ...]:
        """Return to which stories the ids lead, none of which can be merged by another until this transaction ends.

        Raises:
            StorageError: One of them is not stored.
        """
        leads = self.live(story_ids)
        while True:
            # In order, so that two writers never wait for each other in turn.
            wanted = select(StoryRow.id).where(StoryRow.id.in_(set(leads.values()))).order_by(StoryRow.id)
            there = set(self._session.scalars(wanted.with_for_update()))
            if there.issuperset(leads.values()):
                return tuple(leads[story_id] for story_id in story_ids)
            # Another may have merged one between the two queries.
            again = self.live(story_ids)
            if again == leads:
                lacking = next(story_id for story_id in story_ids if leads[story_id] not in there)
                raise StorageError(f"Story {lacking} is not stored.")
            leads = again

    def of(self, story_id: StoryId) -> tuple[StoryId, ...]:
        """Return all ids that lead to where an id leads, the story's own first, the others in order; none for none."""
        story = self.live([story_id])[story_id]
        if self._session.scalar(select(StoryRow.id).where(StoryRow.id == story)) is None:
            return ()
        name = StoryNameRow
        merged = self._session.scalars(select(name.name).where(name.story_id == story).order_by(name.name))
        return (story, *map(StoryId, merged))

    def give(self, story_id: StoryId, into: StoryId) -> None:
        """Let an id, and all that lead to it, lead to another story."""
        name = StoryNameRow
        self._session.execute(update(name).where(name.story_id == story_id).values(story_id=into))
        self._session.execute(insert(table_of(name)), {"name": story_id, "story_id": into})
