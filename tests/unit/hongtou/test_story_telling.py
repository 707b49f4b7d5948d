"""A story is told once a route and channel, and again of what a route asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertKind, AlertState, Cadence, ChannelId, GroupBy, Hold, RouteId, RouteMatch
from core.stories import StoryChange
from hongtou.story_telling import what_is_new

if TYPE_CHECKING:
    from typing import Any

EVERY = frozenset(StoryChange)


@pytest.fixture
def routed(newsroom: Any, make_route: Any) -> Any:
    """A newsroom whose routes are given: each by what it wants to hear again, and further fields."""

    def open_with(*routes: tuple[str, Any, dict[str, Any]]) -> Any:
        newsroom.routes = [
            make_route(id=RouteId(name), updates=frozenset(updates), continue_=True, **fields)
            for name, updates, fields in routes
        ]
        newsroom.reopen()
        return newsroom

    return open_with


def told(newsroom: Any) -> list[tuple[str | None, str, str, str | None]]:
    """Return route, kind, state and change of every alert."""
    return [
        (alert.route, alert.kind.value, alert.state.value, alert.dedup_key.rpartition("/")[2])
        for alert in newsroom.outbox()
    ]


def test_a_story_is_told_once(newsroom: Any) -> None:
    """Further reports, other languages and the document itself are silent unless they are asked for."""
    newsroom.accept(1, "#plan 区块链")
    newsroom.accept(2, "#plan blockchain", language="en")
    newsroom.accept(3, "#plan 区块链通知", source="gov1")
    [alert] = newsroom.outbox()
    assert (alert.kind, alert.dedup_key) == (AlertKind.ITEM, "all/desk/story-1")


def test_a_route_hears_again_what_it_asks_for(routed: Any) -> None:
    """Another language and the document, each once; a further report is not asked for."""
    room = routed(("r", {StoryChange.NEW_LANGUAGE, StoryChange.PRIMARY_FOUND}, {}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 区块链 又报")
    english = room.accept(3, "#plan blockchain", language="en")
    room.accept(4, "#plan blockchain again", language="en")
    own = room.accept(5, "#plan 区块链通知", source="gov1")
    _, language, primary = room.outbox()
    assert {language.kind, primary.kind} == {AlertKind.UPDATE}
    assert language.dedup_key == f"r/desk/story-1/new-language-{english.id}"
    assert language.reason == "update of story 1: the first report in English"
    assert (language.item_id, language.state, language.channel) == (english.id, AlertState.PENDING, "desk")
    assert primary.dedup_key == f"r/desk/story-1/primary-found-{own.id}"


def test_an_item_is_one_update(routed: Any) -> None:
    """What changes a story in three ways is told as the weightiest of those that are asked for."""
    room = routed(("every", EVERY, {}), ("reports", {StoryChange.REPORT}, {}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan blockchain notice", source="gov1", language="en")
    updates = [alert.dedup_key for alert in room.outbox() if alert.kind is AlertKind.UPDATE]
    assert updates == ["every/desk/story-1/primary-found-2", "reports/desk/story-1/report-2"]


def test_updates_wait_for_the_digest_of_their_route(routed: Any) -> None:
    """As its stories do."""
    room = routed(("daily", EVERY, {"cadence": Cadence.DIGEST, "cron": "0 9 * * *"}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 区块链 又报")
    assert [(kind, state) for _, kind, state, _ in told(room)] == [("item", "held"), ("update", "held")]


def test_only_who_was_told_hears_of_an_update(routed: Any) -> None:
    """A route that wants other things hears neither; one that begins to match now is told the story itself."""
    room = routed(
        ("zh", EVERY, {"match": RouteMatch(languages=frozenset({"zh"})), "channels": (ChannelId("a"),)}),
        ("en", EVERY, {"match": RouteMatch(languages=frozenset({"en"})), "channels": (ChannelId("b"),)}),
        ("us", EVERY, {"match": RouteMatch(jurisdictions=frozenset({"us"})), "channels": (ChannelId("c"),)}),
    )
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan blockchain", language="en")
    assert [alert.dedup_key for alert in room.outbox()] == [
        "zh/a/story-1",
        "en/b/story-1",
        "zh/a/story-1/new-language-2",
    ]


def test_a_route_by_item_tells_every_report_that_it_wants(routed: Any) -> None:
    """Each once, as an alert of its own; updates beside it say nothing more, and what it does not want stays silent."""
    wanted = RouteMatch(languages=frozenset({"zh"}))
    room = routed(("items", EVERY, {"group_by": GroupBy.ITEM, "match": wanted}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 区块链 又报")
    room.accept(3, "#plan blockchain", language="en")
    room.accept(4, "#plan 区块链通知", source="gov1")
    assert [(kind, key) for _, kind, _, key in told(room)] == [
        ("item", "story-1"),
        ("item", "report-2"),
        ("item", "report-4"),
    ]


def test_after_a_merge_nobody_is_told_twice(routed: Any) -> None:
    """Under whatever number a channel was told of a story; updates go on."""
    room = routed(("r", {StoryChange.REPORT}, {}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#rule 区块链")
    room.accept(3, "#rule #plan 区块链")
    room.accept(4, "#rule 区块链")
    assert [key for _, _, _, key in told(room)] == ["story-1", "story-2", "report-3", "report-4"]


def test_a_report_that_is_not_relevant_is_no_update(routed: Any) -> None:
    """Unless it is the authority's own document."""
    room = routed(("r", EVERY, {}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 无关", text="无关")
    own = room.accept(3, "#plan 通知", source="gov1", text="无关")
    assert [alert.item_id for alert in room.outbox()] == [1, own.id]


def test_old_news_is_no_update(routed: Any, make_published: Any, now: Any) -> None:
    """A report published long ago changes the story, and is told to nobody."""
    room = routed(("r", EVERY, {}))
    room.accept(1, "#plan 区块链")
    old = room.accept(2, "#plan 区块链 旧", published=make_published(at=now - timedelta(days=31)))
    assert old.story_id == 1
    assert len(room.outbox()) == 1


def test_a_route_may_tell_at_once_and_in_the_digest(routed: Any) -> None:
    """There are two rows, of two keys, of the story and of each update."""
    room = routed(("b", EVERY, {"cadence": Cadence.BOTH, "cron": "0 9 * * *"}))
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 区块链 又报")
    rows = [(alert.kind, alert.state, alert.held_for, alert.dedup_key) for alert in room.outbox()]
    assert rows == [
        (AlertKind.ITEM, AlertState.PENDING, None, "b/desk/story-1"),
        (AlertKind.ITEM, AlertState.HELD, Hold.DIGEST, "b/desk/story-1/digest"),
        (AlertKind.UPDATE, AlertState.PENDING, None, "b/desk/story-1/report-2"),
        (AlertKind.UPDATE, AlertState.HELD, Hold.DIGEST, "b/desk/story-1/report-2/digest"),
    ]


def test_what_a_first_poll_finds_is_held_to_be_told_together(routed: Any, make_published: Any, now: Any) -> None:
    """Also what a later poll finds that was there then; what came after it is news, and a digest waits anyway."""
    room = routed(("now", (), {}), ("daily", (), {"cadence": Cadence.DIGEST, "cron": "0 9 * * *"}))
    room.accept(1, "区块链一", first=True)
    old = make_published(at=now - timedelta(hours=1))
    room.accept(2, "区块链二", synced_at=now - timedelta(minutes=9), published=old)
    room.accept(3, "区块链三", synced_at=now - timedelta(minutes=9))
    room.accept(4, "区块链四", synced_at=now - timedelta(days=2), published=make_published(at=now - timedelta(days=3)))
    holds = [(alert.route, alert.held_for) for alert in room.outbox()]
    assert holds[::2] == [("now", Hold.CATCH_UP), ("now", Hold.CATCH_UP), ("now", None), ("now", None)]
    assert set(holds[1::2]) == {("daily", Hold.DIGEST)}


def test_what_is_new_is_said_in_words() -> None:
    """With the language's name, or its code."""
    assert what_is_new(StoryChange.PRIMARY_FOUND, "zh") == "the authority's own document"
    assert what_is_new(StoryChange.NEW_LANGUAGE, "zh-Hant") == "the first report in Chinese"
    assert what_is_new(StoryChange.NEW_LANGUAGE, "fr") == "the first report in fr"
    assert what_is_new(StoryChange.REPORT, "en") == "a further report"
