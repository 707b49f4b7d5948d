"""When a source is due next. Pure: `now` and the jitter are passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.outcome import Answer

if TYPE_CHECKING:
    from datetime import datetime

    from core.closing import ClosedTimes
    from core.outcome import PollOutcome
    from core.source import PollBounds, SourceState

MAX_BACKOFF = timedelta(hours=24)
"""A source that keeps failing is still looked at once a day: nothing stops by itself."""
DEFERRED_WAIT = timedelta(minutes=1)
"""Longest wait after a poll that left new entries for the next one."""
_GROW = 1.5
_SHRINK = 0.5


def next_interval(state: SourceState, outcome: PollOutcome, bounds: PollBounds) -> timedelta:
    """Return the wanted gap after a poll, before hints and jitter.

    Half the last gap when the poll brought something new, one and a half of it when not, within the bounds: the
    halve-on-hit, grow-on-miss rule of web caches, for where no polling policy is at hand.
    """
    last = state.interval or bounds.min_interval * 2
    factor = _SHRINK if outcome.new or outcome.revised or outcome.deferred else _GROW
    return min(max(last * factor, bounds.min_interval), bounds.max_interval)


def failure_backoff(failures: int, bounds: PollBounds, answer: Answer) -> timedelta:
    """Return the gap after the n-th failure in a row.

    Doubles from the shortest interval, up to a day (or to that interval, when it is longer). A refusal aimed at
    crawlers is answered by going slow at once: it starts an hour up the ladder.

    Args:
        failures: Failures in a row, this one included; 1 or more.
        bounds: The source's bounds.
        answer: What went wrong.
    """
    base = bounds.min_interval
    if answer in (Answer.BLOCKED, Answer.ROBOTS, Answer.ADDRESS, Answer.GONE):
        base = max(base, timedelta(hours=1))
    factor: int = 2 ** min(failures - 1, 10)
    return min(base * factor, max(base, MAX_BACKOFF))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHints:
    """How a list asks to be polled."""

    ttl: timedelta | None
    closed: ClosedTimes | None


def hints_of(state: SourceState, outcome: PollOutcome) -> ListHints:
    """Return what a list asks for: as this poll read it, or as it was read last when this poll did not read it.

    A list that did not change (304) says nothing, and still means what it said.
    """
    was_read = outcome.answer in (Answer.OK, Answer.EMPTY)
    return (
        ListHints(ttl=outcome.ttl, closed=outcome.closed)
        if was_read
        else ListHints(ttl=outcome.ttl or state.ttl, closed=outcome.closed or state.closed)
    )


def next_due(
    state: SourceState,
    outcome: PollOutcome,
    bounds: PollBounds,
    *,
    now: datetime,
    jitter: float,
    wanted: timedelta | None = None,
) -> tuple[datetime, timedelta]:
    """Return when a source is due next, and the interval to remember.

    Args:
        state: The source's state before this poll.
        outcome: How the poll ended.
        bounds: The source's bounds.
        now: The present, aware UTC.
        jitter: A number in [0, 1), so that sources that failed together do not return together.
        wanted: The gap by the polling policy (`core.polling`), kept within the bounds; without it, that of
            `next_interval`.

    Returns:
        A moment after `now`, and the undisturbed interval. A Retry-After or TTL only ever lengthens the wait
        (TTL up to the source's longest interval, Retry-After up to a day); hours in which a feed asks to be left alone
        are passed over.
    """
    hints = hints_of(state, outcome)
    if outcome.answer.is_success or outcome.answer is Answer.EMPTY:
        interval = next_interval(state, outcome, bounds)
        if wanted is not None:
            interval = min(max(wanted, bounds.min_interval), bounds.max_interval)
        wait = interval
        if outcome.deferred:
            wait = min(wait, DEFERRED_WAIT)
        elif hints.ttl is not None:
            wait = max(wait, min(hints.ttl, bounds.max_interval))
    else:
        interval = state.interval or bounds.min_interval * 2
        wait = failure_backoff(state.failures + 1, bounds, outcome.answer)
    if outcome.retry_after is not None:
        wait = max(wait, min(outcome.retry_after, MAX_BACKOFF))
    due = now + wait * (1 + 0.1 * jitter)
    return (hints.closed.next_open(due) if hints.closed else due), interval
