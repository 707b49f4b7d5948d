"""What alerts tell: items with their stories, and what stands around a digest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, Hold, RouteId
from core.incident import NO_SOURCE, Fault, Incident, IncidentId
from core.item import StoryId
from core.message import ChannelForm, ChannelKind
from core.notices import NoticeKind
from core.pacing import HeldBack
from core.source import SourceId
from core.stories import Kinship, Relation, StoryChange
from hongtou.contents import Lookups, content_of, form_for, missing_stories, story_number

if TYPE_CHECKING:
    from typing import Any


@pytest.fixture
def room(newsroom: Any, make_route: Any) -> Any:
    """A newsroom with a route in Berlin."""
    newsroom.routes = [make_route(id=RouteId("r"), zone="Europe/Berlin", language="zh", template="mine")]
    newsroom.reopen()
    newsroom.lookups = Lookups(sources=newsroom.source, routes={route.id: route for route in newsroom.routes})
    return newsroom


def content(room: Any, alert: Alert) -> Any:
    """Return what an alert tells now."""
    with room.database.reading() as uow:
        return content_of(uow, alert, room.lookups, now=room.clock.now())


def bundle(room: Any) -> Any:
    """Bundle all that is pending, as a storm would, and return the digest."""
    with room.database.unit_of_work() as uow:
        back = HeldBack(hold=Hold.STORM, release_at=room.clock.now())
        ids = [alert.id for alert in uow.pacing.pending(limit=99)]
        uow.pacing.hold(dict.fromkeys(ids, back))
        digest = uow.pacing.bundle(ids, now=room.clock.now(), why="a storm")
        assert digest is not None
        found = uow.outbox.get(digest)
        uow.commit()
    assert found is not None
    return found


def test_an_item_is_told_with_its_story(room: Any) -> None:
    """The document, every outlet with its lead, and related stories on either side."""
    own = room.accept(1, "#plan 区块链通知", source="gov1")
    room.clock.advance(hours=2)
    report = room.accept(2, "#plan blockchain", language="en")
    other = room.accept(3, "#other 区块链")
    with room.database.unit_of_work() as uow:
        later, earlier = StoryId(other.story_id), StoryId(own.story_id)
        uow.stories.relate(Kinship(later=later, earlier=earlier, relation=Relation.IMPLEMENTS))
        uow.commit()
    alert = room.outbox()[0]
    told = content(room, alert)
    [one] = told.told
    assert (told.kind, told.zone, told.frame, one.reason) == (AlertKind.ITEM, "Europe/Berlin", None, alert.reason)
    assert one.story.primary.id == own.id
    assert [(outlet.name, outlet.outlet.lead) for outlet in one.story.outlets] == [
        ("链闻", timedelta()),
        ("链闻", timedelta(hours=2)),
    ]
    assert one.story.outlets[1].url == report.url
    assert [(relation, is_later, story.id) for relation, is_later, story in one.story.kin] == [
        (Relation.IMPLEMENTS, False, other.story_id)
    ]


def test_a_digest_tells_each_story_once_and_what_is_around(room: Any) -> None:
    """Several rows of one story are one; the week's counts, quiet sources and what was silenced stand beside."""
    room.routes[0] = room.routes[0].__class__(
        id=RouteId("r"), channels=(ChannelId("desk"),), updates=frozenset(StoryChange), zone="Europe/Berlin"
    )
    room.reopen()
    room.accept(1, "#plan 区块链")
    room.accept(2, "#plan 区块链 又报")
    room.accept(3, "#other 区块链")
    now = room.clock.now()
    with room.database.unit_of_work() as uow:
        for number, source, fault in ((0, "lost", Fault.QUIET), (0, str(NO_SOURCE), Fault.NETWORK)):
            uow.health.put_incident(
                Incident(
                    id=IncidentId(number), source_id=SourceId(source), fault=fault, started_at=now, last_seen_at=now
                )
            )
        uow.commit()
    told = content(room, bundle(room))
    assert [one.item.id for one in told.told] == [1, 2, 3]
    assert len({story_number(one) for one in told.told}) == 2
    assert told.frame.why == "a storm"
    assert told.frame.since is None
    assert told.frame.week[-1] == ("2023-06-15", 2)
    assert [count for _, count in told.frame.week] == [0] * 6 + [2]
    assert [(quiet.source_id, quiet.fault) for quiet in told.frame.quiet] == [("lost", "quiet")]
    assert missing_stories(told, [story_number(told.told[0])], more=1) == ()
    assert [one.item.id for one in missing_stories(told, [story_number(told.told[0])], more=0)] == [3]


def test_the_last_delivered_digest_is_where_the_next_begins(room: Any) -> None:
    """Also what was silenced is counted from it."""
    room.accept(1, "#a 区块链")
    first = bundle(room)
    delivered = room.clock.now()
    with room.database.unit_of_work() as uow:
        uow.outbox.mark_sent(first.id, at=delivered)
        uow.commit()
    room.clock.advance(hours=3)
    room.accept(2, "#b 区块链")
    room.accept(3, "#c 区块链")
    with room.database.unit_of_work() as uow:
        uow.pacing.silence({uow.pacing.pending(limit=1)[0].id: 1})
        uow.commit()
    told = content(room, bundle(room))
    assert (told.frame.since, told.frame.silenced) == (delivered, 1)


def test_notices_and_lost_items(room: Any) -> None:
    """A notice is its words; an alert whose item is gone tells nothing."""
    alert = Alert(
        id=AlertId(9), dedup_key="k", kind=AlertKind.NOTICE, channel=ChannelId("desk"), state=AlertState.CLAIMED,
        created_at=room.clock.now(), subject="s", body="b", notice=NoticeKind.DISK,
    )  # fmt: skip
    told = content(room, alert)
    assert (told.subject, told.body, told.notice, told.told) == ("s", "b", NoticeKind.DISK, ())
    gone = Alert(
        id=AlertId(8), dedup_key="k", kind=AlertKind.ITEM, channel=ChannelId("desk"), state=AlertState.CLAIMED,
        created_at=room.clock.now(),
    )  # fmt: skip
    assert content(room, gone) is None


def test_a_route_says_language_and_templates(room: Any) -> None:
    """The channel's own count where the route says nothing, or is gone."""
    form = ChannelForm(channel=ChannelId("desk"), kind=ChannelKind.OTHER, max_title=0, max_body=0, template="theirs")
    room.accept(1, "#a 区块链")
    alert = room.outbox()[0]
    mine = form_for(alert, form, room.lookups)
    assert (mine.language, mine.template) == ("zh", "mine")
    assert form_for(alert, form, Lookups(sources=room.source, routes={})) == form
