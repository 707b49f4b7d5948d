"""When a source is due next: always later, always within its bounds, slower when it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.due import DEFERRED_WAIT, MAX_BACKOFF, failure_backoff, next_due, next_interval
from core.outcome import Answer, PollOutcome
from core.source import PollBounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.source import SourceState

BOUNDS = PollBounds(min_interval=timedelta(minutes=5), max_interval=timedelta(hours=6))
SPANS = st.timedeltas(min_value=timedelta(seconds=-9), max_value=timedelta(days=400))
JITTERS = st.floats(0, 1, exclude_max=True)


def outcome(answer: Answer = Answer.OK, /, **fields: Any) -> PollOutcome:
    """A poll that ended like this."""
    return PollOutcome(source_id="lianwen", answer=answer, **fields)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.sampled_from(Answer),
    interval=st.one_of(st.none(), st.timedeltas(timedelta(seconds=1), timedelta(days=9))),
    failures=st.integers(0, 10_000),
    new=st.integers(0, 3),
    deferred=st.integers(0, 1),
    retry_after=st.one_of(st.none(), SPANS),
    ttl=st.one_of(st.none(), SPANS),
    jitter=JITTERS,
)
def test_due_is_later_and_within_bounds_for_any_hint(
    make_state: Callable[..., SourceState],
    now: datetime,
    answer: Answer,
    interval: timedelta | None,
    failures: int,
    new: int,
    deferred: int,
    retry_after: timedelta | None,
    ttl: timedelta | None,
    jitter: float,
) -> None:
    """No answer, hint or history makes a source due now, out of bounds, or later than a day."""
    state = make_state(interval=interval, failures=failures)
    result = outcome(answer, new=new, deferred=deferred, retry_after=retry_after, ttl=ttl)
    due, remembered = next_due(state, result, BOUNDS, now=now, jitter=jitter)
    assert now < due <= now + MAX_BACKOFF * 1.1
    if answer.is_success:
        assert BOUNDS.min_interval <= remembered <= BOUNDS.max_interval
        assert due >= now + (DEFERRED_WAIT if deferred else BOUNDS.min_interval)
    if retry_after is not None:
        assert due >= now + min(retry_after, MAX_BACKOFF)


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [({"new": 1}, 30), ({"revised": 1}, 30), ({"deferred": 1}, 30), ({}, 90)],
)
def test_news_halves_the_gap_and_silence_grows_it(
    make_state: Callable[..., SourceState], fields: dict[str, int], minutes: int
) -> None:
    """After an hour's gap the next one is half an hour on news and one and a half without."""
    state = make_state(interval=timedelta(hours=1))
    assert next_interval(state, outcome(**fields), BOUNDS) == timedelta(minutes=minutes)


def test_the_gap_stays_within_bounds(make_state: Callable[..., SourceState]) -> None:
    """A source that always or never has news ends at its bounds."""
    assert next_interval(make_state(interval=timedelta(minutes=6)), outcome(new=1), BOUNDS) == BOUNDS.min_interval
    assert next_interval(make_state(interval=timedelta(hours=5)), outcome(), BOUNDS) == BOUNDS.max_interval


@given(wanted=st.timedeltas(timedelta(), timedelta(days=9)), ttl=st.one_of(st.none(), SPANS), jitter=JITTERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_gap_of_the_polling_policy_is_kept_within_bounds(
    make_state: Callable[..., SourceState], now: datetime, wanted: timedelta, ttl: timedelta | None, jitter: float
) -> None:
    """What the policy wants counts in place of halving, within the bounds, and hints only lengthen the wait."""
    due, remembered = next_due(make_state(), outcome(new=1, ttl=ttl), BOUNDS, now=now, jitter=jitter, wanted=wanted)
    assert remembered == min(max(wanted, BOUNDS.min_interval), BOUNDS.max_interval)
    assert remembered <= due - now <= BOUNDS.max_interval * 1.1


def test_the_polling_policy_has_no_say_in_failures(make_state: Callable[..., SourceState], now: datetime) -> None:
    """A source that fails backs off whatever the policy wants, and a Retry-After is kept."""
    failed = outcome(Answer.RATE_LIMITED, retry_after=timedelta(hours=5))
    due, remembered = next_due(
        make_state(interval=timedelta(hours=1)), failed, BOUNDS, now=now, jitter=0, wanted=timedelta(minutes=5)
    )
    assert due == now + timedelta(hours=5)
    assert remembered == timedelta(hours=1)


def test_a_new_source_begins_near_its_shortest_gap(make_state: Callable[..., SourceState]) -> None:
    """Without a history the gap is reckoned from twice the shortest one."""
    assert next_interval(make_state(), outcome(new=1), BOUNDS) == BOUNDS.min_interval


def test_what_was_deferred_is_fetched_within_a_minute(make_state: Callable[..., SourceState], now: datetime) -> None:
    """A poll that had its fill is followed soon, and the remembered gap is not that minute."""
    state = make_state(interval=timedelta(hours=1))
    due, remembered = next_due(state, outcome(deferred=3, ttl=timedelta(hours=5)), BOUNDS, now=now, jitter=0)
    assert due == now + DEFERRED_WAIT
    assert remembered == timedelta(minutes=30)


def test_deferring_never_slows_a_fast_source(make_state: Callable[..., SourceState], now: datetime) -> None:
    """A source that is polled every second stays so when a poll had its fill."""
    bounds = PollBounds(min_interval=timedelta(seconds=1), max_interval=timedelta(seconds=2))
    due, _ = next_due(make_state(), outcome(deferred=1), bounds, now=now, jitter=0)
    assert due == now + timedelta(seconds=1)


@pytest.mark.parametrize(
    "answer", [answer for answer in Answer if not answer.is_success and answer is not Answer.EMPTY]
)
def test_failures_back_off_up_to_a_day(answer: Answer) -> None:
    """Each failure in a row waits at least as long as the one before, and never more than a day."""
    waits = [failure_backoff(n, BOUNDS, answer) for n in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_BACKOFF


@pytest.mark.parametrize("answer", [Answer.BLOCKED, Answer.ROBOTS, Answer.ADDRESS, Answer.GONE])
def test_refusals_are_answered_by_going_slow_at_once(answer: Answer) -> None:
    """A source that refuses us is left alone for an hour after the first time."""
    assert failure_backoff(1, BOUNDS, answer) == timedelta(hours=1)
    assert failure_backoff(1, BOUNDS, Answer.TIMEOUT) == BOUNDS.min_interval


def test_backoff_never_undercuts_a_long_shortest_gap() -> None:
    """A source that is looked at every other day is not looked at more often because it fails."""
    bounds = PollBounds(min_interval=timedelta(days=2), max_interval=timedelta(days=7))
    assert failure_backoff(5, bounds, Answer.TIMEOUT) == timedelta(days=2)


def test_a_failure_keeps_the_remembered_gap(make_state: Callable[..., SourceState], now: datetime) -> None:
    """After an outage polling goes on at the rhythm it had."""
    state = make_state(interval=timedelta(hours=1), failures=3)
    due, remembered = next_due(state, outcome(Answer.TIMEOUT), BOUNDS, now=now, jitter=0)
    assert remembered == timedelta(hours=1)
    assert due == now + timedelta(minutes=40)


def test_jitter_spreads_by_a_tenth(make_state: Callable[..., SourceState], now: datetime) -> None:
    """Sources that failed together return up to a tenth of the wait apart."""
    state = make_state(interval=timedelta(hours=2))
    due, _ = next_due(state, outcome(new=1), BOUNDS, now=now, jitter=0.5)
    assert due == now + timedelta(hours=1) * 1.05


def test_ttl_lengthens_up_to_the_longest_gap(make_state: Callable[..., SourceState], now: datetime) -> None:
    """A feed may ask for rest, but not for more than its bounds allow."""
    due, _ = next_due(make_state(), outcome(ttl=timedelta(days=30)), BOUNDS, now=now, jitter=0)
    assert due == now + BOUNDS.max_interval
