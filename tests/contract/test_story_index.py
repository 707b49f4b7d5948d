"""Marks of items are remembered, and tellings of one event find each other, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from core.classification import Stage
from core.item import ItemId, StoryId
from core.story_traits import StoryCandidate, StoryMarks, StoryTraits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.classification import Classification
    from core.item import Item
    from storage.database import SqlDatabase

DAY = timedelta(days=1)
LOW, HIGH = -(1 << 63), (1 << 63) - 1
"""The least and the greatest key."""


@pytest.fixture
def make_marks(now: datetime) -> Callable[..., StoryMarks]:
    """Maker of marks: by default of a relevant item that says nothing."""

    def make(*keys: int, **fields: Any) -> StoryMarks:
        traits = StoryTraits(**{"published_at": now, "relevant": True, **fields})
        return StoryMarks(traits=traits, keys=keys)

    return make


@pytest.fixture
def store(
    database: SqlDatabase, report: Callable[..., ItemId], make_marks: Callable[..., StoryMarks], now: datetime
) -> Callable[..., ItemId]:
    """Storer of an item of a story with keys."""

    def put(
        n: int, story: StoryId, *keys: int, at: datetime | None = None, version: str = "1", relevant: bool = True
    ) -> ItemId:
        item_id = report(n, story, first_seen_at=at or now)
        with database.unit_of_work() as unit:
            marks = make_marks(*keys, relevant=relevant)
            unit.stories.index.put(item_id, marks, seen_at=at or now, version=version)
            unit.commit()
        return item_id

    return put


def found(
    database: SqlDatabase, *keys: int, since: datetime, limit: int = 9, besides: ItemId | None = None
) -> list[int]:
    """Return the ids of candidates."""
    with database.reading() as unit:
        return [one.item_id for one in unit.stories.index.candidates(keys, since=since, limit=limit, besides=besides)]


def test_candidates_come_with_story_and_traits_those_with_most_keys_first(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    report: Callable[..., ItemId],
    make_marks: Callable[..., StoryMarks],
    now: datetime,
) -> None:
    """Items with a key in common are found with all that is compared, whatever its sign; equally near ones in order."""
    one, two = begin(), begin()
    full = make_marks(
        LOW,
        5,
        language="zh",
        is_official=True,
        jurisdiction="cn-sh",
        act="plan",
        stage=Stage.DRAFT,
        topics=("metaverse", "ai"),
        own_numbers=frozenset({"沪府办发〔2023〕10号"}),
        subjects=frozenset({"行动方案"}),
        concepts={"tech.metaverse": 0.5},
        words={LOW: 0.25, HIGH: 1.0},
        vector=(0.5, -0.25),
    )
    marks = {1: full, 2: make_marks(LOW, 5, HIGH), 3: make_marks(HIGH, 7), 4: make_marks(8)}
    items = {n: report(n, two if n == 2 else one) for n in marks}
    with database.unit_of_work() as unit:
        for n, of in marks.items():
            unit.stories.index.put(items[n], of, seen_at=now, version="1")
        candidates = unit.stories.index.candidates((HIGH, 5, LOW), since=now, limit=9)
    assert candidates == tuple(
        StoryCandidate(item_id=items[n], story_id=two if n == 2 else one, traits=marks[n].traits) for n in (2, 1, 3)
    )


def test_no_key_finds_nothing(
    database: SqlDatabase, begin: Callable[..., StoryId], store: Callable[..., ItemId], now: datetime
) -> None:
    """An item that tells nothing has no candidates, and is nobody's."""
    store(1, begin())
    store(2, begin(), 5)
    assert found(database, since=now) == []


def test_candidates_are_of_the_window_in_a_story_and_never_the_item_itself(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    store: Callable[..., ItemId],
    unlink: Callable[..., None],
    now: datetime,
) -> None:
    """Items first seen before the window are not found, nor those that wait for a story, nor the one to be left out."""
    story = begin()
    store(1, story, 5, at=now - DAY)
    own, other, waiting = (store(n, story, 5) for n in (2, 3, 4))
    unlink(waiting)
    assert found(database, 5, since=now, besides=own) == [other]


def test_a_key_of_many_items_leads_to_its_newest_holders(
    database: SqlDatabase, begin: Callable[..., StoryId], store: Callable[..., ItemId], now: datetime
) -> None:
    """However common a key is, no more holders than the limit are looked at, and rarer keys still count."""
    story = begin()
    rare = store(1, story, 5, 6)
    common = [store(n, story, 5) for n in range(2, 7)]
    assert found(database, 5, since=now, limit=2) == common[-2:]
    assert found(database, 5, 6, since=now, limit=2) == [rare, common[-2]]


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.integration)], indirect=True)
def test_a_common_key_is_never_read_whole(
    database: SqlDatabase, query: Callable[[str], list[tuple[Any, ...]]], now: datetime
) -> None:
    """PostgreSQL reads no more holders than the limit, also when it takes a key of all items for a rare one."""
    query(
        "INSERT INTO story_traits (item_id, seen_at, relevant, version, packed_keys, packed_traits) "
        "SELECT n, now(), false, '1', '', '' FROM generate_series(1, 20000) n"
    )
    # Every key but one has thirty holders, scattered over the table.
    keys = "(SELECT 7 UNION SELECT 100 + (n * 3 + j) % 2000 FROM generate_series(0, 2) j) one (key)"
    query(f"INSERT INTO story_keys SELECT key, n FROM generate_series(1, 20000) n, LATERAL {keys}")  # noqa: S608
    query("ANALYZE")
    asked: list[tuple[Any, ...]] = []
    event.listen(database._read_engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    assert found(database, 7, since=now, limit=50) == []
    with database._engine.connect() as connection:
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked[0][0]}", asked[0][1])
        steps = [explained.scalar_one()[0]["Plan"]]
    for step in steps:
        steps += step.get("Plans", [])
    assert max(step["Actual Rows"] for step in steps) == 50


def test_candidates_are_of_the_story_that_theirs_became(
    database: SqlDatabase, begin: Callable[..., StoryId], store: Callable[..., ItemId], now: datetime
) -> None:
    """A merge is seen at once in whatever is found."""
    one, two = begin(), begin()
    store(1, one, 5)
    with database.unit_of_work() as unit:
        unit.stories.merge(one, two)
        (candidate,) = unit.stories.index.candidates((5,), since=now, limit=9)
        assert candidate.story_id == two
        assert unit.stories.index.of_stories([two], each=9) == (candidate,)


def test_marks_are_replaced(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    store: Callable[..., ItemId],
    make_marks: Callable[..., StoryMarks],
    now: datetime,
) -> None:
    """After an item was read again it is found under its new keys only, with its new traits."""
    item_id = store(1, begin(), 5, 6)
    with database.unit_of_work() as unit:
        unit.stories.index.put(item_id, make_marks(6, 7, act="ban"), seen_at=now, version="2")
        unit.commit()
    assert [found(database, key, since=now) for key in (5, 6, 7)] == [[], [item_id], [item_id]]
    with database.unit_of_work() as unit:
        (candidate,) = unit.stories.index.of_items([item_id])
        assert candidate.traits == make_marks(act="ban").traits


def test_traits_of_items_and_stories_are_had_at_once(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    store: Callable[..., ItemId],
    report: Callable[..., ItemId],
    unlink: Callable[..., None],
) -> None:
    """Of items those with traits and a story, of each story the first so many with traits, in order of their ids."""
    one, two, three = begin(), begin(), begin()
    bare = report(1, one)
    ids = [store(n, one if n % 2 else two, n) for n in range(2, 9)]
    waiting = store(9, one, 9)
    unlink(waiting)
    with database.reading() as unit:
        index = unit.stories.index

        def of_stories(*stories: StoryId, each: int) -> list[int]:
            return [candidate.item_id for candidate in index.of_stories(stories, each=each)]

        assert [one.item_id for one in index.of_items([ids[2], bare, ids[0], waiting, ItemId(99)])] == [ids[0], ids[2]]
        assert of_stories(two, one, each=2) == ids[:4]
        assert of_stories(two, each=3) == ids[:5:2]
        assert of_stories(one, three, StoryId(99), each=9) == ids[1::2]
        assert of_stories(each=2) == []


def test_traits_that_cannot_be_read_are_left_out(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    store: Callable[..., ItemId],
    query: Callable[[str], object],
    now: datetime,
    kind: str,
) -> None:
    """What another version of the program stored does not stop the linking of others."""
    story = begin()
    store(1, story, 5)
    good = store(2, story, 5)
    zeros = "zeroblob(9)" if kind == "sqlite" else r"'\x00'::bytea"
    query(f"UPDATE story_traits SET packed_traits = {zeros} WHERE item_id = 1")  # noqa: S608 - written here
    assert found(database, 5, since=now) == [good]


def test_items_whose_marks_are_not_of_the_version_are_told(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    report: Callable[..., ItemId],
    make_marks: Callable[..., StoryMarks],
    make_classification: Callable[..., Classification],
    unlink: Callable[..., None],
    now: datetime,
) -> None:
    """Relevant items of stories that were never read, or by another version, are found, the oldest first."""
    story, yes, no = begin(), make_classification(), make_classification(relevant=False)
    read, other = (report(n, story, classification=yes, first_seen_at=now + n * DAY) for n in (1, 2))
    with database.unit_of_work() as unit:
        for item_id, version in ((read, "2"), (other, "1")):
            unit.stories.index.put(item_id, make_marks(5), seen_at=now, version=version)
        unit.commit()
    never = report(3, story, classification=yes)
    report(4, story, classification=yes, first_seen_at=now - DAY)
    report(5, story, classification=no)
    unlink(report(6, story, classification=yes))
    with database.unit_of_work() as unit:
        unread = unit.stories.index.unread
        assert [item.id for item in unread(since=now, version="2", limit=9)] == [never, other]
        assert [item.id for item in unread(since=now, version="2", limit=1)] == [never]


def test_pruning_forgets_the_oldest_and_relevant_ones_later(
    database: SqlDatabase, begin: Callable[..., StoryId], store: Callable[..., ItemId], now: datetime
) -> None:
    """Marks of items first seen before a moment go, relevant ones before an earlier one, so many at a time."""
    story = begin()
    for n in range(6):
        store(n + 1, story, 5, n + 10, at=now + n * DAY, relevant=n % 2 == 0)
    with database.unit_of_work() as unit:

        def prune(limit: int) -> int:
            return unit.stories.prune(before=now + 4 * DAY, relevant_before=now + 2 * DAY, limit=limit)

        assert prune(1) == 1
        unit.commit()
        assert found(database, 5, since=now) == [1, 3, 4, 5, 6]
        assert [prune(9), prune(9)] == [2, 0]
        unit.commit()
    assert found(database, 5, *range(10, 16), since=now) == [3, 5, 6]


def test_keys_outlive_their_item_until_they_are_pruned(
    database: SqlDatabase, make_marks: Callable[..., StoryMarks], now: datetime
) -> None:
    """Marks of an item that is gone lead nowhere, and can still be pruned."""
    with database.unit_of_work() as unit:
        unit.stories.index.put(ItemId(99), make_marks(5), seen_at=now, version="1")
        assert unit.stories.index.candidates((5,), since=now, limit=9) == ()
        assert unit.stories.index.of_items([ItemId(99)]) == ()
        assert unit.stories.prune(before=now + DAY, relevant_before=now + DAY, limit=9) == 1


def test_item_and_marks_are_stored_together_or_not_at_all(
    database: SqlDatabase, make_item: Callable[..., Item], make_marks: Callable[..., StoryMarks], now: datetime
) -> None:
    """What was not committed is not found."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item())
        unit.stories.index.put(item_id, make_marks(5), seen_at=now, version="1")
    assert found(database, 5, since=now) == []
    assert replace(make_marks(5), keys=()) == make_marks()
