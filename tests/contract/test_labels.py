"""What users said of items is remembered, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.item import ItemId
from core.labels import Label, Wanted, label_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Item
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)


def store(database: SqlDatabase, *items: Item) -> list[ItemId]:
    """Store items and return their ids."""
    with database.unit_of_work() as unit:
        ids = [unit.items.add(item) for item in items]
        unit.commit()
    return ids


def test_a_label_comes_back_as_it_was_given(
    database: SqlDatabase, make_item: Callable[..., Item], now: datetime
) -> None:
    """Every field survives, also of a label of an article that was never stored."""
    (item_id,) = store(database, make_item())
    label = label_of(make_item(id=item_id), relevant=True, topics=["ai", "ai", "chips"], at=now)
    foreign = Label(
        relevant=False,
        topics=(),
        labelled_at=now + HOUR,
        title="A token rose",
        text="It rose.",
        language="en",
        source_id="",
        url="",
        published_at=None,
        jurisdiction="cn-sh",
        act="plan",
        hard=True,
    )
    with database.unit_of_work() as unit:
        unit.labels.put(foreign)
        unit.labels.put(label)
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.labels.all() == (label, foreign)
        assert unit.labels.count() == 2
        assert unit.labels.of_items([item_id, ItemId(99)]) == {item_id: label}
    assert label.topics == ("ai", "chips")


def test_a_second_answer_replaces_the_first(
    database: SqlDatabase, make_item: Callable[..., Item], now: datetime
) -> None:
    """One article has one label, also when its title was edited between the two answers."""
    item = make_item(7)
    with database.unit_of_work() as unit:
        unit.labels.put(label_of(item, relevant=True, topics=["ai"], at=now))
        unit.labels.put(label_of(item, relevant=False, topics=["ai"], at=now + HOUR))
        unit.commit()
    edited = label_of(replace(item, title="另一个标题"), relevant=True, topics=[], at=now + 2 * HOUR)
    with database.unit_of_work() as unit:
        (kept,) = unit.labels.all()
        assert (kept.relevant, kept.topics) == (False, ())
        unit.labels.put(edited)
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.labels.all() == (edited,)


def test_a_label_can_be_taken_back(database: SqlDatabase, make_item: Callable[..., Item], now: datetime) -> None:
    """Removing forgets it, once."""
    label = label_of(make_item(), relevant=True, topics=[], at=now)
    with database.unit_of_work() as unit:
        unit.labels.put(label)
        assert unit.labels.remove(label.key)
        assert not unit.labels.remove(label.key)
        assert unit.labels.all() == ()


def test_candidates_are_judged_and_unlabelled(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Any], now: datetime
) -> None:
    """The last seen comes first; what is unjudged or labelled is no candidate; each wish narrows the choice."""
    yes, no = make_classification(score=0.9), make_classification(relevant=False, score=0.2)
    first, second, third, fourth, _ = store(
        database,
        make_item(1, classification=yes),
        make_item(2, classification=no, first_seen_at=now + HOUR),
        make_item(3, classification=yes, first_seen_at=now + 2 * HOUR, source_id="other", title="100% AI_chips"),
        make_item(4, classification=no, first_seen_at=now + 3 * HOUR),
        make_item(5, classification=None),
    )
    with database.unit_of_work() as unit:
        unit.labels.put(label_of(make_item(4, id=fourth), relevant=True, topics=[], at=now))

        def found(limit: int = 9, **wishes: Any) -> list[ItemId]:
            return [one.item_id for one in unit.labels.candidates(Wanted(**wishes), limit=limit)]

        assert found() == [third, second, first]
        assert found(limit=1) == [third]
        assert found(since=now + HOUR) == [third, second]
        assert found(sources=("lianwen",)) == [second, first]
        assert found(flagged=True) == [third, first]
        assert found(flagged=False) == [second]
        assert found(query="ai_CHIPS 100%") == [third]
        assert found(query="公共服务 第1版") == [first]
        assert found(query="ai%chips") == []
        (top,) = unit.labels.candidates(Wanted(), limit=1)
    assert (top.score, top.relevant, top.source_id) == (0.9, True, "other")


def test_a_label_outlives_its_item(
    database: SqlDatabase,
    query: Callable[[str], list[tuple[object, ...]]],
    make_item: Callable[..., Item],
    now: datetime,
) -> None:
    """When the item is pruned the label stays, with its words and the item's number."""
    (item_id,) = store(database, make_item())
    label = label_of(make_item(id=item_id), relevant=True, topics=["blockchain"], at=now)
    with database.unit_of_work() as unit:
        unit.labels.put(label)
        unit.commit()
    query(f"DELETE FROM items WHERE id = {item_id}")  # noqa: S608 - a number of our own
    with database.unit_of_work() as unit:
        assert unit.labels.all() == (label,)
