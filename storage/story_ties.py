"""What stories are to one another: kin, or kept apart by a user, in SQL. Ids given here lead to stories themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, insert, or_, select

from core.item import StoryId
from core.stories import Kinship, Relation
from storage.story_rows import kinship_of
from storage.tables import StoryKinRow, StoryRow, StoryVetoRow
from storage.upsert import in_portions, insert_into, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


class StoryTies:
    """Of two stories there is one tie at most, and none of a story with itself."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def relate(self, tie: Kinship) -> None:
        """Store a tie, in place of one of the same two stories that weighs no more."""
        stored = self._between(tie.later, tie.earlier)
        if stored is None or _weight(tie) >= _weight(stored):
            self._store(tie)

    def kin(self, story_id: StoryId) -> tuple[Kinship, ...]:
        """Return the ties of a story, in order of the other story's beginning."""
        row = StoryKinRow
        other = case((row.later_id == story_id, row.earlier_id), else_=row.later_id)
        ties = select(row).join(StoryRow, StoryRow.id == other).where(_touches(story_id))
        return tuple(map(kinship_of, self._session.scalars(ties.order_by(StoryRow.began_at, StoryRow.id))))

    def keep_apart(self, one: StoryId, other: StoryId) -> None:
        """Remember that two stories are to be kept apart."""
        stored = insert_into(self._session, StoryVetoRow).on_conflict_do_nothing()
        self._session.execute(stored, {"one_id": min(one, other), "other_id": max(one, other)})

    def let_together(self, one: StoryId, other: StoryId) -> None:
        """Forget that two stories are to be kept apart."""
        row = StoryVetoRow
        pair = and_(row.one_id == min(one, other), row.other_id == max(one, other))
        self._session.execute(delete(row).where(pair))

    def apart_from(self, story_ids: Collection[StoryId]) -> Mapping[StoryId, frozenset[StoryId]]:
        """Return which stories each of these must stay apart from; absent for none."""
        row = StoryVetoRow
        found: defaultdict[StoryId, set[StoryId]] = defaultdict(set)
        for portion in in_portions(sorted(set(story_ids))):
            for of, others in ((row.one_id, row.other_id), (row.other_id, row.one_id)):
                for story_id, other in self._session.execute(select(of, others).where(of.in_(portion))):
                    found[StoryId(story_id)].add(StoryId(other))
        return {story_id: frozenset(others) for story_id, others in found.items()}

    def merge(self, story_id: StoryId, into: StoryId) -> None:
        """Give all ties and vetoes of a story to another, but for those between the two.

        Where both have a tie to a third story, that of the other stays unless the story's weighs more.
        """
        self._merge_kin(story_id, into)
        apart = self.apart_from([story_id]).get(story_id, frozenset())
        row = StoryVetoRow
        self._session.execute(delete(row).where(or_(row.one_id == story_id, row.other_id == story_id)))
        for other in sorted(apart - {into}):
            self.keep_apart(into, other)

    def _merge_kin(self, story_id: StoryId, into: StoryId) -> None:
        row = StoryKinRow
        ties = [kinship_of(found) for found in self._session.scalars(select(row).where(_touches(story_id)))]
        self._session.execute(delete(row).where(_touches(story_id)))
        for tie in sorted(ties, key=lambda tie: (tie.later, tie.earlier)):
            later, earlier = (into if end == story_id else end for end in (tie.later, tie.earlier))
            stored = self._between(later, earlier)
            if later != earlier and (stored is None or _weight(tie) > _weight(stored)):
                self._store(replace(tie, later=later, earlier=earlier))

    def _between(self, one: StoryId, other: StoryId) -> Kinship | None:
        row = self._session.scalar(select(StoryKinRow).where(_joins(one, other)))
        return kinship_of(row) if row else None

    def _store(self, tie: Kinship) -> None:
        self._session.execute(delete(StoryKinRow).where(_joins(tie.later, tie.earlier)))
        values = {
            "later_id": tie.later,
            "earlier_id": tie.earlier,
            "relation": tie.relation,
            "reason": tie.reason,
            "by_hand": tie.by_hand,
        }
        self._session.execute(insert(table_of(StoryKinRow)), values)


def _weight(tie: Kinship) -> tuple[bool, bool]:
    """Return what a tie weighs: a user's word most, then a line of descent, then mere nearness."""
    return tie.by_hand, tie.relation is not Relation.SIBLING


def _touches(story_id: StoryId) -> ColumnElement[bool]:
    return or_(StoryKinRow.later_id == story_id, StoryKinRow.earlier_id == story_id)


def _joins(one: StoryId, other: StoryId) -> ColumnElement[bool]:
    row = StoryKinRow
    return or_(
        and_(row.later_id == one, row.earlier_id == other),
        and_(row.later_id == other, row.earlier_id == one),
    )
