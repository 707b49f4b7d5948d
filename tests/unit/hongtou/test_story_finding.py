"""Tests of finding an item's story, on the index in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from core.item import ItemId, StoryId
from core.stories import LinkDecision, Relation
from core.story_traits import StoryCandidate, StoryMarks, StoryTraits, Telling
from hongtou.story_finding import MAX_CANDIDATES, MAX_COPIES, MAX_EARLIER, MEMBERS, StoryFinder
from hongtou.story_shelf import StoryShelf, Tie

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2023, 6, 15, tzinfo=UTC)
NEW = LinkDecision(story_id=None)


def marks(*keys: int, language: str = "zh") -> StoryMarks:
    """Return marks with these keys."""
    return StoryMarks(traits=StoryTraits(published_at=NOW, language=language), keys=keys)


def relevant(*keys: int) -> StoryMarks:
    """Return the same of a relevant item."""
    read = marks(*keys)
    return replace(read, traits=replace(read.traits, relevant=True))


class TitleReader:
    """Takes the numbers of a title for keys."""

    version = "title-1"

    def read(self, telling: Telling) -> StoryMarks:
        """Return marks."""
        return marks(*map(int, telling.title.split()))


def decide(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
    """Join the first candidate's story, and say how many there were."""
    first = candidates[0].story_id if candidates else None
    return LinkDecision(story_id=first, reason=f"{len(candidates)} candidates for {traits.language}")


FINDER = StoryFinder(TitleReader(), decide, window=timedelta(days=30))


def shelf_of(*stored: tuple[int, int | None, tuple[int, ...]], at: datetime = NOW) -> StoryShelf:
    """Return a shelf with items: number, story (None for one of its own) and keys."""
    shelf = StoryShelf()
    for item_id, story_id, keys in stored:
        shelf.join(ItemId(item_id), LinkDecision(story_id=None if story_id is None else StoryId(story_id)))
        FINDER.keep(shelf, ItemId(item_id), marks(*keys), seen_at=at)
    return shelf


def ids(candidates: Sequence[StoryCandidate]) -> list[int]:
    """Return the candidates' numbers."""
    return [one.item_id for one in candidates]


def test_a_telling_is_read_and_its_story_found() -> None:
    """The reader's keys find what is stored, and the decision is the one that was wired."""
    shelf = shelf_of((1, None, (7, 8)), (2, None, (9,)))
    read = FINDER.read(Telling(title="8 3", text="", language="zh", published_at=NOW))
    found = FINDER.find(shelf, read, copies=(), now=NOW)
    assert found == LinkDecision(story_id=StoryId(1), reason="1 candidates for zh")
    assert (FINDER.version, FINDER.window) == ("title-1", timedelta(days=30))


def test_items_with_most_keys_in_common_come_first() -> None:
    """Candidates are ordered by keys in common, equal ones by number."""
    shelf = shelf_of((1, None, (5,)), (2, None, (5, 6)), (3, None, (6,)), (4, None, (7,)))
    assert ids(FINDER.candidates(shelf, marks(5, 6), copies=(), now=NOW)) == [2, 1, 3]


def test_copies_come_before_all_and_say_so() -> None:
    """A copy is a candidate without any key in common, once, and is marked as a copy."""
    shelf = shelf_of((1, None, (5,)), (2, None, ()), (3, None, (5,)))
    found = FINDER.candidates(shelf, marks(5), copies=[ItemId(2), ItemId(3), ItemId(9)], now=NOW)
    assert ids(found) == [2, 3, 1]
    assert [one.is_copy for one in found] == [True, True, False]


def test_further_items_of_their_stories_are_seen() -> None:
    """Of a candidate's story the first items are candidates too, whatever their keys."""
    others = [(item, 1, (100 + item,)) for item in range(2, 9)]
    shelf = shelf_of((1, None, (1,)), *others, (9, 1, (5,)))
    assert ids(FINDER.candidates(shelf, marks(5), copies=(), now=NOW)) == [9, *range(1, 1 + MEMBERS)]


def test_what_does_not_count_is_no_candidate() -> None:
    """The item itself is no candidate: neither by its keys, nor as a copy, nor as one of its story."""
    shelf = shelf_of((1, None, (5,)), (2, 1, (5,)))
    found = FINDER.candidates(shelf, marks(5), copies=[ItemId(1)], now=NOW, besides=ItemId(1))
    assert ids(found) == [2]


def test_items_beyond_the_window_are_found_by_their_story_only() -> None:
    """What was first seen before the lineage is no candidate by its keys."""
    shelf = shelf_of((1, None, (5,)), at=NOW - timedelta(days=731))
    assert FINDER.candidates(shelf, marks(5), copies=(), now=NOW) == ()
    assert ids(FINDER.candidates(shelf, marks(5), copies=[ItemId(1)], now=NOW)) == [1]


def test_relevant_items_are_looked_for_beyond_the_window() -> None:
    """For a relevant item relevant ones are found after a year, others after the window no more."""
    shelf = shelf_of((1, None, (5,)), (2, None, (5,)))
    FINDER.keep(shelf, ItemId(1), relevant(5), seen_at=NOW)
    later = NOW + timedelta(days=365)
    assert ids(FINDER.candidates(shelf, relevant(5), copies=(), now=later)) == [1]
    assert FINDER.candidates(shelf, marks(5), copies=(), now=later) == ()
    assert ids(FINDER.candidates(shelf, relevant(5), copies=(), now=NOW + timedelta(days=30))) == [1, 2]


def test_items_of_old_do_not_crowd_out_those_of_the_day() -> None:
    """However much older items have in common, fresh ones are candidates first, and older ones are few."""
    shelf = StoryShelf()
    for item in range(1, 101):
        shelf.join(ItemId(item), NEW)
        FINDER.keep(shelf, ItemId(item), relevant(5, 6, 7), seen_at=NOW)
    shelf.join(ItemId(101), NEW)
    later = NOW + timedelta(days=100)
    FINDER.keep(shelf, ItemId(101), marks(5), seen_at=later)
    found = ids(FINDER.candidates(shelf, relevant(5, 6, 7), copies=(), now=later))
    assert found[0] == 101
    assert len(found) == 1 + MAX_EARLIER


def test_the_lineage_is_no_shorter_than_the_window() -> None:
    """A window beyond the lineage counts for relevant items too."""
    finder = StoryFinder(TitleReader(), decide, window=timedelta(days=900))
    assert finder.lineage == timedelta(days=900)
    assert FINDER.lineage == timedelta(days=730)


def test_candidates_are_bounded() -> None:
    """Of a key that everybody has the newest items are looked at, and only some of many copies."""
    shelf = shelf_of(*((item, None, (5,)) for item in range(1, 301)))
    found = ids(FINDER.candidates(shelf, marks(5), copies=(), now=NOW))
    assert found == list(range(301 - MAX_CANDIDATES, 301))
    copies = [ItemId(item) for item in range(1, 101)]
    assert len(FINDER.candidates(shelf, marks(), copies=copies, now=NOW)) == MAX_COPIES


def test_new_marks_take_the_place_of_old_ones() -> None:
    """An item that is read again is found by its new keys only."""
    shelf = shelf_of((1, None, (5, 6)))
    FINDER.keep(shelf, ItemId(1), marks(6, 7, language="en"), seen_at=NOW)
    assert FINDER.candidates(shelf, marks(5), copies=(), now=NOW) == ()
    (found,) = FINDER.candidates(shelf, marks(7), copies=(), now=NOW)
    assert found.traits.language == "en"


def test_an_item_without_a_story_is_no_candidate() -> None:
    """Only what is linked can be joined."""
    shelf = StoryShelf()
    FINDER.keep(shelf, ItemId(1), marks(5), seen_at=NOW)
    assert FINDER.candidates(shelf, marks(5), copies=[ItemId(1)], now=NOW) == ()
    assert shelf.unread(since=NOW, version="title-2", limit=9) == ()


def test_a_decision_that_shows_stories_to_be_one_merges_them() -> None:
    """All items of a merged story are in the other one, and its old number leads there."""
    shelf = shelf_of((1, None, ()), (2, None, ()), (3, 2, ()), (4, None, ()))
    shelf.join(ItemId(5), LinkDecision(story_id=StoryId(1), same=(StoryId(2), StoryId(1))))
    assert shelf.stories == {1: 1, 2: 1, 3: 1, 4: 4, 5: 1}
    assert shelf.join(ItemId(6), LinkDecision(story_id=StoryId(2))) == StoryId(1)
    shelf.join(ItemId(7), LinkDecision(story_id=StoryId(4), same=(StoryId(2),)))
    assert set(shelf.stories.values()) == {4}


@pytest.mark.parametrize("is_later", [True, False])
def test_ties_are_kept_with_their_direction(*, is_later: bool) -> None:
    """The new item's story is the later or the earlier one, as decided."""
    shelf = shelf_of((1, None, ()))
    kin = ((StoryId(1), Relation.FINALISES, is_later, "draft and final"),)
    shelf.join(ItemId(2), replace(NEW, kin=kin))
    later, earlier = (StoryId(2), StoryId(1)) if is_later else (StoryId(1), StoryId(2))
    assert shelf.ties == (Tie(later=later, earlier=earlier, relation=Relation.FINALISES, reason="draft and final"),)


def test_ties_follow_what_their_stories_became() -> None:
    """A tie of a merged story is one of what it became, once, and none of a story with itself."""
    shelf = shelf_of((1, None, ()), (2, None, ()))
    kin = tuple((StoryId(other), Relation.FOLLOWS, True, "") for other in (1, 2))
    shelf.join(ItemId(3), replace(NEW, kin=kin))
    shelf.merge(StoryId(2), into=StoryId(1))
    assert [(tie.later, tie.earlier) for tie in shelf.ties] == [(3, 1)]
    shelf.merge(StoryId(3), into=StoryId(1))
    assert shelf.ties == ()
