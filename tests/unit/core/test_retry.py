"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.retry import FIRST_WAIT, MAX_WAIT, next_attempt

if TYPE_CHECKING:
    from datetime import datetime


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempts=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_the_wait_is_between_ten_seconds_and_an_hour_and_a_quarter(now: datetime, attempts: int, jitter: float) -> None:
    """However often it failed, the next try comes, and not too soon."""
    wait = next_attempt(attempts, now=now, jitter=jitter, retry_after=None) - now
    assert FIRST_WAIT <= wait <= MAX_WAIT * 1.25


def test_the_wait_doubles(now: datetime) -> None:
    """Ten seconds, twenty, forty, and at last an hour."""
    waits = [next_attempt(n, now=now, jitter=0, retry_after=None) - now for n in (1, 2, 3, 99)]
    assert waits == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4, MAX_WAIT]


def test_retry_after_only_lengthens(now: datetime) -> None:
    """A channel's wish for a longer rest is granted, one for a shorter rest is not."""
    assert next_attempt(1, now=now, jitter=0, retry_after=timedelta(hours=3)) == now + timedelta(hours=3)
    assert next_attempt(1, now=now, jitter=0, retry_after=timedelta(seconds=1)) == now + FIRST_WAIT


def test_a_retry_after_is_believed_for_a_day_at_most(now: datetime) -> None:
    """A channel that asks for years is tried again tomorrow."""
    assert next_attempt(1, now=now, jitter=0, retry_after=timedelta(days=4000)) == now + timedelta(days=1)
