"""Stories of a database from before there were any are made of their items, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table, insert
from sqlalchemy.types import Boolean, DateTime, Integer

from core.alert import AlertKind, ChannelId, RouteId, item_alert_key
from core.classification import Stage
from core.item import ItemId, StoryId
from core.stories import Story, WantedStories
from storage.schema import _config
from storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.item import Item
    from storage.database import SqlDatabase

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANY = 1_004
"""Items of one story each that fill the first portion of the migration to the brim."""


@pytest.fixture
def address(empty_address: str) -> str:
    """Address of a database without tables."""
    return empty_address


@pytest.fixture
def database(address: str, open_database: Callable[..., SqlDatabase]) -> SqlDatabase:
    """A database at the revision before stories."""
    database = open_database(address)
    database.migrate()
    database.downgrade(to="base")
    with database._without_foreign_keys() as engine, engine.begin() as connection:
        command.upgrade(_config(connection), "0008")
    return database


def fill(database: SqlDatabase, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows as a program of that time did; columns that are not given hold nothing, an id is given."""
    with database._engine.begin() as connection:
        reflected = Table(table, MetaData(), autoload_with=connection)
        newest = Base.metadata.tables[table].columns
        columns = [Column(one.name, newest[one.name].type, primary_key=one.primary_key) for one in reflected.columns]
        blank = {one.name: _nothing(one) for one in reflected.columns if not (one.nullable or one.primary_key)}
        connection.execute(insert(Table(table, MetaData(), *columns)), [{**blank, **row} for row in rows])


def _nothing(column: Column[Any]) -> object:
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 0
        case DateTime():
            return NOW
        case _:
            return [] if column.name in ("document_numbers", "attachments") else ""


def old_item(item_id: int, story_id: int | None, hours: int = 0, **fields: Any) -> dict[str, Any]:
    """Return a row of `items` of that time; every row gives the same columns."""
    at = NOW + hours * HOUR
    judged = {"relevant": None, "score": None, "jurisdiction": None, "act": None, "stage": None, "topics": None}
    row = {"id": item_id, "story_id": story_id, "published_at": at, "first_seen_at": at + HOUR, "updated_at": at}
    words = {"title": f"标题{item_id}", "gloss": None, "language": "zh", "source_id": "lianwen"}
    origin = {"published_precision": "minute", "published_origin": "list", "body_origin": "page"}
    return {**row, **words, **origin, **judged, **fields}


JUDGED: dict[str, Any] = {
    "relevant": True, "score": 0.9, "jurisdiction": "cn-sh", "act": "plan", "stage": Stage.DRAFT, "topics": ["ai"],
    "gloss": "A plan",
}  # fmt: skip


def all_stories(database: SqlDatabase) -> dict[int, Story]:
    """Return every story by its id."""
    with database.unit_of_work() as unit:
        return {story.id: story for story in unit.stories.list(WantedStories(relevant_only=False), limit=99_999)}


def test_stories_are_made_of_their_items(database: SqlDatabase) -> None:
    """Each number that items name becomes a story that says what they say together; items of none wait for theirs."""
    rows = [
        old_item(1, 1, 5, source_id="daily", language="en", score=0.1, relevant=False, topics=["chips", "ai"]),
        old_item(2, 1, 3, relevant=None, language="zh-Hant"),
        old_item(3, 3, 9),
        old_item(4, 1, 6, **{**JUDGED, "title": "late", "topics": ["ai", "6g"], "score": 0.95}),
        old_item(5, 1, 4, **JUDGED),
        old_item(6, None, 1),
    ]
    fill(database, "items", rows)
    database.migrate()
    database.check()
    assert all_stories(database) == {
        1: Story(
            id=StoryId(1),
            title="标题5",
            gloss="A plan",
            language="zh",
            relevant=True,
            score=0.95,
            jurisdiction="cn-sh",
            act="plan",
            stage=Stage.DRAFT,
            topics=("ai", "chips", "6g"),
            languages=("zh-Hant", "zh", "en"),
            items=4,
            sources=2,
            began_at=NOW + 3 * HOUR,
            first_seen_at=NOW + 4 * HOUR,
            last_seen_at=NOW + 7 * HOUR,
        ),
        3: Story(
            id=StoryId(3),
            title="标题3",
            language="zh",
            languages=("zh",),
            items=1,
            sources=1,
            began_at=NOW + 9 * HOUR,
            first_seen_at=NOW + 10 * HOUR,
            last_seen_at=NOW + 10 * HOUR,
        ),
    }
    with database.unit_of_work() as unit:
        assert [item.id for item in unit.stories.items(StoryId(1))] == [2, 5, 1, 4]
        assert [item.id for item in unit.stories.unlinked(limit=9)] == [6]


def test_many_items_are_taken_in_portions(database: SqlDatabase) -> None:
    """A story whose items lie in two portions is made once, of all of them; no story is left out."""
    rows = [old_item(n, n) for n in range(1, MANY)] + [old_item(n, 998) for n in range(MANY, MANY + 9)]
    fill(database, "items", rows)
    database.migrate()
    stories = all_stories(database)
    assert stories.keys() == set(range(1, MANY))
    assert {story.items for story in stories.values()} == {1, 10}
    assert stories[998].items == 10


def test_alerts_of_old_are_of_their_story(database: SqlDatabase) -> None:
    """Which story an alert told of is read out of its key, also when its item is gone; others tell of none."""
    fill(database, "items", [old_item(1, 1), old_item(2, 2)])
    key = item_alert_key(RouteId("all"), ChannelId("desk"), StoryId(1))
    alerts = [
        {"id": 1, "kind": "item", "dedup_key": key, "channel": "desk"},
        {"id": 2, "kind": "item", "dedup_key": "odd", "channel": "desk"},
        {"id": 3, "kind": "notice", "dedup_key": "a/b/story-1", "channel": "phone"},
    ]
    fill(database, "outbox", [{**alert, "state": "sent", "created_at": NOW} for alert in alerts])
    database.migrate()
    with database.unit_of_work() as unit:
        (alert,) = unit.stories.alerts(StoryId(1))
        assert (alert.channel, alert.kind) == ("desk", AlertKind.ITEM)
        assert unit.stories.alerts(StoryId(2)) == ()


def test_new_stories_are_numbered_above_all_of_old(
    database: SqlDatabase, make_story: Callable[..., Story], query: Callable[[str], object], kind: str
) -> None:
    """Not even the number of an item that is gone becomes that of a story: alerts of old may name it."""
    fill(database, "items", [old_item(1, 1), old_item(70, 1)])
    if kind == "postgresql":
        query("SELECT setval('items_id_seq', 70)")
    query("DELETE FROM items WHERE id = 70")
    database.migrate()
    with database.unit_of_work() as unit:
        assert unit.stories.begin(make_story()) == 71


def test_stories_lead_down_and_up_again(
    database: SqlDatabase,
    make_story: Callable[..., Story],
    make_item: Callable[..., Item],
    query: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    """A program of before finds every item in its story, gives no number of theirs again, and stories come back."""
    database.migrate()
    with database.unit_of_work() as unit:
        stories = [unit.stories.begin(make_story()) for _ in range(9)]
        items = [unit.items.add(make_item(n)) for n in range(4)]
        unit.stories.move(items[:2], stories[0])
        unit.stories.move(items[2:3], stories[8])
        unit.commit()
    query("UPDATE items SET story_id = NULL WHERE id = (SELECT max(id) FROM items)")
    database.downgrade(to="0008")
    waited = query("SELECT story_id FROM items WHERE id = (SELECT max(id) FROM items)")[0][0]
    assert waited not in stories
    new = old_item(0, None)
    del new["id"]
    fill(database, "items", [new])
    own = query("SELECT max(id) FROM items")[0][0]
    assert own > max(*stories, waited)
    database.migrate()
    known = all_stories(database)
    assert known.keys() == {stories[0], stories[8], waited}
    assert (known[stories[0]].items, known[stories[8]].items) == (2, 1)
    with database.unit_of_work() as unit:
        assert [item.id for item in unit.stories.items(stories[0])] == items[:2]
        assert [item.id for item in unit.stories.unlinked(limit=9)] == [ItemId(own)]
        assert unit.stories.begin(make_story()) > own
