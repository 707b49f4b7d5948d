"""Column types that behave the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from core.alert import AlertState
from storage.columns import PlainJson, Seconds, UtcDateTime, storable, word_of

SQLITE, POSTGRES = (make_url(address).get_dialect()() for address in ("sqlite://", "postgresql://"))
SHANGHAI = timezone(timedelta(hours=8))


@given(st.text())
def test_readable_text_is_stored_as_it_is(text: str) -> None:
    """Text without NUL comes back unchanged."""
    assert storable(text.replace("\x00", "")) == text.replace("\x00", "")


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_storable(text: str) -> None:
    """Whatever a page holds, the result is valid UTF-8 without NUL, and cleaning it again changes nothing."""
    clean = storable(text)
    assert "\x00" not in clean
    assert clean.encode().decode() == clean
    assert storable(clean) == clean


def test_json_is_cleaned_all_the_way_down() -> None:
    """Strings in lists and objects are cleaned; numbers, truth values and null stay."""
    value = {"a": ["x\x00", ("y\ud800",)], "b": {"c": 1.5, "d": None, "e": True}}
    assert PlainJson().process_bind_param(value, SQLITE) == {
        "a": ["x", ["y\ufffd\ufffd\ufffd"]],
        "b": {"c": 1.5, "d": None, "e": True},
    }


def test_times_are_utc_on_the_way_in_and_out() -> None:
    """A time of any zone is stored as UTC, and comes back aware whatever the driver returns."""
    column = UtcDateTime()
    local = datetime(2023, 6, 15, 10, tzinfo=SHANGHAI)
    assert column.process_bind_param(local, SQLITE) == datetime(2023, 6, 15, 2)  # noqa: DTZ001 - what SQLite is given
    assert column.process_bind_param(local, POSTGRES) == local
    for raw, dialect in ((datetime(2023, 6, 15, 2), SQLITE), (local, POSTGRES)):  # noqa: DTZ001 - what SQLite returns
        back = column.process_result_value(raw, dialect)
        assert (back, back.tzinfo if back else None) == (datetime(2023, 6, 15, 2, tzinfo=UTC), UTC)


def test_a_naive_time_is_refused() -> None:
    """A time without a zone is a bug and is told as one, on every database."""
    with pytest.raises(ValueError, match="has no time zone"):
        UtcDateTime().process_bind_param(datetime(2023, 6, 15), SQLITE)  # noqa: DTZ001 - the point of the test


def test_nothing_stays_nothing() -> None:
    """None goes through every type as None."""
    for column in (UtcDateTime(), Seconds()):
        assert column.process_bind_param(None, SQLITE) is None
        assert column.process_result_value(None, SQLITE) is None


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3650)))
def test_durations_come_back_to_the_microsecond(duration: timedelta) -> None:
    """Ten years in microseconds fit a double."""
    column = Seconds()
    assert column.process_result_value(column.process_bind_param(duration, SQLITE), SQLITE) == duration


def test_words_are_stored_as_their_values() -> None:
    """An enumeration is stored by its word, not by its Python name."""
    assert word_of(AlertState).enums == [state.value for state in AlertState]
