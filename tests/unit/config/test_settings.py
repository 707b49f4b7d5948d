"""The settings models: durations, zones, bounds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.fields import check_zone, format_duration, parse_duration
from config.home import expand_home
from config.settings import Settings


@given(st.timedeltas(timedelta(0), timedelta(days=36_000)))
def test_a_duration_survives_being_written_and_read(value: timedelta) -> None:
    """Reading what was written gives the same duration, to the microsecond."""
    assert parse_duration(format_duration(value)) == value


@given(st.integers(0, 5_000), st.sampled_from("smhdw"))
def test_units_mean_what_they_say(number: int, unit: str) -> None:
    """s, m, h, d and w are seconds, minutes, hours, days and weeks, in either case."""
    words = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    assert parse_duration(f" {number}{unit.upper()} ") == timedelta(**{words[unit]: number})


@pytest.mark.parametrize(("value", "seconds"), [(90, 90), (1.5, 1.5), ("0.5h", 1800), ("0", 0)])
def test_a_bare_number_is_seconds(value: object, seconds: float) -> None:
    """A number without a unit counts seconds; fractions are fine."""
    assert parse_duration(value) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "s", "5 minutes", "-1s", "1e300d", "nan", "inf", "1y", True, None, "5m5"])
def test_what_is_no_duration_is_refused(value: object) -> None:
    """Other forms, negative and endless times are refused with the form that is right."""
    with pytest.raises(ValueError, match="duration"):
        parse_duration(value)


def test_zones_are_those_of_the_database() -> None:
    """A zone that does not exist is refused when it is loaded, not when it is used."""
    assert check_zone("Asia/Shanghai") == "Asia/Shanghai"
    for name in ("Beijing", "Asia", "", "../etc/passwd", "a\0b"):
        with pytest.raises(ValueError, match="no time zone"):
            check_zone(name)


def test_the_home_folder_is_expanded() -> None:
    """`~` in data_dir is the home folder, not a folder of that name."""
    assert Settings.model_validate({"data_dir": "~/x"}).data_dir.is_absolute()
    with pytest.raises(ValueError, match="no such home folder"):
        expand_home(Path("~no-such-user/x"))


@pytest.mark.parametrize(
    "data",
    [
        {"crawl": {"timeout": "0s"}},
        {"schedule": {"poll_tick": 0}},
        {"crawl": {"user_agent": "a\r\nX-Other: b"}},
        {"watch": {"tiers": [0]}},
        {"alerts": {"lease": "30s"}},
        {"classify": {"threshold": 1}},
        {"routes": {"a": {"match": {"min_score": 1.1}}}},
        {"Log": {}},
    ],
)
def test_values_that_would_break_the_daemon_are_refused(data: dict[str, object]) -> None:
    """Endless loops, forged headers, leases shorter than a delivery and unknown keys do not get in."""
    with pytest.raises(ValidationError):
        Settings.model_validate(data)


def test_settings_cannot_change_after_loading() -> None:
    """Every part sees the same settings for as long as the process lives."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Settings().log, "level", "debug")  # noqa: B010 - a plain assignment would not pass mypy


def test_secrets_do_not_show() -> None:
    """Neither repr nor str of the settings holds a secret."""
    settings = Settings.model_validate(
        {"database": "postgresql://a:hunter2@b/c", "channels": {"x": {"url": "json://hunter2"}}}
    )
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
