"""Alerts on their way: said once, never lost, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, RouteId
from core.errors import StorageError

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


@pytest.fixture
def make_held(make_loose: Callable[..., NewAlert]) -> Callable[..., NewAlert]:
    """Maker of alerts held for the digest of `ROUTE` on `DESK`."""
    return lambda n=1, **fields: make_loose(n, **{"state": AlertState.HELD, "route": ROUTE, **fields})


def added(outbox: SqlOutboxRepository, alert: NewAlert) -> AlertId:
    """Store an alert that is new and return its id."""
    alert_id = outbox.add(alert)
    assert alert_id is not None
    return alert_id


def got(outbox: SqlOutboxRepository, alert_id: AlertId) -> Alert:
    """Return an alert that is there."""
    return cast("Alert", outbox.get(alert_id))


def claimed(outbox: SqlOutboxRepository, now: datetime, limit: int = 100) -> list[AlertId]:
    """Claim for a minute and return the ids."""
    return [alert.id for alert in outbox.claim(now=now, limit=limit, lease=MINUTE)]


def test_every_field_of_an_alert_comes_back(
    database: SqlDatabase, now: datetime, make_item: Callable[..., Item], make_new_alert: Callable[..., NewAlert]
) -> None:
    """What is added is what is got, with an id and no attempts."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item())
        new = make_new_alert(
            kind=AlertKind.NOTICE, item_id=item_id, subject="来源 gov-sh 无法访问", body="第一行\n第二行", reason="因为"
        )
        alert = got(unit.outbox, added(unit.outbox, new))
        fields = {name: getattr(new, name) for name in new.__dataclass_fields__}
        assert alert == Alert(id=alert.id, attempts=0, **fields)
        assert alert.created_at == now
        assert unit.outbox.get(AlertId(alert.id + 1)) is None


def test_a_dedup_key_is_stored_once_for_ever(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """A second alert with the same key is refused, whatever became of the first."""
    with database.unit_of_work() as unit:
        alert_id = added(unit.outbox, make_loose())
        assert unit.outbox.add(make_loose(channel=ChannelId("other"))) is None
        unit.outbox.mark_sent(alert_id, at=now)
        assert unit.outbox.add(make_loose()) is None
        assert unit.outbox.counts() == {AlertState.SENT: 1}


def test_the_oldest_are_claimed_first(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """Claims go by age, then id, up to the limit, and never twice under a lease."""
    with database.unit_of_work() as unit:
        ids = [
            added(unit.outbox, make_loose(n, created_at=now - age * MINUTE)) for n, age in enumerate([1, 3, 3, 2], 1)
        ]
        assert claimed(unit.outbox, now, limit=3) == [ids[1], ids[2], ids[3]]
        assert claimed(unit.outbox, now) == [ids[0]]
        assert claimed(unit.outbox, now) == []
        alert = got(unit.outbox, ids[0])
        assert (alert.state, alert.claimed_until, alert.attempts) == (AlertState.CLAIMED, now + MINUTE, 0)
        assert not alert.possible_repeat


def test_alerts_of_a_story_wait_for_those_before_them(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """What is told of a story to a channel keeps its order, whatever is tried again, and however clocks are set."""
    with database.unit_of_work() as unit:
        first = added(unit.outbox, make_loose(dedup_key="r/desk/story-1"))
        other = added(unit.outbox, make_loose(dedup_key="r/desk/story-2"))
        key = "r/desk/story-1/report-9"
        update = added(unit.outbox, make_loose(dedup_key=key, kind=AlertKind.UPDATE, created_at=now - MINUTE))
        slack = added(unit.outbox, make_loose(dedup_key="r/slack/story-1", channel=ChannelId("slack")))
        assert claimed(unit.outbox, now) == [first, other, slack]
        unit.outbox.mark_retry(first, error="503", next_attempt_at=now + MINUTE)
        assert claimed(unit.outbox, now) == []
        assert claimed(unit.outbox, now + 2 * MINUTE)[0] == first
        unit.outbox.mark_dead(first, error="no")
        assert claimed(unit.outbox, now) == [update]


def test_channels_can_be_left_out(database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]) -> None:
    """Nothing is claimed for a channel that rests."""
    with database.unit_of_work() as unit:
        one = added(unit.outbox, make_loose())
        assert unit.outbox.claim(now=now, limit=9, lease=MINUTE, besides=[ChannelId("desk")]) == ()
        assert [alert.id for alert in unit.outbox.claim(now=now, limit=9, lease=MINUTE, besides=[ChannelId("x")])] == [
            one
        ]


def test_a_claim_can_be_renewed_while_it_is_ours(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """A renewed claim ends later; one that another took since cannot be renewed."""
    with database.unit_of_work() as unit:
        one = added(unit.outbox, make_loose())
        claimed(unit.outbox, now)
        assert unit.outbox.renew(one, held_until=now + MINUTE, until=now + 5 * MINUTE)
        assert claimed(unit.outbox, now + 4 * MINUTE) == []
        assert not unit.outbox.renew(one, held_until=now + MINUTE, until=now + 9 * MINUTE)


def test_a_retry_put_off_by_a_wrong_clock_is_due(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """No wait is longer than a day: what is to be tried again later than that was put off by a clock that was wrong."""
    with database.unit_of_work() as unit:
        one = added(unit.outbox, make_loose())
        claimed(unit.outbox, now)
        unit.outbox.mark_retry(one, error="503", next_attempt_at=now + timedelta(days=300))
        assert claimed(unit.outbox, now) == [one]


def test_only_named_alerts_are_claimed(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """With `only`, others stay where they are, and those named are claimed only when they are due."""
    with database.unit_of_work() as unit:
        ids = [added(unit.outbox, make_loose(n)) for n in range(3)]
        unit.outbox.mark_sent(ids[2], at=now)
        only = unit.outbox.claim(now=now, limit=9, lease=MINUTE, only=ids[1:])
        assert [alert.id for alert in only] == [ids[1]]


def test_an_expired_claim_comes_back_as_a_possible_repeat(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """A claim that ended without a result may have been delivered, and stays marked so ever after."""
    with database.unit_of_work() as unit:
        alert_id = added(unit.outbox, make_loose())
        claimed(unit.outbox, now)
        unit.commit()
    with database.unit_of_work() as unit:
        (alert,) = unit.outbox.claim(now=now + MINUTE, limit=9, lease=MINUTE)
        assert (alert.id, alert.possible_repeat) == (alert_id, True)
        unit.outbox.mark_retry(alert_id, error="timeout", next_attempt_at=now)
        unit.commit()
    with database.unit_of_work() as unit:
        (alert,) = unit.outbox.claim(now=now + 2 * MINUTE, limit=9, lease=MINUTE)
        assert alert.possible_repeat


def test_releasing_claims_at_start_makes_them_possible_repeats(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """After a crash the next start need not wait for leases to end."""
    with database.unit_of_work() as unit:
        ids = [added(unit.outbox, make_loose(n)) for n in (1, 2)]
        claimed(unit.outbox, now, limit=1)
        assert unit.outbox.release_claims() == 1
        assert unit.outbox.release_claims() == 0
        again = unit.outbox.claim(now=now, limit=9, lease=MINUTE)
        assert [(alert.id, alert.possible_repeat) for alert in again] == [(ids[0], True), (ids[1], False)]


def test_a_claim_given_back_leaves_no_trace(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """A claim that was not acted on counts no attempt and marks no repeat; a retry keeps waiting for its time."""
    with database.unit_of_work() as unit:
        fresh, tried = (added(unit.outbox, make_loose(n)) for n in (1, 2))
        unit.outbox.mark_retry(tried, error="e", next_attempt_at=now - MINUTE)
        before = [got(unit.outbox, alert_id) for alert_id in (fresh, tried)]
        assert claimed(unit.outbox, now) == [fresh, tried]
        for alert_id in (fresh, tried):
            unit.outbox.give_back(alert_id)
        assert [got(unit.outbox, alert_id) for alert_id in (fresh, tried)] == before
        unit.outbox.mark_sent(fresh, at=now)
        unit.outbox.give_back(fresh)
        assert got(unit.outbox, fresh).state is AlertState.SENT


def test_a_retry_waits_for_its_time(database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]) -> None:
    """A failed alert counts an attempt, keeps its error, and is claimed only when it is due."""
    with database.unit_of_work() as unit:
        alert_id = added(unit.outbox, make_loose())
        claimed(unit.outbox, now)
        unit.outbox.mark_retry(alert_id, error="503 上游", next_attempt_at=now + MINUTE)
        alert = got(unit.outbox, alert_id)
        assert (alert.state, alert.attempts, alert.last_error) == (AlertState.RETRYING, 1, "503 上游")
        assert (alert.next_attempt_at, alert.claimed_until) == (now + MINUTE, None)
        assert claimed(unit.outbox, now) == []
        assert claimed(unit.outbox, now + MINUTE) == [alert_id]
        unit.outbox.mark_sent(alert_id, at=now + MINUTE)
        alert = got(unit.outbox, alert_id)
        assert (alert.state, alert.attempts, alert.last_error) == (AlertState.SENT, 2, "")
        assert (alert.sent_at, alert.possible_repeat) == (now + MINUTE, False)


def test_every_attempt_leaves_a_delivery(
    database: SqlDatabase,
    now: datetime,
    make_loose: Callable[..., NewAlert],
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    """Each attempt is kept with its number, outcome and error."""
    with database.unit_of_work() as unit:
        alert_id = added(unit.outbox, make_loose())
        unit.outbox.mark_retry(alert_id, error="503", next_attempt_at=now)
        unit.outbox.mark_dead(alert_id, error="403")
        unit.outbox.revive(alert_id)
        unit.outbox.mark_sent(alert_id, at=now)
        unit.commit()
    assert query("SELECT attempt, outcome, error FROM deliveries ORDER BY id") == [
        (1, "retrying", "503"),
        (2, "dead", "403"),
        (1, "sent", ""),
    ]
    assert query("SELECT count(*) FROM deliveries WHERE at IS NULL") == [(0,)]


def test_a_late_result_never_undoes_a_delivery(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """Sent stays sent whatever a worker with an expired claim reports; a late acceptance counts even when dead."""
    with database.unit_of_work() as unit:
        sent, dead = (added(unit.outbox, make_loose(n)) for n in (1, 2))
        unit.outbox.mark_sent(sent, at=now)
        unit.outbox.mark_retry(sent, error="late", next_attempt_at=now)
        unit.outbox.mark_dead(sent, error="late")
        unit.outbox.mark_sent(sent, at=now + MINUTE)
        assert (got(unit.outbox, sent).state, got(unit.outbox, sent).sent_at) == (AlertState.SENT, now)
        assert got(unit.outbox, sent).last_error == ""
        unit.outbox.mark_dead(dead, error="403")
        unit.outbox.mark_retry(dead, error="late", next_attempt_at=now)
        assert (got(unit.outbox, dead).state, got(unit.outbox, dead).last_error) == (AlertState.DEAD, "403")
        unit.outbox.mark_sent(dead, at=now)
        assert got(unit.outbox, dead).state is AlertState.SENT


def test_only_the_dead_are_revived(database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]) -> None:
    """A dead alert gets all its attempts anew; others are left alone."""
    with database.unit_of_work() as unit:
        alert_id = added(unit.outbox, make_loose())
        assert not unit.outbox.revive(alert_id)
        unit.outbox.mark_retry(alert_id, error="e", next_attempt_at=now + MINUTE)
        unit.outbox.mark_dead(alert_id, error="e")
        assert claimed(unit.outbox, now) == []
        assert unit.outbox.revive(alert_id)
        alert = got(unit.outbox, alert_id)
        assert (alert.state, alert.attempts, alert.next_attempt_at) == (AlertState.PENDING, 0, None)
        assert claimed(unit.outbox, now) == [alert_id]


def test_held_alerts_go_out_in_one_digest(
    database: SqlDatabase, now: datetime, make_held: Callable[..., NewAlert], make_loose: Callable[..., NewAlert]
) -> None:
    """A digest takes exactly the rows held for its route and channel, oldest first, and is sent with them."""
    with database.unit_of_work() as unit:
        late, early = (added(unit.outbox, make_held(n, created_at=now - n * MINUTE)) for n in (1, 2))
        others = [
            added(unit.outbox, make_held(3, channel=ChannelId("slack"))),
            added(unit.outbox, make_held(4, route=RouteId("other"))),
            added(unit.outbox, make_loose(5)),
        ]
        assert unit.outbox.held_routes() == ((ROUTE, DESK), (ROUTE, ChannelId("slack")), (RouteId("other"), DESK))
        digest = unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9)
        assert digest is not None
        assert unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9) is None
        assert [alert.id for alert in unit.outbox.members(digest)] == [early, late]
        assert {(alert.state, alert.digest_id) for alert in unit.outbox.members(digest)} == {
            (AlertState.BUNDLED, digest)
        }
        alert = got(unit.outbox, digest)
        assert (alert.kind, alert.route, alert.channel) == (AlertKind.DIGEST, ROUTE, DESK)
        assert (alert.state, alert.created_at) == (AlertState.PENDING, now)
        assert claimed(unit.outbox, now) == [others[2], digest]
        unit.outbox.mark_sent(digest, at=now)
        assert [(one.state, one.sent_at) for one in unit.outbox.members(digest)] == [(AlertState.SENT, now)] * 2
        assert unit.outbox.counts() == {AlertState.SENT: 3, AlertState.HELD: 2, AlertState.CLAIMED: 1}


def test_a_digest_takes_the_oldest_up_to_its_limit(
    database: SqlDatabase, now: datetime, make_held: Callable[..., NewAlert]
) -> None:
    """What a digest has no room for is held for the next one."""
    with database.unit_of_work() as unit:
        ids = [added(unit.outbox, make_held(n, created_at=now - n * MINUTE)) for n in range(3)]
        digests = [unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=2) for _ in range(3)]
        carried = [[alert.id for alert in unit.outbox.members(one)] for one in digests if one is not None]
        assert carried == [[ids[2], ids[1]], [ids[0]]]


def test_the_rows_of_a_dead_digest_go_into_the_next(
    database: SqlDatabase, now: datetime, make_held: Callable[..., NewAlert]
) -> None:
    """A digest that cannot be delivered gives its rows back, at the same instant if need be."""
    with database.unit_of_work() as unit:
        row = added(unit.outbox, make_held(1))
        before = got(unit.outbox, row)
        first = unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9)
        assert first is not None
        unit.outbox.mark_retry(first, error="e", next_attempt_at=now)
        assert got(unit.outbox, row).state is AlertState.BUNDLED
        unit.outbox.mark_dead(first, error="e")
        assert got(unit.outbox, row) == replace(before, returned=True)
        assert unit.outbox.members(first) == ()
        second = unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9)
        assert second not in (None, first)
        assert not unit.outbox.revive(first)
        assert got(unit.outbox, row) == replace(before, state=AlertState.BUNDLED, digest_id=second)


def test_a_dead_digest_is_revived_with_its_rows(
    database: SqlDatabase, now: datetime, make_held: Callable[..., NewAlert]
) -> None:
    """Reviving a digest takes its rows along while they wait; one accepted late takes them out of the wait."""
    with database.unit_of_work() as unit:
        row = added(unit.outbox, make_held(1))
        digest = unit.outbox.bundle(route=ROUTE, channel=DESK, now=now, limit=9)
        assert digest is not None
        unit.outbox.mark_dead(digest, error="e")
        assert unit.outbox.revive(digest)
        assert [alert.id for alert in unit.outbox.members(digest)] == [row]
        unit.outbox.mark_dead(digest, error="e")
        unit.outbox.mark_sent(digest, at=now)
        assert got(unit.outbox, row).state is AlertState.SENT
        assert unit.outbox.held_routes() == ()


def test_what_is_in_a_digest_is_not_delivered_by_itself(
    database: SqlDatabase, now: datetime, make_held: Callable[..., NewAlert]
) -> None:
    """Reporting a result for a held row is a bug and told as one."""
    with database.unit_of_work() as unit:
        row = added(unit.outbox, make_held())
        with pytest.raises(ValueError, match="is held"):
            unit.outbox.mark_sent(row, at=now)


def test_alerts_are_listed_newest_first_by_state(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """Lists run from new to old, can be narrowed by state, and stop at the limit."""
    with database.unit_of_work() as unit:
        ids = [added(unit.outbox, make_loose(n, created_at=now + n % 2 * MINUTE)) for n in range(4)]
        unit.outbox.mark_sent(ids[0], at=now)
        assert [alert.id for alert in unit.outbox.list()] == [ids[3], ids[1], ids[2], ids[0]]
        assert [alert.id for alert in unit.outbox.list(limit=2)] == [ids[3], ids[1]]
        states = [AlertState.SENT, AlertState.DEAD]
        assert [alert.id for alert in unit.outbox.list(states=states)] == [ids[0]]
        assert unit.outbox.counts() == {AlertState.PENDING: 3, AlertState.SENT: 1}


def test_the_closing_of_a_digest_is_remembered(database: SqlDatabase, now: datetime) -> None:
    """Each route remembers when its digest was last closed."""
    with database.unit_of_work() as unit:
        assert unit.outbox.digest_closed_at(ROUTE) is None
        for at in (now, now + MINUTE):
            unit.outbox.set_digest_closed_at(ROUTE, at)
            assert unit.outbox.digest_closed_at(ROUTE) == at
        assert unit.outbox.digest_closed_at(RouteId("other")) is None


def test_an_unknown_alert_is_a_storage_error(database: SqlDatabase, now: datetime) -> None:
    """Marking what is not there raises, and the unit of work can go on."""
    with database.unit_of_work() as unit:
        with pytest.raises(StorageError, match="Alert 77 is not stored"):
            unit.outbox.mark_sent(AlertId(77), at=now)
        assert unit.outbox.counts() == {}


def test_the_oldest_alert_in_a_state_is_known(
    database: SqlDatabase, now: datetime, make_loose: Callable[..., NewAlert]
) -> None:
    """Its moment is aware UTC; there is none where nothing is in these states."""
    with database.unit_of_work() as unit:
        assert unit.outbox.oldest([AlertState.PENDING]) is None
        first, second = (
            added(unit.outbox, make_loose(dedup_key=str(n), created_at=now + n * MINUTE)) for n in range(2)
        )
        assert unit.outbox.oldest([AlertState.PENDING, AlertState.SENT]) == now
        unit.outbox.mark_sent(first, at=now)
        assert unit.outbox.oldest([AlertState.PENDING]) == now + MINUTE
        unit.outbox.mark_sent(second, at=now)
        assert unit.outbox.oldest([AlertState.PENDING]) is None
