"""What servers say about asking again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outcome import Validators
from crawler.hints import conditions, max_age, retry_after, validators

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)


def test_validators_come_and_go_verbatim() -> None:
    """What a server sent as validators is what it gets back."""
    known = validators({"etag": 'W/"a,b"', "last-modified": "Wed, 14 Jun 2023 02:00:00 GMT"})
    assert conditions(known) == {"If-None-Match": 'W/"a,b"', "If-Modified-Since": "Wed, 14 Jun 2023 02:00:00 GMT"}
    assert validators({"etag": ""}) == Validators()
    assert conditions(Validators()) == {}


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        (" 30 ", timedelta(seconds=30)),
        ("Thu, 15 Jun 2023 02:05:00 GMT", timedelta(minutes=5)),
        ("Thu, 15 Jun 2023 10:05:00 +0800", timedelta(minutes=5)),
        ("Thu, 15 Jun 2023 02:05:00", timedelta(minutes=5)),
        ("Thu, 15 Jun 2023 01:00:00 GMT", timedelta()),
        ("99999999999999", timedelta(days=366)),
        ("Thu, 15 Jun 3023 01:00:00 GMT", timedelta(days=366)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after(value: str, wait: timedelta | None) -> None:
    """Seconds and dates are read, the past is now, a jest is cut to a year, and nonsense is nothing."""
    assert retry_after({"retry-after": value}, now=NOW) == wait


@given(st.text(max_size=60))
def test_no_header_breaks_the_reading(value: str) -> None:
    """Whatever a server sends gives a wait that is not negative, or none."""
    for wait in (retry_after({"retry-after": value}, now=NOW), max_age({"cache-control": value})):
        assert wait is None or timedelta() <= wait <= timedelta(days=366)


@pytest.mark.parametrize(
    ("value", "age"),
    [
        ("max-age=600", 600),
        ("public, Max-Age = 600, must-revalidate", 600),
        ('max-age="600"', 600),
        ("s-maxage=600", None),
        ("no-cache", None),
        ("max-age=0", None),
        ("max-age=", None),
        ("", None),
    ],
)
def test_max_age(value: str, age: int | None) -> None:
    """A fresh time of nothing asks for nothing; shared caches' times are not ours."""
    assert max_age({"cache-control": value}) == (timedelta(seconds=age) if age else None)
