"""When a failed delivery is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FIRST_WAIT = timedelta(seconds=10)
MAX_WAIT = timedelta(hours=1)
MAX_RETRY_AFTER = timedelta(days=1)
"""As much as is believed of a Retry-After: a broken one must not silence a channel for good."""


def next_attempt(attempts: int, *, now: datetime, jitter: float, retry_after: timedelta | None) -> datetime:
    """Return when to try again after a transient failure.

    Exponential from ten seconds to an hour, with up to a quarter of jitter; a Retry-After only ever lengthens it, to a
    day at most.

    Args:
        attempts: Attempts made so far, this one included; 1 or more.
        now: The present, aware UTC.
        jitter: A number in [0, 1).
        retry_after: What the channel asked for, None when it did not.
    """
    doublings: int = 2 ** min(attempts - 1, 16)
    wait = min(FIRST_WAIT * doublings, MAX_WAIT) * (1 + 0.25 * jitter)
    if retry_after is not None:
        wait = max(wait, min(retry_after, MAX_RETRY_AFTER))
    return now + wait
