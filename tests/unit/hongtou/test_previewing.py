"""What an alert of stored items and stories would tell, gathered and not sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alerts.matcher import OrderedRouteMatcher
from core.alert import AlertKind, ChannelId, RouteId, RouteMatch
from core.item import ItemId, StoryId
from hongtou.contents import Lookups
from hongtou.previewing import NothingToShowError, Wanted, stored_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Route
    from core.message import Content

    Show = Callable[..., Content]

TITLE = "#plan 区块链通知"


@pytest.fixture
def routes(make_route: Any) -> list[Route]:
    """Two routes that want everything; the first lets the second have it, too."""
    match = RouteMatch(topics=frozenset({"blockchain"}))
    return [
        make_route(id=RouteId("first"), match=match, continue_=True),
        make_route(id=RouteId("second"), zone="Europe/Berlin"),
    ]


@pytest.fixture
def show(newsroom: Any, routes: list[Route]) -> Show:
    """Gather what an alert of items and stories would tell."""

    def show(*items: int, stories: tuple[int, ...] = (), kind: AlertKind = AlertKind.ITEM, **fields: Any) -> Content:
        wanted = Wanted(
            kind=kind,
            channel=ChannelId("desk"),
            items=tuple(ItemId(number) for number in items),
            stories=tuple(StoryId(number) for number in stories),
            **fields,
        )
        lookups = Lookups(sources=newsroom.source, routes={route.id: route for route in routes})
        matcher = OrderedRouteMatcher(routes)
        with newsroom.database.reading() as uow:
            return stored_content(uow, wanted, lookups=lookups, matcher=matcher, now=newsroom.clock.now())

    return show


def test_an_item_is_told_with_its_story_and_reason(newsroom: Any, show: Show) -> None:
    """The first route that wants it gives reason and zone."""
    item = newsroom.accept(1, TITLE)
    content = show(item.id)
    (told,) = content.told
    assert content.kind is AlertKind.ITEM
    assert (content.route, content.zone) == ("first", "Asia/Shanghai")
    assert told.item == item
    assert told.story is not None
    assert told.story.story.id == item.story_id
    assert told.reason == "topic blockchain"
    assert content.frame is None


def test_a_route_that_is_named_tells_it(newsroom: Any, show: Show, routes: list[Route]) -> None:
    """Its zone is taken, and its reason."""
    item = newsroom.accept(1, TITLE)
    content = show(item.id, route=routes[1])
    assert (content.route, content.zone) == ("second", "Europe/Berlin")
    assert content.told[0].reason == "every relevant item"


def test_an_item_that_no_route_wants_is_shown_without_one(newsroom: Any, show: Show, make_classification: Any) -> None:
    """What is not relevant matches nothing, and can be looked at all the same."""
    number = newsroom.store(7, classification=make_classification(relevant=False))
    content = show(number)
    assert content.route is None
    assert content.told[0].reason == ""
    assert content.told[0].story is None


def test_a_story_is_told_by_the_authoritys_document(newsroom: Any, show: Show) -> None:
    """Else by its first relevant report."""
    report = newsroom.accept(1, TITLE)
    assert show(stories=(report.story_id,)).told[0].item.id == report.id
    newsroom.clock.advance(timedelta(hours=1))
    document = newsroom.accept(2, TITLE, source="gov1")
    assert document.story_id == report.story_id
    content = show(stories=(report.story_id,), kind=AlertKind.UPDATE)
    assert content.kind is AlertKind.UPDATE
    assert content.told[0].item.id == document.id


def test_several_are_a_digest_with_its_frame(newsroom: Any, show: Show) -> None:
    """Items and stories stand in the order in which they were named, and the week is counted."""
    first, second = newsroom.accept(1, TITLE), newsroom.accept(2, "#other 区块链措施")
    content = show(second.id, stories=(first.story_id,))
    assert content.kind is AlertKind.DIGEST
    assert [one.item.id for one in content.told] == [second.id, first.id]
    assert content.frame is not None
    assert sum(count for _, count in content.frame.week) >= 1


@pytest.mark.parametrize(("items", "stories"), [((99,), ()), ((), (99,))])
def test_what_is_not_stored_is_said(show: Show, items: tuple[int, ...], stories: tuple[int, ...]) -> None:
    """The number is named."""
    with pytest.raises(NothingToShowError, match="99"):
        show(*items, stories=stories)
