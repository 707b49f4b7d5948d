"""Random walks through the states of the outbox never lose an alert, repeat one unmarked, or leave the allowed ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.alert import AlertId, AlertKind, AlertState, ChannelId, NewAlert, RouteId

if TYPE_CHECKING:
    from core.alert import Alert
    from storage.database import SqlDatabase
    from storage.outbox import SqlOutboxRepository

ROUTE, DESK, MINUTE = RouteId("daily"), ChannelId("desk"), timedelta(minutes=1)


class Walk(RuleBasedStateMachine):
    """A dispatcher with a channel that remembers what it accepted, and crashes between the two."""

    database: SqlDatabase

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2023, 6, 15, tzinfo=UTC)
        self.told: dict[AlertId, int] = {}
        self.unsure: set[AlertId] = set()
        self.added: set[AlertId] = set()
        self.in_hand: dict[AlertId, Alert] = {}
        self.unit = self.database.unit_of_work()
        self.serial = 0

    @property
    def outbox(self) -> SqlOutboxRepository:
        """The outbox under test."""
        return self.unit.outbox

    def teardown(self) -> None:
        """Leave nothing for the next walk."""
        self.unit.__exit__(None, None, None)

    @rule(held=st.booleans())
    def add(self, *, held: bool) -> None:
        """A match puts an alert into the outbox, and the same one again to no effect."""
        self.serial += 1
        alert = NewAlert(
            dedup_key=f"key-{self.serial}",
            kind=AlertKind.ITEM,
            channel=DESK,
            route=ROUTE,
            state=AlertState.HELD if held else AlertState.PENDING,
            created_at=self.now,
        )
        alert_id = self.outbox.add(alert)
        assert alert_id is not None
        self.added.add(alert_id)
        assert self.outbox.add(alert) is None

    @rule(limit=st.integers(1, 3))
    def close_digest(self, limit: int) -> None:
        """A digest's time has come."""
        held = [alert.id for alert in self.outbox.list(states=[AlertState.HELD], limit=1000)]
        digest = self.outbox.bundle(route=ROUTE, channel=DESK, now=self.now, limit=limit)
        assert (digest is None) == (not held)
        if digest is not None:
            members = {alert.id for alert in self.outbox.members(digest)}
            assert members <= set(held)
            assert len(members) == min(limit, len(held))

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        """The dispatcher takes alerts; one that a channel may have already must be marked."""
        for alert in self.outbox.claim(now=self.now, limit=limit, lease=MINUTE):
            assert alert.id not in self.in_hand
            assert alert.possible_repeat or alert.id not in self.unsure
            assert self.told.get(alert.id, 0) == 0 or alert.possible_repeat
            self.in_hand[alert.id] = alert

    @precondition(lambda self: self.in_hand)
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "retry", "dead", "give back"]))
    def settle(self, data: st.DataObject, outcome: str) -> None:
        """The channel answers, or the dispatcher stops before it asked."""
        alert = self.in_hand.pop(data.draw(st.sampled_from(sorted(self.in_hand))))
        if outcome == "sent":
            self.told[alert.id] = self.told.get(alert.id, 0) + 1
            self.outbox.mark_sent(alert.id, at=self.now)
        elif outcome == "retry":
            self.outbox.mark_retry(alert.id, error="503", next_attempt_at=self.now + MINUTE)
        elif outcome == "dead":
            self.outbox.mark_dead(alert.id, error="403")
        else:
            self.outbox.give_back(alert.id)

    @rule(accepted=st.booleans(), restart=st.booleans())
    def crash(self, *, accepted: bool, restart: bool) -> None:
        """The dispatcher dies with its claims, before or after the channel accepted them."""
        self.unsure |= self.in_hand.keys()
        if accepted:
            for alert_id in self.in_hand:
                self.told[alert_id] = self.told.get(alert_id, 0) + 1
        if restart:
            assert self.outbox.release_claims() >= len(self.in_hand)
            assert self.outbox.release_claims() == 0
        else:
            self.now += 2 * MINUTE
        self.in_hand.clear()

    @rule(data=st.data())
    def revive(self, data: st.DataObject) -> None:
        """A person has a dead alert tried again."""
        dead = [alert.id for alert in self.outbox.list(states=[AlertState.DEAD], limit=1000)]
        if dead:
            alert = self.outbox.get(data.draw(st.sampled_from(dead)))
            assert alert is not None
            revived = self.outbox.revive(alert.id)
            assert revived or alert.kind is AlertKind.DIGEST
            assert not revived or alert.kind is AlertKind.ITEM or self.outbox.members(alert.id)

    @rule()
    def wait(self) -> None:
        """Time passes for the retries, but not so long that a claim in hand would end."""
        self.now += timedelta(seconds=20)
        for alert in tuple(self.in_hand.values()):
            if alert.claimed_until is not None and alert.claimed_until <= self.now:
                self.outbox.give_back(alert.id)
                del self.in_hand[alert.id]

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every alert is somewhere, and what is bundled is in a digest that is still on its way or was sent."""
        alerts = {alert.id: alert for alert in self.outbox.list(limit=10_000)}
        assert self.added <= alerts.keys()
        assert sum(self.outbox.counts().values()) == len(alerts)
        for alert in alerts.values():
            assert alert.claimed_until is None or alert.state is AlertState.CLAIMED
            if alert.state is AlertState.BUNDLED:
                assert alert.digest_id is not None
                assert alerts[alert.digest_id].state in (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING)
            if alert.state is AlertState.HELD:
                assert alert.digest_id is None
            if alert.kind is AlertKind.DIGEST and alert.state is not AlertState.DEAD:
                assert self.outbox.members(alert.id)

    @invariant()
    def nothing_is_said_twice_unmarked(self) -> None:
        """More than one acceptance of an alert happens only to those marked as possible repeats."""
        for alert_id, times in self.told.items():
            alert = self.outbox.get(alert_id)
            assert alert is not None
            assert times == 1 or alert.possible_repeat


@pytest.mark.parametrize(
    ("kind", "walks"), [("sqlite", 25), pytest.param("postgresql", 5, marks=pytest.mark.integration)], indirect=["kind"]
)
def test_random_walks_keep_the_promises(database: SqlDatabase, walks: int) -> None:
    """Whatever the order of claims, results, crashes, digests and revivals, nothing is lost or repeated unmarked."""

    class OneDatabase(Walk):
        pass

    OneDatabase.database = database
    run_state_machine_as_test(
        OneDatabase,
        settings=settings(
            max_examples=walks,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
