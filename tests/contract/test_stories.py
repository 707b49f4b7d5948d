"""Stories are remembered with their items, log and alerts on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertKind, AlertState, ChannelId, RouteId, item_alert_key, update_alert_key
from core.classification import Stage
from core.errors import StorageError
from core.item import ItemId, StoryId
from core.source import SourceId
from core.stories import StoryAlert, StoryChange, StoryEvent, StoryEventId, StoryEventKind, WantedStories

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.alert import NewAlert
    from core.item import Item, Published
    from core.stories import Story
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)
DESK, PHONE = ChannelId("desk"), ChannelId("phone")
ROUTE = RouteId("all")


def test_a_story_comes_back_as_it_was_stored(
    database: SqlDatabase, make_story: Callable[..., Story], now: datetime
) -> None:
    """Every field survives, before and after what is known of the story changed."""
    plain = make_story(7)
    full = make_story(
        title="上海发布元宇宙行动方案",
        gloss="Shanghai issues metaverse plan",
        language="zh",
        relevant=True,
        score=0.75,
        jurisdiction="cn-sh",
        act="plan",
        stage=Stage.IN_FORCE,
        topics=("metaverse", "ai"),
        languages=("zh", "en"),
        items=3,
        sources=2,
        primary_item_id=ItemId(9),
        began_at=now - HOUR,
        last_seen_at=now + HOUR,
    )
    with database.unit_of_work() as unit:
        story_id = unit.stories.begin(plain)
        assert unit.stories.get(story_id) == replace(plain, id=story_id)
        unit.stories.put(replace(full, id=story_id))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.stories.get(story_id) == replace(full, id=story_id)


def test_ids_are_never_given_twice(
    database: SqlDatabase, begin: Callable[..., StoryId], query: Callable[[str], object]
) -> None:
    """The number of a story that is gone is not that of a later one."""
    first, second = begin(), begin()
    assert second > first
    query("DELETE FROM stories WHERE id = (SELECT max(id) FROM stories)")
    assert begin() > second
    with database.unit_of_work() as unit:
        assert unit.stories.get(second) is None


def test_stories_come_in_the_order_asked_for(database: SqlDatabase, begin: Callable[..., StoryId]) -> None:
    """Each comes once, and one that is not there is left out."""
    one, two, three = begin(), begin(), begin()
    with database.unit_of_work() as unit:
        unit.stories.merge(one, three)
        asked = unit.stories.get_many([two, one, StoryId(99), three, two])
        assert [story.id for story in asked] == [two, three]
        assert unit.stories.get_many([]) == ()


def test_what_is_not_stored_cannot_be_changed(
    database: SqlDatabase, begin: Callable[..., StoryId], make_story: Callable[..., Story], now: datetime
) -> None:
    """Writing to a story that is not there, or put of one that was merged, is a StorageError; reading finds nothing."""
    merged, other, none = begin(), begin(), StoryId(77)
    with database.unit_of_work() as unit:
        unit.stories.merge(merged, other)
        with pytest.raises(StorageError, match=f"Story {merged} is not stored"):
            unit.stories.put(make_story(merged))
        changes: list[Callable[[], None]] = [
            lambda: unit.stories.put(make_story(none)),
            lambda: unit.stories.move([], none),
            lambda: unit.stories.merge(other, none),
            lambda: unit.stories.keep_apart(none, other),
            lambda: unit.stories.note(StoryEvent(story_id=none, kind=StoryEventKind.BEGUN, at=now)),
        ]
        for change in changes:
            with pytest.raises(StorageError, match="Story 77 is not stored"):
                change()
        reads = (unit.stories.items, unit.stories.events, unit.stories.kin, unit.stories.names, unit.stories.alerts)
        assert [len(read(none)) for read in reads] == [0] * 5
        assert unit.stories.get(none) is None
        assert unit.stories.count_items(none) == 0


def test_stories_are_listed_by_what_is_wanted(
    database: SqlDatabase, begin: Callable[..., StoryId], now: datetime
) -> None:
    """Every wish narrows the list by itself; those seen last come first, of equals the later begun."""
    plan = begin(title="Plan A_1", act="plan", jurisdiction="cn-sh", topics=("ai", "chips"), last_seen_at=now + HOUR)
    ban = begin(title="禁令", gloss="Ban of 100% coins", act="ban", jurisdiction="cn", topics=("stablecoin",))
    odd = begin(title="Plan AB1", relevant=False, jurisdiction="cnx", last_seen_at=now + 2 * HOUR)
    rest = begin(title="其他")

    def listed(limit: int = 9, **wanted: object) -> list[int]:
        with database.reading() as unit:
            look_for = WantedStories(**wanted)  # type: ignore[arg-type]
            found = [story.id for story in unit.stories.list(look_for, limit=limit)]
            assert limit < unit.stories.count(look_for) or unit.stories.count(look_for) == len(found)
            return list(found)

    assert listed() == [plan, rest, ban]
    assert listed(limit=2) == [plan, rest]
    assert listed(relevant_only=False) == [odd, plan, rest, ban]
    assert listed(since=now + HOUR) == [plan]
    assert listed(topics=("chips", "stablecoin")) == [plan, ban]
    assert listed(topics=("coin", "a_", "%")) == []
    assert listed(jurisdictions=("cn",), relevant_only=False) == [plan, ban]
    assert listed(jurisdictions=("cn-sh", "us")) == [plan]
    assert listed(acts=("ban", "tax")) == [ban]
    assert listed(text="plan a_", relevant_only=False) == [plan]
    assert listed(text="100%") == [ban]
    assert listed(text="plan", acts=("ban",)) == []


def test_a_story_has_the_items_that_were_put_into_it(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    report: Callable[..., ItemId],
    make_published: Callable[..., Published],
    now: datetime,
) -> None:
    """They come the first published first, as many as asked for; a moved one is in its new story only."""
    one, two = begin(), begin()
    late = report(1, one, published=make_published(at=now + HOUR))
    early = report(2, one, published=make_published(at=now - HOUR))
    also = report(3, one, published=make_published(at=now - HOUR))
    with database.unit_of_work() as unit:
        assert [item.id for item in unit.stories.items(one)] == [early, also, late]
        assert [item.id for item in unit.stories.items(one, limit=1)] == [early]
        unit.stories.move([early, late, early, ItemId(99)], two)
        assert [unit.stories.count_items(story) for story in (one, two)] == [1, 2]
        assert [item.id for item in unit.stories.items(one)] == [also]
        assert {item.story_id for item in unit.stories.items(two)} == {two}


def test_items_wait_for_their_story_until_they_are_put_into_one(
    database: SqlDatabase, begin: Callable[..., StoryId], report: Callable[..., ItemId], unlink: Callable[..., None]
) -> None:
    """Items that are in no story are found, the oldest first, and not any more once they are linked."""
    story = begin()
    _, *waiting = (report(n, story) for n in range(4))
    unlink(*waiting)
    with database.unit_of_work() as unit:
        assert [item.id for item in unit.stories.unlinked(limit=9)] == waiting
        assert [item.id for item in unit.stories.unlinked(limit=2)] == waiting[:2]
        unit.stories.move(waiting[:1], story)
        assert [item.id for item in unit.stories.unlinked(limit=9)] == waiting[1:]
        assert {item.story_id for item in unit.stories.unlinked(limit=9)} == {None}


def test_a_revision_leaves_an_item_in_its_story(
    database: SqlDatabase, begin: Callable[..., StoryId], report: Callable[..., ItemId], make_item: Callable[..., Item]
) -> None:
    """What was read before a merge does not put an item back into a story that is gone."""
    one, two = begin(), begin()
    item_id = report(1, one)
    with database.unit_of_work() as unit:
        unit.stories.merge(one, two)
        unit.items.revise(make_item(1, id=item_id, title="更正", story_id=one))
        assert [item.title for item in unit.stories.items(two)] == ["更正"]


def test_the_log_is_kept_in_order_of_time(database: SqlDatabase, begin: Callable[..., StoryId], now: datetime) -> None:
    """Entries come the oldest first, those of one moment as they were noted, as many as asked for."""
    one, two = begin(), begin()
    events = [
        StoryEvent(story_id=one, kind=StoryEventKind.BEGUN, at=now, item_id=ItemId(5)),
        StoryEvent(story_id=one, kind=StoryEventKind.SPLIT, at=now + HOUR, reason="by hand"),
        StoryEvent(story_id=one, kind=StoryEventKind.REPORT, at=now, item_id=ItemId(6), reason="same document"),
    ]
    with database.unit_of_work() as unit:
        for event in events:
            unit.stories.note(event)
        unit.stories.note(replace(events[0], story_id=two))
        log = unit.stories.events(one)
        assert [replace(event, id=StoryEventId(0)) for event in log] == [events[0], events[2], events[1]]
        assert len({event.id for event in log}) == 3
        assert unit.stories.events(one, limit=1) == log[:1]


@pytest.fixture
def tell(database: SqlDatabase, make_new_alert: Callable[..., NewAlert], now: datetime) -> Callable[..., StoryAlert]:
    """Adder of an alert about an item, under the name of a story; returns what the story will know of it."""

    def add(
        item_id: ItemId | None, key: str, hours: int, *, channel: ChannelId = DESK, kind: AlertKind = AlertKind.ITEM
    ) -> StoryAlert:
        at = now + hours * HOUR
        with database.unit_of_work() as unit:
            alert = make_new_alert(item_id=item_id, dedup_key=key, created_at=at, channel=channel, kind=kind)
            assert unit.outbox.add(alert)
            unit.commit()
        return StoryAlert(channel=channel, route=ROUTE, kind=kind.value, state="pending", at=at)

    return add


def test_alerts_are_of_a_story_by_their_item_or_their_name(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    report: Callable[..., ItemId],
    tell: Callable[..., StoryAlert],
) -> None:
    """A story knows who was told of its items, or of it by any of its names, each alert once, the oldest first."""
    one, two, other = begin(), begin(), begin()
    item, moved = report(1, one), report(2, other)
    update = update_alert_key(ROUTE, DESK, story=two, change=StoryChange.REPORT, item=item)
    by_item = tell(item, item_alert_key(ROUTE, PHONE, other), 3, channel=PHONE)
    by_both = tell(item, item_alert_key(ROUTE, DESK, one), 1)
    by_name = tell(moved, update, 2, kind=AlertKind.UPDATE)
    tell(moved, item_alert_key(ROUTE, DESK, other), 0)
    tell(None, "digest:abc", 0, kind=AlertKind.DIGEST)
    tell(None, f"note/of/story-{one}", 0, kind=AlertKind.NOTICE)
    with database.unit_of_work() as unit:
        assert unit.stories.alerts(one) == (by_both, by_item)
        assert unit.stories.alerts(two) == (by_name,)
        unit.stories.merge(one, two)
        assert unit.stories.alerts(one) == unit.stories.alerts(two) == (by_both, by_name, by_item)


def test_an_alert_tells_how_far_it_has_come(
    database: SqlDatabase,
    begin: Callable[..., StoryId],
    tell: Callable[..., StoryAlert],
    now: datetime,
) -> None:
    """A sent alert counts from when it was sent; a dead one told nobody."""
    story = begin()
    sent = tell(None, item_alert_key(ROUTE, DESK, story), 0)
    tell(None, item_alert_key(ROUTE, PHONE, story), 1, channel=PHONE)
    with database.unit_of_work() as unit:
        first, second = unit.outbox.claim(now=now + HOUR, limit=9, lease=HOUR)
        unit.outbox.mark_sent(first.id, at=now + 5 * HOUR)
        unit.outbox.mark_dead(second.id, error="gone")
        assert unit.stories.alerts(story) == (replace(sent, state=AlertState.SENT.value, at=now + 5 * HOUR),)


def test_stories_of_hostile_words_are_stored(database: SqlDatabase, make_story: Callable[..., Story]) -> None:
    """NUL and half surrogate pairs in a title do no harm."""
    with database.unit_of_work() as unit:
        story_id = unit.stories.begin(make_story(title="a\x00b\ud800", topics=("x\x00",)))
        story = unit.stories.get(story_id)
        assert story is not None
        assert (story.title[:2], story.topics) == ("ab", ("x",))


def test_items_of_many_sources_are_read_whole(
    database: SqlDatabase, begin: Callable[..., StoryId], report: Callable[..., ItemId]
) -> None:
    """A story's items are those of the archive, with their other sources."""
    story = begin()
    item_id = report(1, story)
    with database.unit_of_work() as unit:
        unit.items.touch(item_id, source_id=SourceId("daily"), entry_hash="1:aa")
        assert unit.stories.items(story) == (unit.items.get(item_id),)
        assert unit.stories.items(story)[0].also_seen == (SourceId("daily"),)
