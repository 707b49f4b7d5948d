"""What is remembered of a source after a poll. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.due import hints_of, next_due
from core.outcome import Answer

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.outcome import PollOutcome
    from core.source import PollBounds, SourceState


def after_poll(
    state: SourceState,
    outcome: PollOutcome,
    bounds: PollBounds,
    *,
    now: datetime,
    jitter: float,
    wanted: timedelta | None = None,
) -> SourceState:
    """Return the state to store after a poll; the lease is given up.

    The first sync counts as done once a list was read, with or without rows, and stored to its end; a list that was
    refused leaves it pending, so that the backlog of a source that was down on day one still arrives silently.

    Args:
        state: The state before the poll.
        outcome: How it ended.
        bounds: The source's bounds.
        now: The present, aware UTC.
        jitter: A number in [0, 1).
        wanted: The gap by the polling policy, if there is one.
    """
    hints = hints_of(state, outcome)
    due, interval = next_due(state, outcome, bounds, now=now, jitter=jitter, wanted=wanted)
    succeeded = outcome.answer.is_success
    was_read = succeeded or outcome.answer is Answer.EMPTY
    return replace(
        state,
        next_due_at=due,
        interval=interval,
        claimed_until=None,
        polls=state.polls + 1,
        first_synced_at=state.first_synced_at or (now if was_read else None),
        last_polled_at=now,
        last_success_at=now if succeeded else state.last_success_at,
        last_new_at=now if outcome.new else state.last_new_at,
        last_answer=outcome.answer,
        last_status=outcome.status,
        last_detail=outcome.detail,
        failures=0 if was_read else state.failures + 1,
        empties=state.empties + 1 if outcome.answer is Answer.EMPTY else (0 if succeeded else state.empties),
        items=state.items + outcome.new,
        validators=outcome.validators or state.validators,
        body_hash=outcome.body_hash or state.body_hash,
        ttl=hints.ttl,
        closed=hints.closed,
    )


def after_network_fault(state: SourceState, *, now: datetime, wait: timedelta) -> SourceState:
    """Return the state to store when a poll failed because our own network is down: the source is not blamed."""
    return replace(state, next_due_at=now + wait, claimed_until=None)


def forgive(state: SourceState, *, now: datetime, wait: timedelta) -> SourceState:
    """Return the state of a source whose last failure turned out to be our own network's, due again soon."""
    return replace(state, next_due_at=now + wait, failures=max(state.failures - 1, 0))
