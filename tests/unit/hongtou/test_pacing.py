"""Pacing on a real database: what is held, silenced, released and told together, at exact instants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import (
    AlertId,
    AlertKind,
    AlertState,
    ChannelId,
    GroupBy,
    Hold,
    QuietHours,
    RouteId,
    RouteMatch,
    Silence,
)
from core.notices import NoticeKind
from core.outcome import DeliveryReport, DeliveryVerdict
from core.pacing import StormRules
from hongtou.dispatch import Dispatcher, DispatchSummary
from hongtou.notices import Operators
from storage.pacing import SqlPacingRepository

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.alert import Alert
    from storage.database import SqlDatabase

MINUTE = timedelta(minutes=1)
NIGHT = (QuietHours(start=time(22), end=time(7)),)


class Desk:
    """A dispatcher whose routes can be edited, on one database, with one clock."""

    def __init__(self, database: SqlDatabase, parts: dict[str, Any], *, make_means: Any, make: dict[str, Any]) -> None:
        self.database, self.clock, self.notices = database, parts["clock"], parts["notices"]
        self._make_means, self._make = make_means, make
        self.dispatcher = Dispatcher(database=database, means=make_means(), jitter=lambda: 0.0, **parts)
        self.items = 0

    def route(self, **fields: Any) -> None:
        """Have one route, `now`, from now on."""
        self.edit(self._make["route"](id=RouteId("now"), **fields))

    def edit(self, *routes: Any, **changes: Any) -> None:
        """Have these routes from now on."""
        self.dispatcher.use(self._make_means(*routes, **changes))
        self.notices.use(self.dispatcher.means.pacing.operators)

    def put(self, number: int = 1, *, channel: str = "desk", route: str = "now", **fields: Any) -> AlertId:
        """Store items with alerts, as intake does; return the id of the last."""
        topics = fields.pop("topics", ("blockchain",))
        alert_id: AlertId | None = None
        with self.database.unit_of_work() as uow:
            for _ in range(number):
                self.items += 1
                item = self._make["item"](self.items, classification=self._make["classification"](topics=topics))
                alert = self._make["alert"](
                    self.items,
                    item_id=uow.items.add(item),
                    channel=ChannelId(channel),
                    route=RouteId(route),
                    created_at=self.clock.now(),
                    **fields,
                )
                alert_id = uow.outbox.add(alert)
            uow.commit()
        assert alert_id is not None
        return alert_id

    async def run(self) -> DispatchSummary:
        """Let the dispatcher tick."""
        return await self.dispatcher.drain()

    def at(self, *moment: int) -> None:
        """Set the clock to a moment of UTC."""
        self.clock.at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]

    def states(self) -> dict[str, int]:
        """Return how many alerts are in each state."""
        with self.database.reading() as uow:
            return {state.value: count for state, count in uow.outbox.counts().items()}

    def all(self, kind: AlertKind | None = None) -> list[Alert]:
        """Return all alerts, the oldest first."""
        with self.database.reading() as uow:
            alerts = list(reversed(uow.outbox.list(limit=10_000)))
        return [alert for alert in alerts if kind is None or alert.kind is kind]

    def silence(self, match: RouteMatch, *, lasts: timedelta = timedelta(hours=1), routes: tuple[str, ...] = ()) -> int:
        """Make a silence that begins now."""
        now = self.clock.now()
        silence = Silence(
            id=0, match=match, starts_at=now, ends_at=now + lasts, comment="c", created_at=now, routes=frozenset(routes)
        )
        with self.database.unit_of_work() as uow:
            number = uow.silences.add(silence)
            uow.commit()
        return number


@pytest.fixture
def desk(
    database: SqlDatabase, make_means: Any, notices: Any, cron: Any, offload: Any, clock: Any, make_item: Any,
    make_new_alert: Any, make_route: Any, make_classification: Callable[..., Any],
) -> Desk:  # fmt: skip
    """A desk with one route that tells at once."""
    make = {"item": make_item, "alert": make_new_alert, "route": make_route, "classification": make_classification}
    parts = {"notices": notices, "cron": cron, "offload": offload, "clock": clock}
    desk = Desk(database, parts, make_means=make_means, make=make)
    desk.route()
    return desk


async def test_quiet_hours_over_midnight_in_another_zone_end_to_the_second(desk: Desk, notifier: Any) -> None:
    """22:00-07:00 in Shanghai is 14:00-23:00 in UTC: the second before is told, the last second is held."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 13, 59, 59)
    desk.put()
    assert (await desk.run()).sent == 1
    desk.at(2023, 6, 15, 14, 0, 0)
    held = desk.put()
    assert (await desk.run()).sent == 0
    desk.at(2023, 6, 15, 22, 59, 59)
    assert (await desk.run()).sent == 0
    desk.at(2023, 6, 15, 23, 0, 0)
    assert (await desk.run()).sent == 1
    assert desk.all()[held - 1].state is AlertState.SENT
    assert len(notifier.sent) == 2


async def test_what_came_in_the_night_is_one_digest_in_the_morning(desk: Desk, notifier: Any) -> None:
    """It says why, and its rows are sent with it."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 18)
    desk.put(3)
    await desk.run()
    desk.at(2023, 6, 15, 23)
    assert (await desk.run()).sent == 1
    [digest] = desk.all(AlertKind.DIGEST)
    assert digest.reason == "3 came during quiet hours"
    assert notifier.subjects[0].startswith("digest now of")
    assert desk.states() == {"sent": 4}


@pytest.mark.parametrize(("day", "end"), [((2026, 3, 28), (2026, 3, 29, 5)), ((2026, 10, 24), (2026, 10, 25, 6))])
async def test_a_night_in_which_clocks_change_ends_by_the_wall(
    desk: Desk, day: tuple[int, ...], end: tuple[int, ...]
) -> None:
    """In Berlin 07:00 is 05:00 in UTC after the night in March, and 06:00 after the one in October."""
    berlin = (QuietHours(start=time(23), end=time(7), zone="Europe/Berlin"),)
    desk.route(quiet=berlin)
    desk.at(*day, 23)
    desk.put()
    await desk.run()
    end_at = datetime(*end, tzinfo=UTC)  # type: ignore[misc, arg-type]
    assert desk.all()[0].release_at == end_at
    desk.clock.at = end_at - timedelta(seconds=1)
    assert (await desk.run()).sent == 0
    desk.clock.at = end_at
    assert (await desk.run()).sent == 1


@pytest.mark.parametrize("jump", [-1, 1])
async def test_a_clock_that_jumps_by_an_hour_holds_by_the_wall(desk: Desk, jump: int) -> None:
    """What is quiet is judged by the time that is shown now, not by the moment that was foreseen."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 22, 30)
    desk.put()
    await desk.run()
    desk.clock.advance(hours=jump)
    assert (await desk.run()).sent == (1 if jump > 0 else 0)
    desk.at(2023, 6, 15, 23)
    await desk.run()
    assert desk.states() == {"sent": 1}


async def test_a_clock_that_was_a_year_ahead_holds_nothing_for_a_year(desk: Desk, notifier: Any) -> None:
    """Overflow, retries and quiet hours of a wrong year are over when the clock is right again."""
    desk.route(quiet=NIGHT, max_per_hour=1)
    desk.at(2024, 6, 15, 2)
    desk.put(2)
    await desk.run()
    desk.at(2024, 6, 15, 15)
    desk.put()
    await desk.run()
    assert desk.states() == {"sent": 2, "held": 1} or desk.states()["held"] >= 1
    desk.at(2023, 6, 15, 4)
    await desk.run()
    assert "held" not in desk.states()
    assert len(notifier.sent) >= 2


async def test_an_edit_frees_what_it_no_longer_holds(desk: Desk) -> None:
    """Quiet hours that are taken out of the configuration hold nothing from the next tick on."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 15)
    desk.put()
    await desk.run()
    assert desk.states() == {"held": 1}
    desk.route()
    assert (await desk.run()).sent == 1


async def test_a_route_that_left_still_tells_what_it_had(desk: Desk) -> None:
    """Pending, quiet and digest rows of a route that is gone are told, now."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 15)
    desk.put()
    await desk.run()
    desk.put()
    desk.put(2, state=AlertState.HELD)
    desk.edit()
    await desk.dispatcher.close_due_digests()
    assert (await desk.run()).sent == 3
    assert desk.states() == {"sent": 5}
    assert desk.all(AlertKind.DIGEST)[0].reason == "the route now has no digest any more"


async def test_a_group_is_one_message(desk: Desk, notifier: Any) -> None:
    """Stories of a topic that come within the wait are told together, those of another apart."""
    desk.route(group_by=GroupBy.TOPIC, group_wait=5 * MINUTE)
    desk.put(topics=("ai",))
    desk.put(topics=("chips", "ai"))
    assert (await desk.run()).sent == 0
    desk.clock.advance(4 * MINUTE)
    desk.put(topics=("ai",))
    assert (await desk.run()).sent == 0
    desk.clock.advance(MINUTE)
    assert (await desk.run()).sent == 2
    assert sorted(subject.startswith("digest") for subject in notifier.subjects) == [False, True]
    assert {alert.held_for for alert in desk.all()} == {None}


async def test_more_than_an_hours_fill_follows_as_a_digest(desk: Desk, notifier: Any) -> None:
    """Two are told at once, three an hour after the first, to the second."""
    desk.route(max_per_hour=2)
    desk.put(5)
    assert (await desk.run()).sent == 2
    desk.clock.advance(hours=1, seconds=-1)
    assert (await desk.run()).sent == 0
    desk.clock.advance(seconds=1)
    assert (await desk.run()).sent == 1
    assert desk.all(AlertKind.DIGEST)[0].reason == "3 were more than the route tells in an hour"
    assert len(notifier.sent) == 3


async def test_a_storm_is_one_digest_a_channel_and_one_notice(
    desk: Desk, make_route: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred alerts at once ring three times: a notice, and a digest for each route and channel."""
    monkeypatch.setattr("hongtou.pacing._PORTION", 50)
    rules = StormRules(most=30, within=10 * MINUTE)
    desk.edit(make_route(id=RouteId("now")), make_route(id=RouteId("other")), storm=rules)
    desk.put(60)
    desk.put(40, route="other")
    assert (await desk.run()).sent == 1
    [notice] = desk.all(AlertKind.NOTICE)
    assert (notice.notice, notice.subject) == (NoticeKind.STORM, "Hongtou: 100 alerts at once are told as a digest")
    desk.put(3)
    desk.clock.advance(9 * MINUTE)
    assert (await desk.run()).sent == 0
    desk.clock.advance(MINUTE)
    assert (await desk.run()).sent == 2
    assert desk.states() == {"sent": 106}


async def test_silences_keep_back_what_they_match_while_they_hold(desk: Desk) -> None:
    """By topic and words, for some routes; what was silenced stays so when the silence is over."""
    desk.silence(RouteMatch(topics=frozenset({"ai"}), query="行动计划"), routes=("now",))
    desk.put(topics=("ai",))
    desk.put(topics=("chips",))
    desk.put(topics=("ai",), route="other")
    assert (await desk.run()).sent == 2
    desk.clock.advance(hours=2)
    desk.put(topics=("ai",))
    assert (await desk.run()).sent == 1
    assert desk.states() == {"sent": 3, "silenced": 1}
    with desk.database.reading() as uow:
        assert uow.pacing.silenced(RouteId("now"), ChannelId("desk"), since=None) == 1


async def test_digests_leave_out_what_is_silenced(desk: Desk) -> None:
    """Rows of a route's own digest, and what quiet hours or a storm held, are silenced before they are told."""
    desk.route(quiet=NIGHT)
    desk.at(2023, 6, 15, 15)
    desk.put(2, topics=("ai",))
    desk.put(1, topics=("chips",))
    await desk.run()
    desk.put(1, topics=("ai",), state=AlertState.HELD, route="gone")
    desk.silence(RouteMatch(topics=frozenset({"ai"})), lasts=timedelta(days=1))
    desk.at(2023, 6, 15, 23)
    await desk.dispatcher.close_due_digests()
    assert (await desk.run()).sent == 1
    assert desk.states() == {"sent": 1, "silenced": 3}


async def test_a_silence_that_cannot_be_read_silences_nothing(desk: Desk) -> None:
    """A query that an older program stored must not keep all alerts from their way."""
    desk.silence(RouteMatch(query="(a OR"))
    desk.put()
    assert (await desk.run()).sent == 1


async def test_a_catch_up_is_one_summary_after_a_lull(desk: Desk, notifier: Any) -> None:
    """What first polls found is told together, ten minutes after the last find; a single find is told as itself."""
    desk.put(4, state=AlertState.HELD, held_for=Hold.CATCH_UP)
    desk.clock.advance(9 * MINUTE)
    desk.put(1, state=AlertState.HELD, held_for=Hold.CATCH_UP)
    desk.clock.advance(9 * MINUTE)
    assert (await desk.run()).sent == 0
    desk.clock.advance(MINUTE)
    assert (await desk.run()).sent == 1
    assert desk.all(AlertKind.DIGEST)[0].reason == "5 were found while catching up"
    desk.put(1, state=AlertState.HELD, held_for=Hold.CATCH_UP)
    desk.clock.advance(10 * MINUTE)
    assert (await desk.run()).sent == 1
    assert not notifier.subjects[-1].startswith("digest")


async def test_a_single_run_does_not_wait_for_a_lull(desk: Desk) -> None:
    """When the polls of `run --once` are done the catching up is over."""
    desk.put(3, state=AlertState.HELD, held_for=Hold.CATCH_UP)
    desk.dispatcher.end_catch_up()
    assert (await desk.run()).sent == 1


async def test_operators_sleep_but_for_what_is_urgent(desk: Desk, notifier: Any) -> None:
    """A source that fails waits for the morning, each notice by itself; a dead delivery rings."""
    desk.edit(operators=Operators(channels=(ChannelId("desk"),), quiet=NIGHT))
    desk.at(2023, 6, 15, 15)
    for kind in (NoticeKind.SOURCE, NoticeKind.RESTART, NoticeKind.DELIVERY):
        desk.put(kind=AlertKind.NOTICE, notice=kind, subject=kind.value)
    assert (await desk.run()).sent == 1
    assert notifier.subjects == ["delivery"]
    desk.at(2023, 6, 15, 23)
    assert (await desk.run()).sent == 2
    assert notifier.subjects == ["delivery", "source", "restart"]


async def test_thousands_that_wait_are_not_read_at_every_tick(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The more are held the rarer they are looked at, at least once a minute, and at once after an edit."""
    monkeypatch.setattr("hongtou.pacing._LOOKS", 5)
    desk.put(20, state=AlertState.HELD, held_for=Hold.CATCH_UP)
    looks = []
    whole = SqlPacingRepository.held

    def held(self: SqlPacingRepository, *, limit: int) -> tuple[Alert, ...]:
        looks.append(desk.clock.now())
        return whole(self, limit=limit)

    monkeypatch.setattr(SqlPacingRepository, "held", held)
    for _ in range(9):
        await desk.run()
        desk.clock.advance(seconds=1)
    assert len(looks) == 3
    desk.route()
    await desk.run()
    assert len(looks) == 4


async def test_a_dead_digest_is_tried_again_six_hours_later(desk: Desk, notifier: Any) -> None:
    """What quiet hours held is not lost with its digest, nor sent again and again to a channel that refuses it."""
    desk.put(2, state=AlertState.HELD, held_for=Hold.STORM, release_at=desk.clock.now())
    notifier.script = [DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no")]
    assert (await desk.run()).dead == 1
    desk.clock.advance(hours=6, seconds=-1)
    assert (await desk.run()).sent == 0
    desk.clock.advance(seconds=1)
    assert (await desk.run()).sent == 1
    assert desk.states() == {"sent": 3, "dead": 1}


@pytest.mark.parametrize("items", [100, pytest.param(5000, marks=pytest.mark.slow)])
async def test_a_first_run_with_thousands_of_backlog_items_gives_one_summary(
    desk: Desk, notifier: Any, make_route: Any, items: int
) -> None:
    """At most one message a route and channel, after all of them are in, in one digest that tells them all."""
    notifier.names = ("desk", "slack")
    desk.edit(make_route(id=RouteId("now")), storm=StormRules())
    for _ in range(5):
        _backlog(desk, items // 5)
        desk.clock.advance(2 * MINUTE)
        assert (await desk.run()).sent == 0
    desk.clock.advance(10 * MINUTE)
    assert (await desk.run()).sent == 2
    assert len(notifier.sent) == 2
    assert desk.states() == {"sent": 2 * items + 2}
    with desk.database.reading() as uow:
        assert uow.outbox.totals().missing == 0


def _backlog(desk: Desk, number: int) -> None:
    """Store items found by first polls with an alert to each of two channels, in one transaction."""
    with desk.database.unit_of_work() as uow:
        for _ in range(number):
            desk.items += 1
            item_id = uow.items.add(desk._make["item"](desk.items))
            for channel in ("desk", "slack"):
                uow.outbox.add(
                    replace(
                        desk._make["alert"](desk.items, item_id=item_id, channel=ChannelId(channel)),
                        dedup_key=f"now/{channel}/story-{desk.items}",
                        route=RouteId("now"),
                        created_at=desk.clock.now(),
                        state=AlertState.HELD,
                        held_for=Hold.CATCH_UP,
                    )
                )
        uow.commit()
