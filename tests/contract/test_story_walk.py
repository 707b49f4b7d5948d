"""Random walks of merges, splits and vetoes never lose an item, a name or what a user said."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.stories import Kinship, Relation, Story, StoryEvent, StoryEventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Item, ItemId, StoryId
    from storage.database import SqlDatabase
    from storage.stories import SqlStoryRepository

START = datetime(2023, 6, 15, tzinfo=UTC)
NUMBER = st.integers(0, 99)
"""Which of the names or items that there are; taken by the remainder."""


class Walk(RuleBasedStateMachine):
    """A program and a user that merge, split and relate stories, under whatever names they had at any time."""

    database: SqlDatabase
    make_item: Callable[..., Item]

    def __init__(self) -> None:
        super().__init__()
        self.unit = self.database.unit_of_work()
        self.story_of: dict[ItemId, StoryId] = {}
        self.live: dict[StoryId, StoryId] = {}
        self.apart: set[frozenset[StoryId]] = set()
        self.kin: set[frozenset[StoryId]] = set()
        self.entries: defaultdict[StoryId, int] = defaultdict(int)

    @property
    def stories(self) -> SqlStoryRepository:
        """The repository under test."""
        return self.unit.stories

    def teardown(self) -> None:
        """Leave nothing for the next walk."""
        self.unit.__exit__(None, None, None)

    def name(self, number: int) -> StoryId:
        """Return one of all ids that were ever given."""
        return sorted(self.live)[number % len(self.live)]

    @initialize()
    def first(self) -> None:
        """There are stories to begin with."""
        for _ in range(4):
            self.begin()

    @rule()
    def begin(self) -> None:
        """A first report comes."""
        at = START + timedelta(hours=len(self.live))
        story = self.stories.begin(Story(id=0, title="甲", began_at=at, first_seen_at=at, last_seen_at=at))  # type: ignore[arg-type]
        assert story not in self.live
        self.live[story] = story
        item = self.unit.items.add(self.make_item(len(self.story_of)))
        self.stories.move([item], story)
        self.story_of[item] = story

    @rule(one=NUMBER, other=NUMBER)
    def merge(self, one: int, other: int) -> None:
        """Two stories turn out to be one."""
        story, into = self.live[self.name(one)], self.live[self.name(other)]
        self.stories.merge(self.name(one), self.name(other))
        if story == into:
            return
        self.live.update({key: into for key, value in self.live.items() if value == story})
        self.story_of.update({key: into for key, value in self.story_of.items() if value == story})
        self.entries[into] += self.entries.pop(story, 0)
        for pairs in (self.apart, self.kin):
            moved = {frozenset(into if end == story else end for end in pair) for pair in pairs}
            pairs.clear()
            pairs.update(pair for pair in moved if len(pair) == 2)

    @rule(item=NUMBER, by_hand=st.booleans())
    def split(self, item: int, *, by_hand: bool) -> None:
        """An item turns out to tell another event; a user's word on that is remembered."""
        item_id = sorted(self.story_of)[item % len(self.story_of)]
        old = self.story_of[item_id]
        self.begin()
        new = max(self.live)
        self.stories.move([item_id], new)
        self.story_of[item_id] = new
        if by_hand:
            self.stories.keep_apart(new, old)
            self.apart.add(frozenset({new, old}))

    @rule(one=NUMBER, other=NUMBER)
    def let_together(self, one: int, other: int) -> None:
        """A user takes a split back."""
        self.stories.let_together(self.name(one), self.name(other))
        self.apart.discard(frozenset({self.live[self.name(one)], self.live[self.name(other)]}))

    @rule(one=NUMBER, other=NUMBER, relation=st.sampled_from(Relation), by_hand=st.booleans())
    def relate(self, one: int, other: int, relation: Relation, *, by_hand: bool) -> None:
        """Two stories turn out to be kin."""
        later, earlier = self.name(one), self.name(other)
        self.stories.relate(Kinship(later=later, earlier=earlier, relation=relation, by_hand=by_hand))
        if self.live[later] != self.live[earlier]:
            self.kin.add(frozenset({self.live[later], self.live[earlier]}))

    @rule(one=NUMBER)
    def note(self, one: int) -> None:
        """Something happens to a story."""
        self.stories.note(StoryEvent(story_id=self.name(one), kind=StoryEventKind.REPORT, at=START))
        self.entries[self.live[self.name(one)]] += 1

    @invariant()
    def every_item_is_in_one_story(self) -> None:
        """Items are where they were put, in a story that is there, and the counts add up."""
        there = set(self.live.values())
        counts = {story: self.stories.count_items(story) for story in there}
        assert sum(counts.values()) == len(self.story_of)
        for story in there:
            items = self.stories.items(story)
            assert {item.id for item in items} == {item for item, of in self.story_of.items() if of == story}
            assert len(items) == counts[story]
        assert self.stories.unlinked(limit=9) == ()

    @invariant()
    def every_name_leads_to_a_story(self) -> None:
        """No name is lost, leads nowhere or to two stories, and a story's own comes first."""
        for name, story in self.live.items():
            found = self.stories.get(name)
            assert found is not None
            assert found.id == story
            own, *others = self.stories.names(name)
            assert own == story
            assert others == sorted(one for one, into in self.live.items() if into == story != one)

    @invariant()
    def what_was_said_is_kept(self) -> None:
        """Vetoes, ties and log entries are where their stories are, and no story has one with itself."""
        for story in set(self.live.values()):
            apart = self.stories.apart_from([story]).get(story, frozenset())
            assert apart == {other for pair in self.apart if story in pair for other in pair - {story}}
            ties = [{tie.later, tie.earlier} for tie in self.stories.kin(story)]
            assert sorted(map(sorted, ties)) == sorted(sorted(pair) for pair in self.kin if story in pair)
            assert len(self.stories.events(story)) == self.entries[story]


@pytest.mark.parametrize(
    ("kind", "walks"), [("sqlite", 6), pytest.param("postgresql", 1, marks=pytest.mark.integration)], indirect=["kind"]
)
def test_random_walks_keep_the_promises(database: SqlDatabase, walks: int, make_item: Callable[..., Item]) -> None:
    """Whatever the order of reports, merges, splits and ties, and under whatever names, nothing is lost or doubled."""

    class OneDatabase(Walk):
        pass

    OneDatabase.database = database
    OneDatabase.make_item = staticmethod(make_item)
    run_state_machine_as_test(
        OneDatabase,
        settings=settings(
            max_examples=walks,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
