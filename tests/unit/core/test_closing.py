"""Hours and days in which a feed asks to be left alone are passed over, and never more than a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from core.closing import LONGEST_CLOSING, ClosedTimes
from core.due import next_due
from core.outcome import Answer, PollOutcome
from core.source import PollBounds, SourceId, SourceState

NOON = datetime(2026, 11, 26, 12, 20, tzinfo=UTC)
"""A Thursday."""


def test_an_open_moment_stays() -> None:
    """Nothing is put off without need."""
    assert ClosedTimes(hours=frozenset({11, 13}), weekdays=frozenset({4})).next_open(NOON) == NOON


def test_closed_hours_end_at_a_full_hour_of_gmt() -> None:
    """Hours are those of GMT, whatever zone the moment is in."""
    closed = ClosedTimes(hours=frozenset({12, 13}))
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    assert closed.next_open(there) == NOON.replace(hour=14, minute=0)


def test_closed_days_last_a_day_at_most() -> None:
    """A feed that is closed on every day is asked after a day."""
    assert ClosedTimes(weekdays=frozenset({3})).next_open(NOON) == NOON.replace(day=27, hour=0, minute=0)
    assert ClosedTimes(weekdays=frozenset(range(7))).next_open(NOON) == NOON + LONGEST_CLOSING


@given(
    hours=st.frozensets(st.integers(0, 23)),
    days=st.frozensets(st.integers(0, 6)),
    at=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_the_moment_is_open_or_a_day_later(hours: frozenset[int], days: frozenset[int], at: datetime) -> None:
    """It is never earlier, and open unless the day is over."""
    found = ClosedTimes(hours=hours, weekdays=days).next_open(at)
    assert at <= found <= at + LONGEST_CLOSING
    assert found == at + LONGEST_CLOSING or (found.hour not in hours and found.weekday() not in days)


def test_a_poll_is_not_due_in_closed_hours() -> None:
    """The next poll is put off to the end of the hours that the feed named."""
    closed = ClosedTimes(hours=frozenset({12, 13, 14}))
    outcome = PollOutcome(source_id="a", answer=Answer.OK, closed=closed)
    state = SourceState(source_id=SourceId("a"), next_due_at=NOON)
    due, _ = next_due(state, outcome, PollBounds(), now=NOON, jitter=0)
    assert due == NOON.replace(hour=15, minute=0)
