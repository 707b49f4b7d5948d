"""What second opinions cost, and when a faulty endpoint is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.opinion import AdviceFault, Usage
from core.opinion_budget import (
    LONGEST_GRANTED,
    LONGEST_PAUSE,
    Breaker,
    Prices,
    estimate_tokens,
    in_micros,
    month_of,
    most_tokens,
)

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
COUNT = st.integers(min_value=0, max_value=10_000_000)
PRICE = st.floats(min_value=0, max_value=100)


def test_a_price_is_of_a_thousand_tokens() -> None:
    """1,000 tokens at 0.15 and 500 at 0.6 come to 0.45, in millionths."""
    assert Prices(tokens_in=0.15, tokens_out=0.6).cost(Usage(tokens_in=1000, tokens_out=500)) == 450_000
    assert Prices(tokens_in=0.00015, tokens_out=0.0006).cost(Usage(tokens_in=1, tokens_out=0)) == 1
    assert Prices(tokens_in=0, tokens_out=0).cost(Usage(tokens_in=10**6, tokens_out=10**6)) == 0
    assert in_micros(5) == 5_000_000
    assert in_micros(0.000_000_9) == 0


@given(COUNT, COUNT, PRICE, PRICE)
def test_more_tokens_never_cost_less(tokens_in: int, tokens_out: int, price_in: float, price_out: float) -> None:
    """So a reservation for the most tokens holds for any fewer."""
    prices = Prices(tokens_in=price_in, tokens_out=price_out)
    cost = prices.cost(Usage(tokens_in=tokens_in, tokens_out=tokens_out))
    assert 0 <= cost <= prices.cost(Usage(tokens_in=tokens_in + 1, tokens_out=tokens_out + 7))


@given(st.text(max_size=500))
def test_the_bound_on_tokens_is_in_bytes(text: str) -> None:
    """A text has at most as many tokens as bytes, and the guess is never negative."""
    assert most_tokens(text) >= len(text)
    assert estimate_tokens(text) >= 0


def test_the_guess_is_on_the_high_side() -> None:
    """Three Latin letters a token, three tokens for two Chinese characters; half a surrogate breaks nothing."""
    assert estimate_tokens("abcdef") == 2
    assert estimate_tokens("区块链技") == 6
    assert most_tokens("区\ud800") == 4


def test_months_are_of_utc() -> None:
    """A morning in Shanghai can belong to the month before."""
    shanghai = timezone(timedelta(hours=8))
    assert month_of(datetime(2023, 7, 1, 7, 59, tzinfo=shanghai)) == "2023-06"
    assert month_of(datetime(2023, 7, 1, 8, 0, tzinfo=shanghai)) == "2023-07"


def test_two_faults_are_borne() -> None:
    """The third in a row pauses for a minute, each further one twice as long, up to an hour."""
    breaker = Breaker()
    pauses = []
    for _ in range(12):
        breaker = breaker.after_fault(AdviceFault.SERVER, now=NOW)
        pauses.append((breaker.open_until or NOW) - NOW)
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert breaker.is_open(NOW + timedelta(minutes=59))
    assert not breaker.is_open(NOW + LONGEST_PAUSE)
    assert breaker.after_success() == Breaker()
    assert not Breaker().is_open(NOW)


def test_a_refused_key_pauses_at_once() -> None:
    """Only a person can mend it."""
    assert Breaker().after_fault(AdviceFault.KEY, now=NOW).open_until == NOW + LONGEST_PAUSE


@pytest.mark.parametrize(
    ("asked", "granted"), [(timedelta(seconds=7), timedelta(seconds=7)), (timedelta(days=9), LONGEST_GRANTED)]
)
def test_an_endpoint_gets_the_time_it_asks_for(asked: timedelta, granted: timedelta) -> None:
    """Also at its first fault, up to six hours."""
    breaker = Breaker().after_fault(AdviceFault.RATE_LIMITED, now=NOW, retry_after=asked)
    assert breaker.open_until == NOW + granted
