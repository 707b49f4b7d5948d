"""What is remembered of a source after a poll."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.closing import ClosedTimes
from core.outcome import Answer, PollOutcome, Validators
from core.progress import after_network_fault, after_poll, forgive
from core.source import PollBounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.source import SourceState

BOUNDS = PollBounds()


def outcome(answer: Answer, /, **fields: Any) -> PollOutcome:
    """A poll that ended like this."""
    return PollOutcome(source_id="lianwen", answer=answer, **fields)


@pytest.mark.parametrize("answer", Answer)
def test_every_poll_is_counted_and_gives_up_its_lease(
    make_state: Callable[..., SourceState], now: datetime, answer: Answer
) -> None:
    """Whatever came of it, a poll was one, the source is free again, and due later."""
    state = make_state(polls=4, claimed_until=now + timedelta(minutes=5))
    after = after_poll(state, outcome(answer, status=200, detail="so"), BOUNDS, now=now, jitter=0)
    assert (after.polls, after.claimed_until, after.last_polled_at, after.last_answer) == (5, None, now, answer)
    assert (after.last_status, after.last_detail) == (200, "so")
    assert after.next_due_at > now


def test_a_success_ends_failures_and_empties(make_state: Callable[..., SourceState], now: datetime) -> None:
    """What went wrong before is past, and new items are added up."""
    state = make_state(failures=3, empties=2, items=10)
    after = after_poll(state, outcome(Answer.OK, new=2), BOUNDS, now=now, jitter=0)
    assert (after.failures, after.empties, after.items) == (0, 0, 12)
    assert (after.first_synced_at, after.last_success_at, after.last_new_at) == (now, now, now)


def test_an_empty_list_is_counted_apart(make_state: Callable[..., SourceState], now: datetime) -> None:
    """An empty list ends the failures and the first sync, but is no success."""
    after = after_poll(make_state(failures=3, empties=2), outcome(Answer.EMPTY), BOUNDS, now=now, jitter=0)
    assert (after.failures, after.empties, after.last_success_at, after.first_synced_at) == (0, 3, None, now)


def test_a_failure_keeps_the_first_sync_and_the_past(make_state: Callable[..., SourceState], now: datetime) -> None:
    """A refused list leaves the first sync pending and what was known as it was."""
    earlier = now - timedelta(days=1)
    state = make_state(failures=1, empties=2, last_success_at=earlier, last_new_at=earlier)
    after = after_poll(state, outcome(Answer.TIMEOUT), BOUNDS, now=now, jitter=0)
    assert (after.failures, after.empties, after.first_synced_at) == (2, 2, None)
    assert (after.last_success_at, after.last_new_at) == (earlier, earlier)


def test_the_first_sync_is_remembered_once(make_state: Callable[..., SourceState], now: datetime) -> None:
    """Later polls do not move the moment of the first."""
    earlier = now - timedelta(days=1)
    after = after_poll(make_state(first_synced_at=earlier), outcome(Answer.OK), BOUNDS, now=now, jitter=0)
    assert after.first_synced_at == earlier


def test_validators_are_kept_until_new_ones_come(make_state: Callable[..., SourceState], now: datetime) -> None:
    """An answer without validators or body leaves the old ones."""
    state = make_state(validators=Validators(etag='"a"'), body_hash="x")
    kept = after_poll(state, outcome(Answer.NOT_MODIFIED), BOUNDS, now=now, jitter=0)
    assert (kept.validators, kept.body_hash) == (state.validators, "x")
    new = outcome(Answer.OK, validators=Validators(etag='"b"'), body_hash="y")
    changed = after_poll(state, new, BOUNDS, now=now, jitter=0)
    assert (changed.validators.etag, changed.body_hash) == ('"b"', "y")


def test_a_dead_network_blames_no_source(make_state: Callable[..., SourceState], now: datetime) -> None:
    """The source is tried again soon, with the record it had."""
    state = make_state(failures=1, polls=4, claimed_until=now)
    after = after_network_fault(state, now=now, wait=timedelta(seconds=60))
    assert (after.failures, after.polls, after.claimed_until) == (1, 4, None)
    assert after.next_due_at == now + timedelta(seconds=60)


def test_a_source_blamed_for_the_network_is_forgiven(make_state: Callable[..., SourceState], now: datetime) -> None:
    """The failure is taken back, and the source is due again soon."""
    state = make_state(failures=3)
    assert forgive(state, now=now, wait=timedelta(minutes=1)).failures == 2
    assert forgive(make_state(failures=0), now=now, wait=timedelta(minutes=1)).failures == 0
    assert forgive(state, now=now, wait=timedelta(minutes=1)).next_due_at == now + timedelta(minutes=1)


def test_what_a_list_asks_for_is_kept_while_it_does_not_change(
    make_state: Callable[..., SourceState], now: datetime
) -> None:
    """Its ttl and closed hours hold after a 304 and a failure, too, and go when the list is read without them."""
    closed, wait = ClosedTimes(hours=frozenset({(now + timedelta(hours=1)).hour})), timedelta(minutes=40)
    bounds = PollBounds(min_interval=timedelta(minutes=1), max_interval=timedelta(hours=2))
    first = PollOutcome(source_id="a", answer=Answer.OK, ttl=wait, closed=closed)
    state = after_poll(make_state(), first, bounds, now=now, jitter=0, wanted=timedelta(minutes=5))
    assert state.next_due_at == now + wait
    for answer in (Answer.NOT_MODIFIED, Answer.TIMEOUT):
        outcome = PollOutcome(source_id="a", answer=answer)
        state = after_poll(state, outcome, bounds, now=now, jitter=0, wanted=timedelta(minutes=5))
        assert (state.ttl, state.closed) == (wait, closed)
    unchanged = PollOutcome(source_id="a", answer=Answer.NOT_MODIFIED)
    due = after_poll(state, unchanged, bounds, now=now, jitter=0, wanted=timedelta(minutes=5)).next_due_at
    assert due == now + wait
    late = now + timedelta(minutes=30)
    due = after_poll(state, unchanged, bounds, now=late, jitter=0, wanted=timedelta(minutes=5)).next_due_at
    assert due == now + timedelta(hours=2)
    read = PollOutcome(source_id="a", answer=Answer.OK)
    state = after_poll(state, read, bounds, now=now, jitter=0, wanted=timedelta(minutes=5))
    assert (state.ttl, state.closed) == (None, None)
    assert state.next_due_at == now + timedelta(minutes=5)
