"""Alerts are found by what people ask for, and tell what was tried, on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, RouteId
from core.delivery_repositories import WantedAlerts
from core.item import StoryId
from core.stories import Story

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.alert import NewAlert
    from core.item import Item
    from storage.database import SqlDatabase
    from storage.outbox import SqlOutboxRepository

MINUTE = timedelta(minutes=1)
DESK, ROUTE = ChannelId("desk"), RouteId("daily")


@pytest.fixture
def make_loose(make_new_alert: Callable[..., NewAlert]) -> Callable[..., NewAlert]:
    """Maker of alerts that belong to no stored item."""
    return lambda n=1, **fields: make_new_alert(n, **{"item_id": None, **fields})


def added(outbox: SqlOutboxRepository, alert: NewAlert) -> AlertId:
    """Store an alert that is new and return its id."""
    alert_id = outbox.add(alert)
    assert alert_id is not None
    return alert_id


def got(outbox: SqlOutboxRepository, alert_id: AlertId) -> Alert:
    """Return an alert that is there."""
    return cast("Alert", outbox.get(alert_id))


def test_alerts_are_found_by_what_people_ask_for(
    database: SqlDatabase, now: datetime, make_item: Callable[..., Item], make_new_alert: Callable[..., NewAlert]
) -> None:
    """By state, kind, route, channel, story and age, and by all of them together; newest first."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1, story_id=None))
        story = unit.stories.begin(make_story(now))
        unit.stories.move([item_id], story)
        first = added(unit.outbox, make_new_alert(1, item_id=item_id, created_at=now))
        other = {"channel": DESK, "route": ROUTE, "kind": AlertKind.UPDATE, "created_at": now + MINUTE}
        second = added(unit.outbox, make_new_alert(2, item_id=None, **other))
        third = added(unit.outbox, make_new_alert(3, item_id=None, channel=ChannelId("x"), created_at=now + MINUTE))
        unit.outbox.mark_sent(third, at=now)
        unit.commit()
    for wanted, found in (
        (WantedAlerts(), [third, second, first]),
        (WantedAlerts(states=(AlertState.SENT,)), [third]),
        (WantedAlerts(kinds=(AlertKind.UPDATE,)), [second]),
        (WantedAlerts(routes=(ROUTE,)), [second]),
        (WantedAlerts(channels=(ChannelId("x"), DESK)), [third, second, first]),
        (WantedAlerts(story=story), [first]),
        (WantedAlerts(since=now + MINUTE), [third, second]),
        (WantedAlerts(since=now + MINUTE, states=(AlertState.PENDING,)), [second]),
    ):
        with database.reading() as unit:
            assert [alert.id for alert in unit.outbox.find(wanted, limit=9)] == found, wanted
    with database.reading() as unit:
        assert [alert.id for alert in unit.outbox.find(WantedAlerts(), limit=1)] == [third]


def test_every_attempt_is_remembered_with_what_the_channel_said(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """In order, and for one alert only."""
    with database.unit_of_work() as unit:
        alert_id, other = (added(unit.outbox, make_loose(n)) for n in (1, 2))
        unit.outbox.mark_retry(alert_id, error="busy", next_attempt_at=now)
        unit.outbox.mark_dead(other, error="gone")
        unit.outbox.mark_sent(alert_id, at=now)
        unit.commit()
    with database.reading() as unit:
        tried = unit.outbox.attempts(alert_id)
        assert [(one.number, one.outcome, one.error) for one in tried] == [
            (1, AlertState.RETRYING, "busy"),
            (2, AlertState.SENT, ""),
        ]
        assert tried[1].at == now
        assert [one.error for one in unit.outbox.attempts(other)] == ["gone"]


def test_what_is_in_doubt_stays_marked(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """A retry or a death in doubt marks an alert as a possible repeat; a later certain no does not unmark it."""
    with database.unit_of_work() as unit:
        ids = [added(unit.outbox, make_loose(n)) for n in (1, 2, 3)]
        unit.outbox.mark_retry(ids[0], error="cut", next_attempt_at=now, in_doubt=True)
        unit.outbox.mark_retry(ids[0], error="busy", next_attempt_at=now)
        unit.outbox.mark_dead(ids[1], error="cut", in_doubt=True)
        unit.outbox.mark_retry(ids[2], error="busy", next_attempt_at=now)
        unit.commit()
    with database.reading() as unit:
        assert [got(unit.outbox, one).possible_repeat for one in ids] == [True, True, False]


def make_story(now: datetime) -> Story:
    """Return a story of no consequence."""
    return Story(id=StoryId(0), title="一事", began_at=now, first_seen_at=now, last_seen_at=now)
