"""Random walks of a dispatcher, channels, crashes and clocks: none lost, none repeated unmarked, stories in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from shutil import copyfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.alert import AlertKind, AlertState, ChannelId, Hold, NewAlert, RouteId
from core.outcome import DeliveryReport, DeliveryVerdict
from hongtou.dispatch import Dispatcher
from hongtou.notices import Notices, Operators
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

VERDICTS = [*[DeliveryVerdict.ACCEPTED] * 4, *DeliveryVerdict]
SETTLED = (AlertState.SENT, AlertState.DEAD)
WAITS = [timedelta(seconds=11), timedelta(minutes=10), timedelta(hours=7), timedelta(hours=-1)]


class Killed(BaseException):
    """The process dies."""


class Walk(RuleBasedStateMachine):
    """Alerts of a few stories to two channels, and everything that may befall them."""

    open_database: Callable[[], SqlDatabase]
    make: Any

    def __init__(self) -> None:
        super().__init__()
        self.database = type(self).open_database()
        self.clock, self.sender, self.renderer = (self.make[name]() for name in ("clock", "sender", "renderer"))
        self.sender.names = ("desk", "ops")
        self.renderer.stories_per_part = 2
        self.serial = 0
        self.held: set[int] = set()
        """Numbers of alerts that were held: others may be told before them."""
        self.restart()

    def restart(self) -> None:
        """Begin anew on what is stored."""
        means = self.make["means"](self.make["route"](id=RouteId("now")), max_attempts=4, max_per_digest=9)
        self.dispatcher = Dispatcher(
            database=self.database,
            means=replace(means, renderer=self.renderer, sender=self.sender),
            notices=Notices(Operators(channels=(ChannelId("ops"),)), self.clock),
            cron=self.make["cron"],
            offload=self.make["offload"],
            clock=self.clock,
            jitter=lambda: 0.0,
        )
        with self.database.unit_of_work() as uow:
            uow.outbox.release_claims()
            uow.commit()

    @rule(
        channel=st.sampled_from(["desk", "ops"]),
        story=st.integers(1, 4),
        hold=st.sampled_from([None, None, None, Hold.STORM, Hold.CATCH_UP, Hold.DIGEST]),
    )
    def put(self, channel: str, story: int, hold: Hold | None) -> None:
        """Something happens in a story."""
        self.serial += 1
        if hold:
            self.held.add(self.serial)
        with self.database.unit_of_work() as uow:
            alert = NewAlert(
                dedup_key=f"now/{channel}/story-{story}/report-{self.serial}",
                kind=AlertKind.UPDATE,
                channel=ChannelId(channel),
                route=RouteId("now"),
                item_id=uow.items.add(self.make["item"](self.serial)),
                state=AlertState.HELD if hold else AlertState.PENDING,
                held_for=hold,
                created_at=self.clock.now(),
                release_at=self.clock.now() if hold else None,
            )
            assert uow.outbox.add(alert) is not None
            uow.commit()

    @rule(verdicts=st.lists(st.sampled_from(VERDICTS), max_size=6))
    def tick(self, verdicts: list[DeliveryVerdict]) -> None:
        """The dispatcher runs, and the channels answer as they like."""
        self.sender.script = [DeliveryReport(verdict=verdict, detail="said so") for verdict in verdicts]
        self.run()
        self.sender.script = []

    @rule(at=st.integers(1, 4), accepted=st.booleans())
    def crash(self, at: int, *, accepted: bool) -> None:
        """The process dies at a part, before or after the channel accepted it."""
        goal = len(self.sender.tried) + at

        def die() -> None:
            if len(self.sender.tried) + (not accepted) >= goal:
                raise Killed

        setattr(self.sender, "after_send" if accepted else "before_send", die)
        with suppress(Killed):
            self.run()
        self.sender.before_send = self.sender.after_send = lambda: None
        self.restart()

    @rule(by=st.sampled_from(WAITS))
    def wait(self, by: timedelta) -> None:
        """Time passes, or the clock is set back."""
        self.clock.advance(by)

    def run(self) -> None:
        """Close digests and deliver, on a loop of its own."""

        async def once() -> None:
            await self.dispatcher.close_due_digests()
            await self.dispatcher.drain()

        asyncio.run(once())

    @invariant()
    def all_are_accounted_for(self) -> None:
        """What was put in is there."""
        with self.database.reading() as uow:
            assert uow.outbox.totals().missing == 0

    @invariant()
    def nothing_is_repeated_unmarked(self) -> None:
        """One alert tells a story to its channel once; what comes twice says that it may."""
        plain = Counter(
            (part.key.partition("@")[0], story)
            for _, part in self.sender.sent
            for story in part.stories
            if "(possible repeat)" not in part.subject
        )
        assert [key for key, times in plain.items() if times > 1] == []

    @invariant()
    def stories_keep_their_order(self) -> None:
        """What was not held of a story reaches its channel in the order in which it happened."""
        told: dict[str, list[int]] = {}
        for _, part in self.sender.sent:
            lane, is_single, number = part.key.partition("@")[0].partition("/report-")
            if is_single and int(number) not in self.held and "(possible repeat)" not in part.subject:
                told.setdefault(lane, []).append(int(number))
        assert all(numbers == sorted(numbers) for numbers in told.values())

    def teardown(self) -> None:
        """Whatever happened: with channels that work, and time, everything is told, or dead and said to be."""
        for _ in range(8):
            self.clock.advance(timedelta(hours=7))
            self.run()
        with self.database.reading() as uow:
            left = [alert for alert in uow.outbox.list(limit=10_000) if alert.state not in SETTLED]
            dead = {alert.channel for alert in uow.outbox.list(states=[AlertState.DEAD], limit=10_000)}
            told = {
                alert.dedup_key.split("/")[1]
                for alert in uow.outbox.list(limit=10_000)
                if alert.dedup_key[:4] == "dead"
            }
        self.database.close()
        assert left == []
        assert dead <= told


@pytest.fixture
def walk(
    migrated_file: Path, tmp_path: Path, make_means: Any, make_route: Any, make_item: Any, cron: Any, offload: Any,
    clock: Any, notifier: Any, renderer: Any,
) -> type[Walk]:  # fmt: skip
    """Walks each on an empty database of its own."""
    numbers = count(1)

    def open_database() -> SqlDatabase:
        path = tmp_path / f"walk-{next(numbers)}.db"
        copyfile(migrated_file, path)
        return SqlDatabase(f"sqlite:///{path}")

    class OneWalk(Walk):
        pass

    OneWalk.open_database = staticmethod(open_database)
    OneWalk.make = {
        "means": make_means, "route": make_route, "item": make_item, "cron": cron, "offload": offload,
        "clock": type(clock), "sender": type(notifier), "renderer": type(renderer),
    }  # fmt: skip
    return OneWalk


@pytest.mark.parametrize("walks", [5, pytest.param(40, marks=pytest.mark.slow)])
def test_random_walks_keep_the_promises(walk: type[Walk], walks: int) -> None:
    """Whatever the order of events, answers, crashes and clocks."""
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=walks,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
