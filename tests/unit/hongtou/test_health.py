"""Incidents on a real database: noted with polls, told once, reminded of, and told to be over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertKind, ChannelId
from core.decide import IntakeLimits
from core.health import HealthState
from core.incident import NO_SOURCE, Fault, HealthRules
from core.item import DatePrecision
from core.listing import Listing
from core.network import NetworkWatch
from core.outcome import Answer, PollOutcome
from core.source import SourceId
from hongtou.copies import CopyFinder
from hongtou.health import HealthReviewer, Watched, note_history, report_health
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker
from hongtou.notices import Notices, Operators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from core.health import SourceHealth
    from core.incident import Incident
    from core.source import Poll, Source
    from storage.database import SqlDatabase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = "abcdefg"


class Desk:
    """One daemon's worth of health on one database: polls, reviews, and what was told."""

    def __init__(
        self, database: SqlDatabase, clock: Any, offload: Any, classifier: Any, finder: Any, make: Any
    ) -> None:
        self.database, self.clock, self._offload, self._make = database, clock, offload, make
        self.sources: Mapping[SourceId, Source] = {
            SourceId(name): make["source"](id=name, name=f"源{name}") for name in NAMES
        }
        self.network = NetworkWatch(hosts=len(NAMES))
        self.channels = (ChannelId("desk"), ChannelId("slack"))
        self.rules = HealthRules()
        self.intake = StoringIntake(
            database=database,
            rules=JudgingRules(
                classifier=classifier, finder=finder, matcher=OrderedRouteMatcher([]), limits=IntakeLimits()
            ),
            copies=CopyFinder(ShingleFingerprinter()),
            linker=StoryLinker(finder),
            offload=offload,
            clock=clock,
            network=self.network,
            jitter=lambda: 0.0,
        )
        with database.unit_of_work() as uow:
            uow.sources.register(list(self.sources), now=clock.now())
            uow.commit()
        self.restart()

    def restart(self) -> None:
        """Begin anew with what is stored."""
        self.reviewer = HealthReviewer(
            database=self.database,
            watched=Watched(sources=self.sources),
            notices=Notices(Operators(channels=self.channels), self.clock),
            network=self.network,
            rules=self.rules,
            offload=self._offload,
            clock=self.clock,
        )

    def poll(self, name: str) -> Poll:
        """A poll of a source with what is remembered of it."""
        with self.database.unit_of_work() as uow:
            state = uow.sources.get(SourceId(name))
        poll: Poll = self._make["poll"](source=self.sources[SourceId(name)], state=state, started_at=self.clock.now())
        return poll

    async def answer(self, names: str, answer: Answer = Answer.OK, **fields: Any) -> None:
        """Let each source answer once."""
        for name in names:
            await self.intake.finish(self.poll(name), PollOutcome(source_id=name, answer=answer, **fields))

    async def review(self) -> None:
        """Look through everything."""
        await self.reviewer.review()

    async def hours(self, count: int, names: str, answer: Answer, **fields: Any) -> None:
        """Let hours pass with a poll and a review in each."""
        for _ in range(count):
            self.clock.advance(hours=1)
            await self.answer(names, answer, **fields)
            await self.review()

    @property
    def told(self) -> list[str]:
        """Subjects told to the first channel, oldest first."""
        with self.database.unit_of_work() as uow:
            alerts = [alert for alert in uow.outbox.list(limit=1000) if alert.kind is AlertKind.NOTICE]
        assert len(alerts) % len(self.channels) == 0
        return [alert.subject for alert in reversed(alerts) if alert.channel == self.channels[0]]

    @property
    def unsettled(self) -> list[Incident]:
        """Incidents about which something is still to be said."""
        with self.database.unit_of_work() as uow:
            return list(uow.health.unsettled())

    def health(self, name: str) -> SourceHealth:
        """How one source does."""
        with self.database.unit_of_work() as uow:
            [found] = report_health(
                uow,
                [self.sources[SourceId(name)]],
                watched=set(self.sources),
                rules=self.rules,
                now=self.clock.now(),
            )
        return found


@pytest.fixture
def desk(
    database: SqlDatabase, clock: Any, offload: Any, classifier: Any, make_source: Any, make_poll: Any,
    story_finder: Any,
) -> Desk:  # fmt: skip
    """Seven sources, two channels."""
    return Desk(database, clock, offload, classifier, story_finder, {"source": make_source, "poll": make_poll})


async def test_a_challenge_is_told_once_reminded_of_weekly_and_its_end_told(desk: Desk) -> None:
    """One notice after two polls, nothing more for a week, a reminder, and one message when it is over."""
    await desk.hours(1, "a", Answer.BLOCKED, detail="Rui Shu (瑞数) challenge")
    assert desk.told == []
    assert desk.health("a").state is HealthState.BLOCKED
    await desk.hours(24 * 7, "a", Answer.BLOCKED, detail="Rui Shu (瑞数) challenge")
    assert desk.told == ["Hongtou: 源a (a) refuses us"]
    await desk.hours(3, "a", Answer.BLOCKED)
    assert desk.told[1:] == ["Hongtou: 源a (a) still refuses us"]
    await desk.hours(3, "a", Answer.OK)
    assert desk.told[2:] == ["Hongtou: 源a (a) is well again"]
    assert desk.unsettled == []


async def test_a_blip_is_never_told(desk: Desk) -> None:
    """Five hours of time-outs and their end are nobody's business."""
    await desk.hours(5, "a", Answer.TIMEOUT)
    await desk.answer("b")
    await desk.hours(2, "a", Answer.OK)
    assert (desk.told, desk.unsettled) == ([], [])


async def test_every_channel_is_told_and_a_restart_repeats_nothing(desk: Desk) -> None:
    """Each channel has the message; reviews after a restart find it told."""
    await desk.hours(3, "a", Answer.GONE)
    desk.restart()
    await desk.review()
    with desk.database.unit_of_work() as uow:
        alerts = uow.outbox.list()
    assert sorted(alert.channel for alert in alerts) == ["desk", "slack"]
    assert "hongtou sources check a" in alerts[0].body


async def test_what_is_due_together_is_one_message(desk: Desk) -> None:
    """Three sources gone at once are told in one breath, a fourth that recovered with them."""
    await desk.hours(3, "d", Answer.GONE)
    desk.clock.advance(hours=1)
    await desk.answer("abc", Answer.GONE)
    await desk.review()
    desk.clock.advance(hours=1)
    await desk.answer("abc", Answer.GONE)
    await desk.answer("d")
    await desk.review()
    assert desk.told == ["Hongtou: 源d (d) is gone from its address", "Hongtou: 3 sources need a look, 1 recovered"]


async def test_a_crash_before_the_commit_loses_and_repeats_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notice and incident are one transaction: cut off between them, neither is stored, and the next review tells."""
    await desk.answer("a", Answer.GONE)
    desk.clock.advance(hours=2)
    await desk.answer("a", Answer.GONE)

    def break_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hongtou.health.after_telling", break_off)
        with pytest.raises(KeyboardInterrupt):
            await desk.review()
    assert desk.told == []
    await desk.review()
    await desk.review()
    assert len(desk.told) == 1


async def test_a_dead_network_is_one_notice_and_nobody_is_blamed(desk: Desk) -> None:
    """With everything silent for hours there is one notice after two hours, and one when it is over; no source's."""
    await desk.hours(1, NAMES, Answer.OK)
    await desk.hours(1, NAMES, Answer.DNS)
    assert desk.network.is_down
    assert (desk.told, [one.source_id for one in desk.unsettled]) == ([], [NO_SOURCE])
    await desk.hours(30, NAMES, Answer.DNS)
    assert desk.told == ["Hongtou: no source at all can be reached"]
    assert {desk.health(name).state for name in NAMES} == {HealthState.NEW}
    desk.restart()
    await desk.review()
    await desk.hours(9, NAMES, Answer.OK)
    assert desk.told[1:] == ["Hongtou: the network is back"]
    assert desk.unsettled == []


async def test_a_dead_network_is_not_over_because_the_daemon_restarted(desk: Desk) -> None:
    """A new process that knows nothing yet does not say that the network is back."""
    await desk.hours(5, NAMES, Answer.REFUSED)
    desk.network = NetworkWatch(hosts=len(NAMES))
    desk.restart()
    await desk.review()
    assert desk.told == ["Hongtou: no source at all can be reached"]


async def test_an_hour_without_network_tells_nothing(desk: Desk) -> None:
    """The first hour of a dead network, polled each minute, is silent."""
    for _ in range(60):
        await desk.answer(NAMES, Answer.DNS)
        await desk.review()
        desk.clock.advance(minutes=1)
    assert desk.told == []


async def test_sources_wait_while_the_network_is_down(desk: Desk) -> None:
    """What a source is to be told for waits until it could be told, and is told then if it still is."""
    await desk.answer("a", Answer.GONE)
    desk.clock.advance(minutes=20)
    await desk.answer("a", Answer.GONE)
    await desk.answer("bcdef", Answer.DNS)
    desk.clock.advance(minutes=20)
    await desk.review()
    assert desk.told == []
    await desk.answer("b", Answer.OK)
    await desk.review()
    assert desk.told == ["Hongtou: 源a (a) is gone from its address"]


async def test_silence_is_told_and_ends_with_news(desk: Desk) -> None:
    """A source that had news each day and then none is quiet, told once, and well again with the next news."""
    for _ in range(20):
        desk.clock.advance(days=1)
        await desk.answer("a", Answer.OK, new=1)
    assert desk.health("a").state is HealthState.OK
    await desk.review()
    await desk.hours(24 * 3, "a", Answer.NOT_MODIFIED)
    assert desk.told == []
    await desk.hours(24 * 10, "a", Answer.NOT_MODIFIED)
    assert desk.told == ["Hongtou: 源a (a) is unusually quiet"]
    found = desk.health("a")
    assert found.state is HealthState.QUIET
    assert "no news since 2023-07-05" in found.why
    await desk.hours(2, "a", Answer.TIMEOUT)
    await desk.hours(2, "a", Answer.OK)
    assert len(desk.told) == 1
    await desk.hours(2, "a", Answer.OK, new=2)
    assert desk.told[1:] == ["Hongtou: 源a (a) is well again"]


async def test_silence_lasts_beyond_the_history(desk: Desk) -> None:
    """After half a year of silence it is still quiet, and told as such once, but for reminders."""
    for _ in range(20):
        desk.clock.advance(days=1)
        await desk.answer("a", Answer.OK, new=1)
    for _ in range(200):
        desk.clock.advance(days=1)
        await desk.answer("a", Answer.NOT_MODIFIED)
        await desk.review()
    assert desk.health("a").state is HealthState.QUIET
    assert desk.told[0] == "Hongtou: 源a (a) is unusually quiet"
    assert set(desk.told[1:]) == {"Hongtou: 源a (a) still is unusually quiet"}


async def test_who_failed_before_the_network_did_begins_anew(desk: Desk) -> None:
    """An untold failure to answer is forgotten when the network is found down; what else is wrong stays."""
    await desk.answer("a", Answer.HTTP_ERROR)
    await desk.answer("b", Answer.OK, degraded="otherwise")
    await desk.answer("b", Answer.TIMEOUT)
    await desk.answer("cdef", Answer.TIMEOUT)
    await desk.review()
    assert [(one.source_id, one.fault) for one in desk.unsettled] == [("b", Fault.DEGRADED), ("", Fault.NETWORK)]


async def test_a_source_nobody_asked_is_not_quiet(desk: Desk) -> None:
    """After a month in which the daemon did not run, nothing is told before the sources were asked."""
    for _ in range(20):
        desk.clock.advance(days=1)
        await desk.answer("a", Answer.OK, new=1)
    desk.clock.advance(days=60)
    desk.restart()
    await desk.review()
    assert desk.told == []
    assert desk.health("a").state is not HealthState.QUIET


async def test_a_list_that_is_empty_is_broken_not_ok(desk: Desk) -> None:
    """An empty list shows at once and is told after a day."""
    await desk.hours(1, "a", Answer.OK, new=3, entries=20)
    await desk.hours(20, "a", Answer.EMPTY)
    assert (desk.health("a").state, desk.told) == (HealthState.BROKEN, [])
    await desk.hours(6, "a", Answer.EMPTY)
    assert desk.told == ["Hongtou: 源a (a) gives an empty list"]


async def test_a_degraded_source_is_told_and_shown(desk: Desk) -> None:
    """A list that is read without its selectors shows at once, is told after hours, and 304s do not hide it."""
    await desk.answer("a", Answer.OK, entries=20, degraded="its selectors found no row")
    found = desk.health("a")
    assert (found.state, found.why) == (HealthState.DEGRADED, "its selectors found no row")
    await desk.hours(8, "a", Answer.NOT_MODIFIED)
    assert desk.told == ["Hongtou: 源a (a) is read in another way than configured"]


async def test_a_source_that_is_no_longer_watched_is_forgotten(desk: Desk) -> None:
    """Its incident is settled in silence, also when it had been told."""
    await desk.hours(3, "a", Answer.GONE)
    desk.sources = {name: source for name, source in desk.sources.items() if name != "a"}
    desk.restart()
    await desk.review()
    assert (len(desk.told), desk.unsettled) == (1, [])


async def test_the_first_list_is_a_history(
    desk: Desk, make_entry: Callable[..., Any], make_published: Callable[..., Any]
) -> None:
    """A dated first list gives a rhythm on day one; days count at noon, what is too old or ahead does not count."""
    now = desk.clock.now()
    moments = [now - DAY * number for number in (2, 3, 5, 6, 7, 9, 12)]
    entries = [
        make_entry(number, published=make_published(at=at, precision=DatePrecision.DAY))
        for number, at in enumerate(moments)
    ]
    odd = [
        make_entry(90, published=None),
        make_entry(91, published=make_published(at=now - 900 * DAY)),
        make_entry(92, published=make_published(at=now - HOUR, precision=DatePrecision.DAY)),
    ]
    with desk.database.unit_of_work() as uow:
        note_history(uow, SourceId("b"), odd, now=now)
        uow.commit()
    await desk.intake.plan(desk.poll("a"), Listing(entries=tuple(entries)))
    await desk.answer("ab", Answer.OK)
    found = desk.health("a")
    assert found.state is HealthState.OK
    assert found.last_new_at == moments[0] + 12 * HOUR
    assert desk.health("b").last_new_at is None


async def test_old_history_is_forgotten(desk: Desk) -> None:
    """Hours with news are kept for twenty-four weeks."""
    await desk.answer("a", Answer.OK, new=1)
    desk.clock.advance(weeks=25)
    await desk.answer("a", Answer.OK, new=1)
    await desk.review()
    with desk.database.unit_of_work() as uow:
        assert len(uow.health.news_hours(SourceId("a"), since=desk.clock.now() - 900 * DAY)) == 1


async def test_faults_forgiven_leave_no_trace(desk: Desk) -> None:
    """Those who failed before the network was known to be down are cleared: of that poll alone, not of earlier ones."""
    await desk.answer("aa", Answer.TIMEOUT)
    await desk.answer("g", Answer.OK)
    await desk.answer("abcd", Answer.TIMEOUT)
    with desk.database.unit_of_work() as uow:
        left = {name: [one.polls for one in uow.health.open_incidents(SourceId(name))] for name in "abcd"}
    assert left == {"a": [2], "b": [], "c": [], "d": []}
