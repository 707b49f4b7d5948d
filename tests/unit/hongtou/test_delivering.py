"""Parts of one alert: sent once each, in order, whatever breaks in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.alert import AlertId, AlertKind, AlertState, ChannelId, Hold, RouteId
from core.notices import NoticeKind
from core.outcome import DeliveryReport, DeliveryVerdict
from hongtou.dispatch import Dispatcher, DispatchSummary
from hongtou.notices import Operators
from storage.parts import SqlPartRepository

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.alert import Alert
    from storage.database import SqlDatabase

TRANSIENT = DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail="503")
TOO_LONG = DeliveryReport(verdict=DeliveryVerdict.TOO_LONG, detail="413")
REJECTED = DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="403")
ACCEPTED = DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)


class Killed(BaseException):
    """The process dies: nothing after it is done, no block is tidied up."""


class Desk:
    """A dispatcher that can be killed, and begun anew on what it left."""

    def __init__(self, database: SqlDatabase, means: Any, parts: dict[str, Any], make: dict[str, Any]) -> None:
        self.database, self.means, self._parts, self._make = database, means, parts, make
        self.clock = parts["clock"]
        self.restart()

    def restart(self) -> None:
        """Begin anew, as after a crash: nothing but the database is there."""
        self.dispatcher = Dispatcher(database=self.database, means=self.means, jitter=lambda: 0.0, **self._parts)
        with self.database.unit_of_work() as uow:
            uow.outbox.release_claims()
            uow.commit()

    def digest(self, stories: int) -> AlertId:
        """Put a digest of stories into the outbox."""
        with self.database.unit_of_work() as uow:
            for n in range(1, stories + 1):
                item_id = uow.items.add(self._make["item"](n))
                row = self._make["alert"](n, item_id=item_id, state=AlertState.HELD, held_for=Hold.DIGEST)
                uow.outbox.add(row)
            digest = uow.outbox.bundle(
                route=RouteId("now"), channel=ChannelId("desk"), now=self.clock.now(), limit=stories
            )
            uow.commit()
        assert digest is not None
        return digest

    def get(self, alert_id: AlertId) -> Alert:
        """Read one alert."""
        with self.database.reading() as uow:
            found = uow.outbox.get(alert_id)
        assert found is not None
        return found

    def notices(self) -> list[Alert]:
        """Read all notices, the oldest first."""
        with self.database.reading() as uow:
            alerts = reversed(uow.outbox.list(limit=999))
            return [alert for alert in alerts if alert.kind is AlertKind.NOTICE]


@pytest.fixture
def desk(
    database: SqlDatabase, make_means: Any, renderer: Any, notices: Any, cron: Any, offload: Any, clock: Any,
    make_item: Any, make_new_alert: Any, make_route: Any,
) -> Desk:  # fmt: skip
    """A desk that sends two stories a part."""
    renderer.stories_per_part = 2
    route = make_route(id=RouteId("now"))

    def make_alert(n: int, **fields: Any) -> Any:
        return make_new_alert(n, route=route.id, dedup_key=f"now/desk/story-{n}", **fields)

    parts = {"notices": notices, "cron": cron, "offload": offload, "clock": clock}
    return Desk(database, make_means(route, max_per_digest=99), parts, {"item": make_item, "alert": make_alert})


def numbers(parts: list[tuple[str, Any]]) -> list[tuple[int, bool]]:
    """Return which stories were told, and whether each time as a possible repeat."""
    return [(story, "(possible repeat)" in part.subject) for _, part in parts for story in part.stories]


async def test_a_retry_sends_what_is_missing(desk: Desk, notifier: Any) -> None:
    """The part that failed and those after it, never one that was accepted; each keeps its key."""
    digest = desk.digest(5)
    notifier.script = [ACCEPTED, TRANSIENT]
    assert await desk.dispatcher.drain() == DispatchSummary(retrying=1)
    desk.clock.advance(seconds=11)
    assert (await desk.dispatcher.drain()).sent == 1
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 6)]
    keys = [part.key for _, part in notifier.tried]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3
    assert desk.get(digest).attempts == 2


@pytest.mark.parametrize("part", [1, 2, 3])
@pytest.mark.parametrize("accepted", [False, True])
async def test_a_crash_repeats_the_part_under_way_alone_and_marks_it(
    desk: Desk, notifier: Any, part: int, *, accepted: bool
) -> None:
    """Killed before or just after the channel accepted a part: the others come once, unmarked, and in order."""
    desk.digest(5)

    def die() -> None:
        if len(notifier.tried) + (not accepted) == part:
            raise Killed

    setattr(notifier, "after_send" if accepted else "before_send", die)
    with pytest.raises(Killed):
        await desk.dispatcher.drain()
    notifier.before_send = notifier.after_send = lambda: None
    desk.restart()
    assert (await desk.dispatcher.drain()).sent == 1
    told = numbers(notifier.sent)
    stories = [1, 2, 3, 4, 5]
    under_way = stories[2 * part - 2 : 2 * part]
    again = under_way if accepted else []
    assert [story for story, is_marked in told if not is_marked] == sorted(
        set(stories) - (set() if accepted else set(under_way))
    )
    assert [story for story, is_marked in told if is_marked] == under_way
    assert len(told) == len(stories) + len(again)


async def test_a_crash_while_parts_are_being_stored_repeats_nothing(
    desk: Desk, notifier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first part is stored nothing is sent; the next process renders anew, marked as it must be."""
    desk.digest(3)

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(SqlPartRepository, "put", die)
        with pytest.raises(Killed):
            await desk.dispatcher.drain()
    assert notifier.tried == []
    desk.restart()
    await desk.dispatcher.drain()
    assert [story for story, _ in numbers(notifier.sent)] == [1, 2, 3]


async def test_too_long_after_some_parts_tells_the_rest_more_briefly(desk: Desk, notifier: Any) -> None:
    """What was accepted stays told; of the rest nothing is lost, and nothing told again."""
    desk.digest(6)
    notifier.script = [ACCEPTED, TOO_LONG]
    assert (await desk.dispatcher.drain()).sent == 1
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 7)]
    assert [part.subject.count("in short") for _, part in notifier.sent] == [0, 1, 1]
    assert [part.number for _, part in notifier.sent] == [1, 2, 3]


async def test_a_shorter_form_is_kept_for_the_retry(desk: Desk, notifier: Any) -> None:
    """What a channel found too long is not tried again at that length."""
    desk.digest(2)
    notifier.script = [TOO_LONG, TRANSIENT]
    await desk.dispatcher.drain()
    desk.clock.advance(seconds=11)
    await desk.dispatcher.drain()
    assert [part.subject.count("in short") for _, part in notifier.tried] == [0, 1, 1]


async def test_a_stop_between_parts_gives_the_alert_back(desk: Desk, notifier: Any) -> None:
    """The rest is sent at the next start, unmarked: no answer is outstanding."""
    digest = desk.digest(6)
    notifier.before_send = desk.dispatcher.stop
    await desk.dispatcher.drain()
    assert desk.get(digest).state is AlertState.PENDING
    assert numbers(notifier.sent) == [(1, False), (2, False)]
    notifier.before_send = lambda: None
    desk.restart()
    await desk.dispatcher.drain()
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 7)]


async def test_a_long_message_keeps_its_claim(desk: Desk, notifier: Any) -> None:
    """Ten slow parts outlast the lease; the claim is renewed, and no other dispatcher sends them too."""
    desk.digest(20)

    def slow() -> None:
        desk.clock.advance(seconds=29)
        with desk.database.unit_of_work() as uow:
            assert uow.outbox.claim(now=desk.clock.now(), limit=9, lease=timedelta(minutes=2)) == ()

    notifier.before_send = slow
    assert (await desk.dispatcher.drain()).sent == 1
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 21)]


async def test_a_lost_claim_is_left_to_whoever_has_it(desk: Desk, notifier: Any) -> None:
    """A process that slept through its lease sends no further part, and settles nothing."""
    digest = desk.digest(4)

    def sleep() -> None:
        desk.clock.advance(hours=1)
        with desk.database.unit_of_work() as uow:
            (theirs,) = uow.outbox.claim(now=desk.clock.now(), limit=9, lease=timedelta(minutes=9))
            assert theirs.possible_repeat
            uow.commit()

    notifier.before_send = sleep
    assert await desk.dispatcher.run_once() == DispatchSummary()
    assert numbers(notifier.sent) == [(1, False), (2, False)]
    assert desk.get(digest).state is AlertState.CLAIMED


async def test_a_fault_of_rendering_keeps_no_other_alert_from_its_way(
    desk: Desk, notifier: Any, renderer: Any, make_new_alert: Any
) -> None:
    """It is tried again like a failed delivery, and the operators are told in the end."""
    notifier.names = ("desk", "ops")
    desk.dispatcher.use(desk.means)
    digest = desk.digest(2)
    renderer.breaks = True
    for _ in range(3):
        await desk.dispatcher.drain()
        desk.clock.advance(hours=1)
    assert desk.get(digest).state is AlertState.DEAD
    assert desk.get(digest).last_error == "it could not be rendered: ZeroDivisionError"
    renderer.breaks = False
    with desk.database.unit_of_work() as uow:
        uow.outbox.add(make_new_alert(kind=AlertKind.TEST, item_id=None, subject="t", dedup_key="t"))
        uow.commit()
    await desk.dispatcher.drain()
    assert notifier.subjects == ["t", "Hongtou could not deliver to desk", "Hongtou: desk takes messages again"]


async def test_stories_that_a_rendering_left_out_follow(desk: Desk, notifier: Any, renderer: Any) -> None:
    """Count in is count out: the rest comes in further parts, and the operators hear of the fault."""
    digest = desk.digest(5)
    renderer.forgets = 2
    assert (await desk.dispatcher.drain()).sent == 2
    assert sorted(numbers(notifier.sent)) == [(n, False) for n in range(1, 6)]
    [notice] = desk.notices()
    assert (notice.notice, notice.subject) == (
        NoticeKind.MISMATCH,
        f"Hongtou: alert {digest} left 2 stories out",
    )


async def test_a_channel_that_left_the_configuration_is_a_clear_death(desk: Desk, notifier: Any) -> None:
    """The alert says why, and the operators of the other channels hear of it."""
    digest = desk.digest(1)
    notifier.names = ("ops",)
    assert (await desk.dispatcher.drain()).dead == 1
    assert desk.get(digest).last_error.startswith("no channel of this name is configured any more")
    assert [(alert.channel, alert.notice) for alert in desk.notices()] == [("ops", NoticeKind.DELIVERY)]


async def test_a_revived_alert_goes_on_where_it_stopped(desk: Desk, notifier: Any) -> None:
    """Parts that were accepted before it died are not sent again."""
    digest = desk.digest(4)
    notifier.script = [ACCEPTED, REJECTED]
    await desk.dispatcher.drain()
    with desk.database.unit_of_work() as uow:
        assert uow.outbox.revive(digest)
        uow.commit()
    await desk.dispatcher.drain()
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 5)]


async def test_of_a_digest_that_died_halfway_only_the_rest_is_told_again(desk: Desk, notifier: Any) -> None:
    """Rows that an accepted part told are sent with it; the others go into the next digest."""
    digest = desk.digest(4)
    notifier.script = [ACCEPTED, REJECTED]
    assert (await desk.dispatcher.drain()).dead == 1
    with desk.database.reading() as uow:
        assert [alert.item_id for alert in uow.outbox.list(states=[AlertState.HELD])] == [4, 3]
        assert [alert.item_id for alert in uow.outbox.members(digest)] == [1, 2]
    with desk.database.unit_of_work() as uow:
        uow.outbox.bundle(route=RouteId("now"), channel=ChannelId("desk"), now=desk.clock.now(), limit=9)
        uow.commit()
    await desk.dispatcher.drain()
    assert numbers(notifier.sent) == [(n, False) for n in range(1, 5)]


async def test_what_a_digest_in_doubt_told_comes_again_as_a_possible_repeat(desk: Desk, notifier: Any) -> None:
    """The channel may have taken the part under way when the digest died; the next one says so."""
    desk.digest(2)
    notifier.script = [DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="?", in_doubt=True)]
    assert (await desk.dispatcher.drain()).dead == 1
    with desk.database.unit_of_work() as uow:
        uow.outbox.bundle(route=RouteId("now"), channel=ChannelId("desk"), now=desk.clock.now(), limit=9)
        uow.commit()
    await desk.dispatcher.drain()
    assert numbers(notifier.sent) == [(1, True), (2, True)]


async def test_deaths_are_told_at_once_and_then_once_an_hour_until_the_channel_works(
    desk: Desk, notifier: Any, make_new_alert: Callable[..., Any]
) -> None:
    """Five deaths in an hour are two notices, told by the hour; when something arrives again, that is told too."""
    notifier.names = ("desk", "ops")
    desk._parts["notices"].use(Operators(channels=(ChannelId("ops"),)))

    def put(n: int) -> None:
        with desk.database.unit_of_work() as uow:
            uow.outbox.add(make_new_alert(n, kind=AlertKind.TEST, item_id=None, subject="t", dedup_key=f"t{n}"))
            uow.commit()

    for n in range(5):
        put(n)
        notifier.script = [REJECTED]
        await desk.dispatcher.run_once()
    first, further = desk.notices()
    assert first.subject == "Hongtou could not deliver to desk"
    assert (further.state, further.release_at) == (AlertState.HELD, desk.clock.now() + timedelta(hours=1))
    await desk.dispatcher.drain()
    assert notifier.subjects == [first.subject]
    desk.clock.advance(hours=1)
    await desk.dispatcher.drain()
    put(9)
    await desk.dispatcher.drain()
    assert notifier.subjects == [first.subject, further.subject, "t", "Hongtou: desk takes messages again"]


async def test_a_failing_channel_is_let_alone_and_the_others_are_not(
    desk: Desk, notifier: Any, make_new_alert: Any
) -> None:
    """After a failure nothing is tried on it until the wait is over, a minute at most; others go on."""
    notifier.names = ("desk", "ops")
    with desk.database.unit_of_work() as uow:
        for n, channel in enumerate(("desk", "desk", "ops")):
            fields = {"kind": AlertKind.TEST, "item_id": None, "subject": f"t{n}", "dedup_key": f"t{n}"}
            uow.outbox.add(make_new_alert(n, channel=ChannelId(channel), **fields))
        uow.commit()
    notifier.script = [TRANSIENT]
    await desk.dispatcher.drain()
    await desk.dispatcher.drain()
    assert notifier.subjects == ["t2"]
    desk.clock.advance(seconds=10)
    await desk.dispatcher.drain()
    assert notifier.subjects == ["t2", "t0", "t1"]
