"""An index of stories in memory: links the items of a file in order, without a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from core.item import StoryId
from core.stories import Relation
from core.story_traits import StoryCandidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from core.item import Item, ItemId
    from core.stories import LinkDecision
    from core.story_traits import StoryMarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A later story, an earlier one that it is related to, and how."""

    later: StoryId
    earlier: StoryId
    relation: Relation
    reason: str = ""

    @property
    def pair(self) -> frozenset[StoryId]:
        """Both stories."""
        return frozenset((self.later, self.earlier))

    @property
    def is_descent(self) -> bool:
        """Whether one follows from the other, rather than standing near it."""
        return self.relation is not Relation.SIBLING


class StoryShelf:
    """Implements `core.story_repository.StoryIndex`, and carries out decisions as intake does in the database."""

    def __init__(self) -> None:
        self._marks: dict[ItemId, StoryMarks] = {}
        self._seen_at: dict[ItemId, datetime] = {}
        self._holders: dict[int, list[ItemId]] = defaultdict(list)
        self._story_of: dict[ItemId, StoryId] = {}
        self._members: dict[StoryId, set[ItemId]] = defaultdict(set)
        self._ties: dict[frozenset[StoryId], Tie] = {}
        self._became: dict[StoryId, StoryId] = {}

    @property
    def stories(self) -> Mapping[ItemId, StoryId]:
        """The story of each item, in order of joining."""
        return self._story_of

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What was found related: of two stories one tie at most, and none of a story with itself."""
        return tuple(self._ties.values())

    def put(self, item_id: ItemId, marks: StoryMarks, *, seen_at: datetime, version: str) -> None:  # noqa: ARG002 - of the protocol
        """Store the marks of an item, in place of those it had; items are put in order of when they are seen."""
        if (old := self._marks.get(item_id)) is not None:
            for key in old.keys:
                self._holders[key].remove(item_id)
        self._marks[item_id] = marks
        self._seen_at[item_id] = seen_at
        for key in marks.keys:
            self._holders[key].append(item_id)

    def candidates(
        self, keys: Collection[int], *, since: datetime, limit: int, besides: ItemId | None = None
    ) -> tuple[StoryCandidate, ...]:
        """Return items in a story that have keys in common, those with the most first."""

        def counts(item_id: ItemId) -> bool:
            return item_id != besides and item_id in self._story_of and self._seen_at[item_id] >= since

        hits = Counter(
            item_id for key in keys for item_id in islice(filter(counts, reversed(self._holders.get(key, ()))), limit)
        )
        return self._candidates(sorted(hits, key=lambda one: (-hits[one], one))[:limit])

    def of_items(self, item_ids: Collection[ItemId]) -> tuple[StoryCandidate, ...]:
        """Return those of the items that have traits and a story, in order of their ids."""
        return self._candidates(sorted(one for one in set(item_ids) if one in self._story_of and one in self._marks))

    def of_stories(self, story_ids: Collection[StoryId], *, each: int) -> tuple[StoryCandidate, ...]:
        """Return the first `each` items with traits of these stories, in order of their ids."""
        found: list[ItemId] = []
        for story_id in set(story_ids):
            members = sorted(one for one in self._members.get(story_id, ()) if one in self._marks)
            found += members[:each]
        return self._candidates(sorted(found))

    def unread(self, *, since: datetime, version: str, limit: int) -> tuple[Item, ...]:  # noqa: ARG002 - of the protocol
        """Return nothing: what is in memory was read by the one version there is."""
        return ()

    def members(self, story_id: StoryId) -> frozenset[ItemId]:
        """Return a story's items."""
        return frozenset(self._members.get(self.name_of(story_id), ()))

    def move(self, item_id: ItemId, to: StoryId) -> None:
        """Put an item into a story."""
        story_id = self.name_of(to)
        if item_id in self._story_of:
            self._members[self._story_of[item_id]].discard(item_id)
        self._story_of[item_id] = story_id
        self._members[story_id].add(item_id)

    def join(self, item_id: ItemId, decision: LinkDecision) -> StoryId:
        """Put an item into the story decided on, or into a new one of its own number; merge and relate as decided."""
        story_id = StoryId(item_id) if decision.story_id is None else self.name_of(decision.story_id)
        self.move(item_id, story_id)
        for other in decision.same:
            self.merge(other, into=story_id)
        for other, relation, is_later, reason in decision.kin:
            later, earlier = (story_id, other) if is_later else (other, story_id)
            self.relate(Tie(later=later, earlier=earlier, relation=relation, reason=reason))
        return story_id

    def relate(self, tie: Tie) -> None:
        """Store a tie in place of one of the same two stories, but no sibling in place of a line of descent."""
        tie = replace(tie, later=self.name_of(tie.later), earlier=self.name_of(tie.earlier))
        stored = self._ties.get(tie.pair)
        if tie.later != tie.earlier and (stored is None or tie.is_descent or not stored.is_descent):
            self._ties[tie.pair] = tie

    def merge(self, story_id: StoryId, *, into: StoryId) -> None:
        """Put all items and ties of a story into another; the old id leads there from now on."""
        gone, kept = self.name_of(story_id), self.name_of(into)
        if gone == kept:
            return
        moved = self._members.pop(gone, set())
        self._members[kept] |= moved
        self._story_of.update(dict.fromkeys(moved, kept))
        self._became[gone] = kept
        touched = [tie for pair, tie in self._ties.items() if gone in pair]
        for tie in sorted(touched, key=lambda one: (one.later, one.earlier)):
            del self._ties[tie.pair]
            renamed = replace(tie, later=self.name_of(tie.later), earlier=self.name_of(tie.earlier))
            stored = self._ties.get(renamed.pair)
            if stored is None or renamed.is_descent > stored.is_descent:
                self.relate(renamed)

    def name_of(self, story_id: StoryId) -> StoryId:
        """Return what a story became."""
        while story_id in self._became:
            story_id = self._became[story_id]
        return story_id

    def _candidates(self, item_ids: Iterable[ItemId]) -> tuple[StoryCandidate, ...]:
        return tuple(
            StoryCandidate(item_id=one, story_id=self._story_of[one], traits=self._marks[one].traits)
            for one in item_ids
        )
