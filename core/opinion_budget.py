"""What second opinions cost, how much is left, and when to leave a faulty endpoint alone. Pure.

Money is counted in millionths of the unit that the prices are given in, as whole numbers: sums of floats drift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from core.opinion import AdviceFault, Usage

MICROS = 1_000_000
_PER_1K = MICROS // 1000
TOLERATED_FAULTS = 3
"""Faults in a row after which the endpoint is left alone for a while."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_GRANTED = timedelta(hours=6)
"""Longest Retry-After that is granted."""
_HAN_TOKENS = 1.5
"""Tokens of a character beyond Latin where the endpoint does not count: above the 0.7 to 1.3 of today's tokenizers."""
_LATIN_CHARACTERS = 3
"""Characters of Latin text to a token, below the usual four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices of a thousand tokens, in the user's unit of money."""

    tokens_in: float
    tokens_out: float

    def cost(self, usage: Usage) -> int:
        """Return the price of tokens in millionths, rounded up."""
        price = usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out
        return math.ceil(round(price * _PER_1K, 6))


def in_micros(money: float) -> int:
    """Return an amount in millionths, rounded down."""
    return math.floor(round(money * MICROS, 6))


def estimate_tokens(text: str) -> int:
    """Guess the tokens of a text, rather too many than too few; for answers that do not say what they took."""
    latin = sum(character < "\u0250" for character in text)
    return math.ceil(latin / _LATIN_CHARACTERS + (len(text) - latin) * _HAN_TOKENS)


def most_tokens(text: str) -> int:
    """Return a bound on the tokens of a text: today's tokenizers work on UTF-8 bytes, and a token has at least one."""
    return len(text.encode(errors="replace"))


def month_of(at: datetime) -> str:
    """Return the calendar month of a moment in UTC: `2026-11`."""
    return f"{at.astimezone(UTC):%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a request came to, to be booked in place of what was reserved for it."""

    reserved: int
    """Millionths that were reserved."""
    cost: int
    """Millionths that it cost, or may have."""
    questions: int = 0
    """Documents it was about."""
    tokens_in: int = 0
    tokens_out: int = 0
    fault: str = ""
    """What went wrong; empty for a good answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionMonth:
    """What second opinions came to in one calendar month (UTC)."""

    month: str
    spent: int = 0
    """Millionths, with what is reserved for requests under way; never more than the budget."""
    calls: int = 0
    """Requests that were sent."""
    questions: int = 0
    """Documents that they were about."""
    cache_hits: int = 0
    """Documents answered from memory."""
    faults: int = 0
    """Requests that went wrong."""
    refused: int = 0
    """Requests that were not sent because the budget did not hold them."""
    tokens_in: int = 0
    tokens_out: int = 0
    last_fault: str = ""
    last_fault_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Leaves an endpoint alone that keeps failing: for a minute, then twice as long each time, up to an hour."""

    failures: int = 0
    """Faults in a row."""
    open_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the endpoint is to be left alone now."""
        return self.open_until is not None and now < self.open_until

    def after_success(self) -> Breaker:
        """Forget the faults."""
        return Breaker()

    def after_fault(self, fault: AdviceFault, *, now: datetime, retry_after: timedelta | None = None) -> Breaker:
        """Count a fault.

        A refused key pauses at once and for the longest time, since only a person can mend it; an endpoint that names
        a time itself gets it.
        """
        failed = replace(self, failures=self.failures + 1)
        if fault is AdviceFault.KEY:
            return replace(failed, open_until=now + LONGEST_PAUSE)
        pause = _pause(failed.failures)
        if retry_after is not None:
            pause = max(pause, min(retry_after, LONGEST_GRANTED))
        return replace(failed, open_until=now + pause if pause else None)


def _pause(failures: int) -> timedelta:
    beyond = failures - TOLERATED_FAULTS
    if beyond < 0:
        return timedelta()
    doubled: timedelta = FIRST_PAUSE * 2 ** min(beyond, 10)
    return min(doubled, LONGEST_PAUSE)
