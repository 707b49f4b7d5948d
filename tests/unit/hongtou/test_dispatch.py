"""The outbox use case on a real database with a fake channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertId, AlertKind, AlertState, Cadence, ChannelId, RouteId
from core.outcome import DeliveryReport, DeliveryVerdict
from hongtou.dispatch import Dispatcher, DispatchSummary

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.alert import Alert
    from storage.database import SqlDatabase

TRANSIENT = DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail="mail server is down")
REJECTED = DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no such mailbox")
TOO_LONG = DeliveryReport(verdict=DeliveryVerdict.TOO_LONG, detail="message too long")


@pytest.fixture
def build(
    database: SqlDatabase, make_means: Any, notices: Any, cron: Any, offload: Any, clock: Any
) -> Callable[..., Dispatcher]:
    """Maker of dispatchers on one database, by the routes given."""

    def make(*routes: Any, **changes: Any) -> Dispatcher:
        return Dispatcher(
            database=database,
            means=make_means(*routes, **changes),
            notices=notices,
            cron=cron,
            offload=offload,
            clock=clock,
            jitter=lambda: 0.0,
        )

    return make


@pytest.fixture
def dispatcher(build: Callable[..., Dispatcher]) -> Dispatcher:
    """A dispatcher with one channel."""
    return build()


@pytest.fixture
def put(database: SqlDatabase, make_item: Any, make_new_alert: Any) -> Callable[..., AlertId]:
    """Store an item and its alert."""

    def make(n: int = 1, **fields: Any) -> AlertId:
        with database.unit_of_work() as uow:
            item_id = uow.items.add(make_item(n))
            alert_id = uow.outbox.add(make_new_alert(n, item_id=item_id, **fields))
            uow.commit()
        assert alert_id is not None
        return alert_id

    return make


def alert(database: SqlDatabase, alert_id: AlertId) -> Alert:
    """Read one alert."""
    with database.unit_of_work() as uow:
        found = uow.outbox.get(alert_id)
    assert found is not None
    return found


def everything(database: SqlDatabase) -> list[Alert]:
    """Read all alerts, oldest first."""
    with database.unit_of_work() as uow:
        return list(reversed(uow.outbox.list(limit=1000)))


async def test_an_accepted_alert_is_sent(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, make_item: Any, now: Any
) -> None:
    """A pending alert goes to its channel and is settled as sent."""
    alert_id = put()
    assert await dispatcher.run_once() == DispatchSummary(sent=1)
    assert notifier.subjects == [make_item().title]
    sent = alert(database, alert_id)
    assert (sent.state, sent.sent_at, sent.attempts) == (AlertState.SENT, now, 1)
    assert await dispatcher.run_once() == DispatchSummary()


async def test_a_passing_failure_is_tried_again_later(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, clock: Any, now: Any
) -> None:
    """A transient answer waits for its backoff, then goes out, unmarked: the channel said no."""
    alert_id = put()
    notifier.script = [TRANSIENT]
    assert await dispatcher.run_once() == DispatchSummary(retrying=1)
    waiting = alert(database, alert_id)
    assert (waiting.state, waiting.last_error) == (AlertState.RETRYING, "mail server is down")
    assert waiting.next_attempt_at == now + timedelta(seconds=10)
    assert await dispatcher.run_once() == DispatchSummary()
    clock.advance(seconds=11)
    assert await dispatcher.run_once() == DispatchSummary(sent=1)
    assert not alert(database, alert_id).possible_repeat


async def test_retry_after_is_obeyed(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, now: Any
) -> None:
    """The channel's own wait is longer than the backoff, so it counts."""
    alert_id = put()
    notifier.script = [
        DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail="429", retry_after=timedelta(minutes=10))
    ]
    await dispatcher.run_once()
    assert alert(database, alert_id).next_attempt_at == now + timedelta(minutes=10)


async def test_what_may_have_been_taken_is_sent_again_marked(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, clock: Any
) -> None:
    """An answer that was lost leaves it open whether the message was taken: the next one says so."""
    alert_id = put()
    notifier.script = [replace(TRANSIENT, in_doubt=True), TRANSIENT]
    await dispatcher.run_once()
    clock.advance(seconds=11)
    await dispatcher.run_once()
    clock.advance(seconds=21)
    await dispatcher.run_once()
    assert alert(database, alert_id).possible_repeat
    assert ["(possible repeat)" in part.subject for _, part in notifier.tried] == [False, True, True]


async def test_what_died_in_doubt_is_marked_when_it_is_revived(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, clock: Any
) -> None:
    """Also a dead alert may have arrived by its last attempt."""
    alert_id = put()
    notifier.script = [TRANSIENT, TRANSIENT, replace(TRANSIENT, in_doubt=True)]
    for _ in range(3):
        await dispatcher.run_once()
        clock.advance(minutes=10)
    with database.unit_of_work() as uow:
        assert uow.outbox.revive(alert_id)
        uow.commit()
    await dispatcher.run_once(only=[alert_id])
    assert "(possible repeat)" in notifier.subjects[-1]


async def test_a_channel_whose_turn_has_not_come_costs_no_attempt(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, clock: Any
) -> None:
    """Waiting for the gap between two messages is no failure: nothing dies of it, and all goes out in order."""
    ids = [put(n) for n in (1, 2)]
    turn = replace(TRANSIENT, retry_after=timedelta(minutes=1), attempted=False)
    for _ in range(5):
        notifier.script = [turn]
        assert await dispatcher.run_once() == DispatchSummary(given_back=2)
        assert await dispatcher.run_once() == DispatchSummary()
        clock.advance(seconds=61)
    assert await dispatcher.run_once() == DispatchSummary(sent=2)
    assert [alert(database, alert_id).attempts for alert_id in ids] == [1, 1]


async def test_order_within_a_channel_holds_through_a_failure(
    dispatcher: Dispatcher, put: Any, notifier: Any, clock: Any, database: SqlDatabase
) -> None:
    """After a passing failure the channel's later alerts wait, uncounted, and follow in order."""
    ids = [put(n) for n in (1, 2, 3)]
    notifier.script = [TRANSIENT]
    assert await dispatcher.run_once() == DispatchSummary(retrying=1, given_back=2)
    assert [alert(database, alert_id).attempts for alert_id in ids] == [1, 0, 0]
    clock.advance(seconds=11)
    assert (await dispatcher.drain()).sent == 3
    assert [subject[-4:] for subject in notifier.subjects] == ["第1版）", "第2版）", "第3版）"]


async def test_a_slow_channel_does_not_hold_another(build: Callable[..., Dispatcher], put: Any, notifier: Any) -> None:
    """Channels are delivered to beside one another."""
    notifier.names = ("desk", "slack")
    put(1)
    put(2, channel=ChannelId("slack"))
    notifier.script = [TRANSIENT]
    assert await build().run_once() == DispatchSummary(sent=1, retrying=1)


async def test_after_its_last_attempt_an_alert_is_dead_and_the_others_are_told(
    build: Callable[..., Dispatcher], put: Any, database: SqlDatabase, notifier: Any, clock: Any
) -> None:
    """A dead alert leaves a notice on every other channel, and none on its own."""
    notifier.names = ("desk", "slack")
    alert_id = put()
    dispatcher = build()
    notifier.script = [TRANSIENT] * 3
    for _ in range(3):
        await dispatcher.run_once()
        clock.advance(minutes=10)
    assert alert(database, alert_id).state is AlertState.DEAD
    await dispatcher.run_once()
    [(channel, message)] = notifier.sent
    assert channel == "slack"
    assert "desk" in message.subject
    assert f"hongtou alerts retry {alert_id}" in message.body


async def test_a_rejected_alert_is_dead_at_once(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any
) -> None:
    """What trying again cannot help is not tried again; alone on its channel it has nobody to tell."""
    alert_id = put()
    notifier.script = [REJECTED]
    assert await dispatcher.run_once() == DispatchSummary(dead=1)
    assert [one.id for one in everything(database)] == [alert_id]


async def test_a_dead_notice_makes_no_further_notice(
    build: Callable[..., Dispatcher], database: SqlDatabase, notifier: Any, make_new_alert: Any
) -> None:
    """Notices about notices would never end."""
    notifier.names = ("desk", "slack")
    with database.unit_of_work() as uow:
        uow.outbox.add(make_new_alert(kind=AlertKind.NOTICE, item_id=None, route=None, subject="s", body="b"))
        uow.commit()
    notifier.script = [REJECTED]
    await build().run_once()
    assert len(everything(database)) == 1


async def test_a_revived_alert_is_sent(dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any) -> None:
    """A dead alert that is made pending again goes out."""
    alert_id = put()
    notifier.script = [REJECTED]
    await dispatcher.run_once()
    with database.unit_of_work() as uow:
        assert uow.outbox.revive(alert_id)
        uow.commit()
    assert (await dispatcher.run_once()).sent == 1


async def test_too_long_is_rendered_shorter(dispatcher: Dispatcher, put: Any, notifier: Any) -> None:
    """A refusal of the length is answered by a shorter message in the same attempt, and that by one shorter still."""
    put()
    notifier.script = [TOO_LONG, TOO_LONG]
    assert await dispatcher.run_once() == DispatchSummary(sent=1)
    assert [part.subject.count("in short") for _, part in notifier.tried] == [0, 1, 2]
    assert len({part.key for _, part in notifier.tried}) == 3


async def test_the_shortest_message_refused_as_too_long_is_dead(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any
) -> None:
    """When even the counts alone are refused as too long, it is not tried for ever."""
    alert_id = put()
    notifier.script = [TOO_LONG] * 4
    assert await dispatcher.run_once() == DispatchSummary(dead=1)
    assert alert(database, alert_id).last_error == "message too long"
    assert len(notifier.tried) == 4


async def test_an_expired_claim_comes_back_marked(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any, clock: Any
) -> None:
    """What a dead dispatcher had claimed is sent again after its lease, as a possible repeat."""
    put()
    with database.unit_of_work() as uow:
        uow.outbox.claim(now=clock.now(), limit=5, lease=timedelta(minutes=2))
        uow.commit()
    assert await dispatcher.run_once() == DispatchSummary()
    clock.advance(minutes=3)
    assert await dispatcher.run_once() == DispatchSummary(sent=1)
    assert notifier.subjects[0].endswith("(possible repeat)")


async def test_a_claim_that_runs_short_is_given_back(
    dispatcher: Dispatcher, put: Any, notifier: Any, clock: Any
) -> None:
    """When slow answers have eaten the lease, the rest of the batch goes back instead of being sent twice."""
    for n in (1, 2, 3):
        put(n)
    notifier.before_send = lambda: clock.advance(minutes=1)
    assert await dispatcher.run_once() == DispatchSummary(sent=2, given_back=1)
    assert (await dispatcher.run_once()).sent == 1
    assert not any("repeat" in subject for subject in notifier.subjects)


async def test_stopping_gives_back_what_is_not_begun(
    dispatcher: Dispatcher, put: Any, database: SqlDatabase, notifier: Any
) -> None:
    """A stop lets the delivery under way end and gives back the others, unmarked."""
    ids = [put(n) for n in (1, 2)]
    notifier.before_send = dispatcher.stop
    assert await dispatcher.run_once() == DispatchSummary(sent=1, given_back=1)
    assert alert(database, ids[1]).state is AlertState.PENDING
    assert await dispatcher.run_once() == DispatchSummary()


async def test_only_named_alerts_are_dispatched(dispatcher: Dispatcher, put: Any, database: SqlDatabase) -> None:
    """A test of a channel does not send what else is pending."""
    first, second = put(1), put(2)
    assert await dispatcher.drain(only=[second]) == DispatchSummary(sent=1)
    assert alert(database, first).state is AlertState.PENDING


async def test_an_alert_whose_item_is_gone_is_dead(
    dispatcher: Dispatcher, database: SqlDatabase, make_new_alert: Any, notifier: Any
) -> None:
    """An alert that has nothing to tell says so instead of being sent empty."""
    with database.unit_of_work() as uow:
        alert_id = uow.outbox.add(make_new_alert(item_id=None))
        uow.commit()
    assert alert_id is not None
    assert await dispatcher.run_once() == DispatchSummary(dead=1)
    assert "no longer stored" in alert(database, alert_id).last_error
    assert notifier.sent == []


def daily(make_route: Any) -> Any:
    """Return a digest route at nine in Shanghai."""
    return make_route(id=RouteId("daily"), cadence=Cadence.DIGEST, cron="0 9 * * *")


async def test_a_digest_closes_when_its_time_comes(
    build: Callable[..., Dispatcher], put: Any, database: SqlDatabase, notifier: Any, clock: Any, make_route: Any
) -> None:
    """Held rows wait for cron, then go out as one digest, and are sent with it."""
    dispatcher = build(make_route(), daily(make_route))
    assert await dispatcher.close_due_digests() == 0
    ids = [put(n, state=AlertState.HELD, route=RouteId("daily")) for n in (1, 2)]
    assert await dispatcher.close_due_digests() == 0
    clock.advance(hours=23)
    assert await dispatcher.close_due_digests() == 1
    assert await dispatcher.close_due_digests() == 0
    assert await dispatcher.run_once() == DispatchSummary(sent=1)
    assert notifier.subjects[0].startswith("digest daily")
    assert {alert(database, alert_id).state for alert_id in ids} == {AlertState.SENT}


async def test_a_digest_missed_while_nothing_ran_is_closed_once(
    build: Callable[..., Dispatcher], put: Any, clock: Any, make_route: Any
) -> None:
    """After three days away there is one digest, with everything."""
    dispatcher = build(daily(make_route))
    await dispatcher.close_due_digests()
    put(1, state=AlertState.HELD, route=RouteId("daily"))
    clock.advance(days=3)
    assert await dispatcher.close_due_digests() == 1
    assert await dispatcher.close_due_digests() == 0


async def test_a_large_digest_becomes_several_and_other_routes_keep_theirs(
    build: Callable[..., Dispatcher], put: Any, database: SqlDatabase, clock: Any, make_route: Any, notifier: Any
) -> None:
    """Nothing is cut: five held rows at two a digest are three digests; another route's row stays held."""
    yearly = make_route(id=RouteId("yearly"), cadence=Cadence.DIGEST, cron="0 0 1 1 *")
    dispatcher = build(daily(make_route), yearly)
    await dispatcher.close_due_digests()
    for n in range(1, 6):
        put(n, state=AlertState.HELD, route=RouteId("daily"))
    other = put(6, state=AlertState.HELD, route=RouteId("yearly"))
    clock.advance(days=1)
    assert await dispatcher.close_due_digests() == 3
    assert (await dispatcher.drain()).sent == 3
    assert sum(subject.count("行动计划") for subject in notifier.subjects) == 5
    assert alert(database, other).state is AlertState.HELD


async def test_a_dead_digest_gives_its_items_back(
    build: Callable[..., Dispatcher], put: Any, database: SqlDatabase, clock: Any, make_route: Any, notifier: Any
) -> None:
    """The next digest holds everything since the last one that was delivered."""
    dispatcher = build(daily(make_route))
    await dispatcher.close_due_digests()
    first = put(1, state=AlertState.HELD, route=RouteId("daily"))
    clock.advance(days=1)
    await dispatcher.close_due_digests()
    notifier.script = [REJECTED]
    await dispatcher.run_once()
    assert alert(database, first).state is AlertState.HELD
    put(2, state=AlertState.HELD, route=RouteId("daily"))
    clock.advance(days=1)
    await dispatcher.close_due_digests()
    assert (await dispatcher.run_once()).sent == 1
    assert "第1版" in notifier.subjects[0]
    assert "第2版" in notifier.subjects[0]


async def test_two_dispatchers_send_each_alert_once(build: Callable[..., Dispatcher], put: Any, notifier: Any) -> None:
    """Dispatchers beside one another share the outbox without a repeat."""
    for n in range(1, 31):
        put(n)
    await asyncio.gather(build().drain(), build().drain())
    assert len(notifier.subjects) == len(set(notifier.subjects)) == 30


async def test_a_bounded_run_leaves_the_rest_to_the_next(
    dispatcher: Dispatcher, put: Callable[..., AlertId], database: SqlDatabase
) -> None:
    """Once its time is over it ends between two batches, with nothing claimed."""
    for n in range(1, 26):
        put(n)
    first = await dispatcher.drain(within=timedelta())
    assert 0 < first.sent < 25
    states = {found.state for found in everything(database)}
    assert states == {AlertState.SENT, AlertState.PENDING}
    assert first.sent + (await dispatcher.drain()).sent == 25
