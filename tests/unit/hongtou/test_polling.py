"""Gaps on a real database: learned from stored news, kept to a budget, sound when clocks jump and rules change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from core.calendar import OrdinaryWeeks
from core.closing import ClosedTimes
from core.outcome import Answer, PollOutcome
from core.polling_budget import Budget
from core.source import Poll, PollBounds, SourceId, SourceState, Voice
from hongtou.polling import PollingRules, SourcePacer
from hongtou.polling_outlook import look_ahead, replay_stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.source import Source
    from hongtou.intake import StoringIntake
    from hongtou.polling import Gap
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)
RULES = PollingRules(budget=Budget(per_hour=4), authority_weight=2.0, tier_weights=(2.0, 1.0))
IDS = tuple(SourceId(name) for name in ("busy", "calm", "never"))


def ordinary(source: Source) -> OrdinaryWeeks:
    """Every source keeps plain weeks."""
    del source
    return OrdinaryWeeks()


class Desk:
    """Three sources with a month of history: one with news every hour, one weekly, one never asked."""

    def __init__(self, database: SqlDatabase, make_source: Callable[..., Source], now: datetime) -> None:
        self.database, self.now = database, now
        bounds = PollBounds(min_interval=timedelta(minutes=1), max_interval=timedelta(hours=12))
        self.sources = {name: make_source(id=name, bounds=bounds, voice=Voice.PRESS, tier=2) for name in IDS}
        with database.unit_of_work() as uow:
            uow.health.note_news(IDS[0], [now - HOUR * n for n in range(1, 672)])
            uow.health.note_news(IDS[1], [now - HOUR * 168 * n for n in range(1, 5)])
            for name in IDS[:2]:
                uow.sources.put(self.state(name))
            uow.commit()
        self.pacer = self.new_pacer()

    def state(self, name: SourceId, **fields: Any) -> SourceState:
        """A source that has been watched for a month, and was asked half an hour ago."""
        asked = self.now - HOUR / 2
        since = self.now - HOUR * 672
        found = SourceState(
            source_id=name, next_due_at=self.now, first_synced_at=since, last_polled_at=asked, last_success_at=asked
        )
        return replace(found, **fields)

    def new_pacer(self, rules: PollingRules = RULES) -> SourcePacer:
        """A pacer of all sources."""
        return SourcePacer(database=self.database, sources=self.sources, rules=rules, calendar_of=ordinary)

    def gap(self, name: SourceId, *, new: int = 0, after: timedelta = timedelta(), **fields: Any) -> Gap:
        """The gap after a poll."""
        at = self.now + after
        poll = Poll(source=self.sources[name], state=self.state(name, **fields), started_at=at)
        found = self.pacer.gap(poll, PollOutcome(source_id=name, answer=Answer.OK, new=new), now=at)
        with self.database.unit_of_work() as uow:
            uow.sources.note_spent(found.spent)
            uow.commit()
        return found


@pytest.fixture
def desk(database: SqlDatabase, make_source: Callable[..., Source], now: datetime) -> Desk:
    """Sources with a history."""
    return Desk(database, make_source, now)


def test_a_busy_source_is_asked_sooner_than_a_weekly_one(desk: Desk) -> None:
    """What was stored of their news decides, and is said."""
    busy, calm = desk.gap(IDS[0]), desk.gap(IDS[1])
    assert timedelta(minutes=1) <= busy.interval < calm.interval / 3
    assert calm.interval <= timedelta(hours=12)
    assert busy.why.startswith("24 items a day; ")
    assert "by then" in busy.why


def test_a_source_that_was_never_asked_has_the_usual_gap(desk: Desk) -> None:
    """Nothing is known of it, and it is not starved."""
    found = desk.gap(IDS[2], first_synced_at=None, last_polled_at=None, last_success_at=None)
    assert found.why.startswith("little known yet")
    assert found.interval < timedelta(hours=12)
    assert found.seen_at == desk.now


def test_news_found_after_a_night_counts_for_the_time_in_between(desk: Desk) -> None:
    """What is found after a long gap is put in its middle; what is found soon, at its finding."""
    assert desk.gap(IDS[0], new=2).seen_at == desk.now
    found = desk.gap(IDS[1], new=2, after=8 * HOUR, last_polled_at=desk.now)
    assert desk.now < found.seen_at < desk.now + 8 * HOUR


def test_a_burst_draws_the_next_poll_nearer(desk: Desk) -> None:
    """Fresh news at the weekly source shortens its gap."""
    calm = desk.gap(IDS[1]).interval
    assert desk.gap(IDS[1], new=8).interval < calm / 1.5


def test_more_budget_shortens_gaps(desk: Desk) -> None:
    """A pacer of other rules asks sooner; without holidays it learns the same where there are none."""
    before = desk.gap(IDS[1]).interval
    desk.pacer = desk.new_pacer(replace(RULES, budget=Budget(per_hour=40)))
    assert desk.gap(IDS[1]).interval < before
    desk.pacer = desk.new_pacer(replace(RULES, holidays=False))
    assert desk.gap(IDS[1]).interval == pytest.approx(before, rel=0.1)


def test_weights_come_of_voice_and_tier(make_source: Callable[..., Source]) -> None:
    """An authority's first tier weighs most; further tiers weigh as the last one named."""
    weights = [RULES.weight_of(make_source(voice=voice, tier=tier)) for voice in Voice for tier in (1, 2, 4)]
    assert weights == [4.0, 2.0, 2.0, 2.0, 1.0, 1.0]


@pytest.mark.parametrize("jump", [timedelta(days=-3), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_jumps_leaves_gaps_within_bounds(desk: Desk, jump: timedelta) -> None:
    """After a jump either way the next gap is sound, and so is the one after."""
    desk.gap(IDS[0], new=1)
    for after in (jump, jump + HOUR):
        found = desk.gap(IDS[0], new=1, after=after)
        assert timedelta(minutes=1) <= found.interval <= timedelta(hours=12)
        assert found.seen_at <= desk.now + after


def test_spending_too_much_raises_prices(desk: Desk) -> None:
    """A hundred polls above the plan lengthen the gaps of the next hour; a machine that slept does not catch up."""
    before = desk.gap(IDS[0]).interval
    for _ in range(100):
        desk.gap(IDS[0])
    assert desk.gap(IDS[0], after=HOUR).interval > before * 1.1


def test_a_machine_that_slept_does_not_catch_up(desk: Desk) -> None:
    """A month asleep is no month in which requests were saved."""
    before = desk.gap(IDS[0])
    after = desk.gap(IDS[0], after=HOUR * 24 * 30)
    assert after.interval > before.interval / 3
    assert after.spent.planned <= 2 * before.spent.planned + 4 * 2 * 4


def test_a_restart_keeps_the_balance_of_the_budget(desk: Desk) -> None:
    """After a hundred polls above the plan a new pacer asks no sooner than the one that made them."""
    before = desk.gap(IDS[0]).interval
    for _ in range(100):
        desk.gap(IDS[0])
    went_on = desk.gap(IDS[0], after=HOUR).interval
    desk.pacer = desk.new_pacer()
    begun_anew = desk.gap(IDS[0], after=HOUR).interval
    assert begun_anew > before * 1.1
    assert begun_anew == pytest.approx(went_on, rel=0.05)


def test_a_program_that_is_restarted_all_the_time_keeps_its_budget(desk: Desk) -> None:
    """Begun anew after every fifth request, it owes what it overspent before, and comes back to its plan."""
    for _ in range(200):
        desk.gap(IDS[0])
    due = dict.fromkeys(IDS, 1.0)
    asked = 0
    while min(due.values()) < 25:
        name = min(due, key=due.__getitem__)
        if asked % 5 == 0:
            desk.pacer = desk.new_pacer()
        asked += 1
        due[name] += desk.gap(name, after=HOUR * due[name], last_polled_at=desk.now).interval / HOUR
    assert asked < 55  # 38; a balance that begins at nothing lets it ask 75 times


def test_the_outlook_tells_polls_reasons_and_delays(desk: Desk) -> None:
    """Each source has its next polls in order, a delay shorter than its gap, and a reason; all keep the budget."""
    with desk.database.reading() as uow:
        found = look_ahead(uow, list(desk.sources.values()), RULES, calendar_of=ordinary, now=desk.now)
    assert [each.source.id for each in found.sources] == list(IDS)
    for each in found.sources:
        assert list(each.polls) == sorted(each.polls)
        assert len(each.polls) == 3
        assert timedelta() < each.delay < timedelta(hours=12)
        assert each.why
    assert found.per_hour == pytest.approx(4, rel=0.01)
    assert found.busiest <= 16.1
    busy = found.sources[0]
    assert busy.polls_per_day / 24 == pytest.approx(4, rel=0.5)


@pytest.mark.parametrize(
    ("failures", "words"), [(1, "failed once (timeout)"), (3, "failed 3 times in a row (timeout)")]
)
def test_the_outlook_tells_failures(desk: Desk, failures: int, words: str) -> None:
    """A source that fails is said to, with when it is asked again."""
    with desk.database.unit_of_work() as uow:
        state = desk.state(IDS[0], failures=failures, last_answer=Answer.TIMEOUT, next_due_at=desk.now + 2 * HOUR)
        uow.sources.put(state)
        uow.commit()
    rules = replace(RULES, holidays=False)
    with desk.database.reading() as uow:
        (found,) = look_ahead(uow, [desk.sources[IDS[0]]], rules, calendar_of=ordinary, now=desk.now).sources
    assert found.why.startswith(f"{words}, asked again in 2 h; else: ")
    assert found.polls[0] == desk.now + 2 * HOUR


def test_the_outlook_keeps_to_what_a_list_asks_for(desk: Desk) -> None:
    """Its ttl and its closed hours are kept in the polls ahead, and said."""
    closed = ClosedTimes(hours=frozenset({desk.now.hour, desk.now.hour + 1}))
    with desk.database.unit_of_work() as uow:
        uow.sources.put(desk.state(IDS[0], ttl=timedelta(hours=3)))
        uow.sources.put(desk.state(IDS[1], closed=closed))
        uow.commit()
    with desk.database.reading() as uow:
        slow, shut, _ = look_ahead(
            uow, list(desk.sources.values()), RULES, calendar_of=ordinary, now=desk.now, shown=20
        ).sources
    assert slow.interval == 3 * HOUR
    assert slow.why.startswith("its list asks for 3 h between polls; else: 24 items a day")
    assert [later - one for one, later in pairwise(slow.polls)] == [3 * HOUR] * 19
    assert shut.why.startswith(f"its list asks to be left alone until {desk.now.hour + 2:02}:00 UTC; else: ")
    assert all(at.hour not in closed.hours for at in shut.polls[1:])


def test_a_replay_of_stored_news_shows_what_budgets_bring(desk: Desk) -> None:
    """Twice the budget means about twice the requests and less delay."""
    budgets = [Budget(per_hour=4), Budget(per_hour=8)]
    for rules in (RULES, replace(RULES, holidays=False)):
        with desk.database.reading() as uow:
            found = replay_stored(uow, list(desk.sources.values()), rules, budgets, calendar_of=ordinary, now=desk.now)
        few, many = (found[budget] for budget in budgets)
        assert few.requests == pytest.approx(4, rel=0.1)
        assert many.requests == pytest.approx(8, rel=0.1)
        assert (many.mean() or 0) < (few.mean() or 0)


@pytest.fixture
def intake(desk: Desk, newsroom: Any) -> StoringIntake:
    """An intake that asks the pacer of the sources."""
    found: StoringIntake = newsroom.intake
    found.use(replace(found._rules, pacer=desk.pacer))
    return found


async def test_the_intake_keeps_to_the_gap(desk: Desk, intake: StoringIntake, clock: Any) -> None:
    """A poll that succeeded is followed when the pacer says, the log says why, and its news counts for when it came."""
    name = IDS[1]
    poll = Poll(
        source=desk.sources[name], state=desk.state(name, last_polled_at=clock.now() - 6 * HOUR), started_at=clock.now()
    )
    with capture_logs() as lines:
        await intake.finish(poll, PollOutcome(source_id=name, answer=Answer.OK, new=1))
    with desk.database.reading() as uow:
        state = uow.sources.get(name)
        news = uow.health.news_hours(name, since=clock.now() - 7 * HOUR)
    assert state is not None
    assert state.interval is not None
    assert state.next_due_at == clock.now() + state.interval
    assert state.interval not in (desk.sources[name].bounds.min_interval, timedelta(minutes=2))
    assert [at < clock.now() - HOUR for at in news] == [True]
    (line,) = [line for line in lines if line["event"] == "poll"]
    assert "items a day" in line["why"] or line["why"].startswith("little known yet")


async def test_a_failure_backs_off_whatever_the_pacer_says(desk: Desk, intake: StoringIntake, clock: Any) -> None:
    """The gap of a failing source is its backoff, and the log gives no other reason."""
    name = IDS[0]
    poll = Poll(source=desk.sources[name], state=desk.state(name, failures=5), started_at=clock.now())
    with capture_logs() as lines:
        await intake.finish(poll, PollOutcome(source_id=name, answer=Answer.HTTP_ERROR, status=500))
    with desk.database.reading() as uow:
        state = uow.sources.get(name)
    assert state is not None
    assert state.next_due_at == clock.now() + timedelta(minutes=32)
    assert [line["why"] for line in lines if line["event"] == "poll"] == [None]
