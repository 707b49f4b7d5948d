"""Quiet hours: exact ends, over midnight, weekends, and nights in which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alert import QuietHours
from core.quiet import quiet_until

_NIGHT = QuietHours(start=time(22), end=time(7))
_BERLIN = "Europe/Berlin"


def _at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-25T21:59:59", None),
        ("2026-11-25T22:00:00", "2026-11-26T07:00:00"),
        ("2026-11-26T03:00:00", "2026-11-26T07:00:00"),
        ("2026-11-26T06:59:59", "2026-11-26T07:00:00"),
        ("2026-11-26T07:00:00", None),
    ],
)
def test_over_midnight(now: str, until: str | None) -> None:
    """A night holds from its first moment until its end, which is no longer quiet."""
    assert quiet_until(_at(now), [_NIGHT]) == (None if until is None else _at(until))


def test_weekends_follow_each_other() -> None:
    """Whole days without a gap between them are one time, from Friday night to Monday morning."""
    weekend = QuietHours(start=time(0), end=time(0), days=frozenset({5, 6}))
    friday = _at("2026-11-27T23:00:00")
    assert quiet_until(friday, [_NIGHT, weekend]) == _at("2026-11-30T07:00:00")


def test_never_ending_hours_end_after_eight_days() -> None:
    """Hours that cover every moment still let something through, or it would be lost."""
    always = QuietHours(start=time(9), end=time(9))
    now = _at("2026-11-26T12:00:00")
    assert quiet_until(now, [always]) == now + timedelta(days=8)


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        # 29 March 2026: 02:00 becomes 03:00 in Berlin.
        ("2026-03-28T23:30:00", time(22), time(7), "2026-03-29T05:00:00+00:00"),
        ("2026-03-29T01:30:00", time(1), time(2, 30), "2026-03-29T01:30:00+00:00"),
        # 25 October 2026: 03:00 becomes 02:00 again.
        ("2026-10-24T23:30:00", time(22), time(7), "2026-10-25T06:00:00+00:00"),
        ("2026-10-25T01:30:00", time(1), time(2, 30), "2026-10-25T00:30:00+00:00"),
    ],
)
def test_nights_in_which_clocks_change(now: str, start: time, end: time, until: str) -> None:
    """Ends are wall times: a skipped one is the moment after the gap, a repeated one the first."""
    hours = QuietHours(start=start, end=end, zone=_BERLIN)
    assert quiet_until(_at(now, _BERLIN), [hours]) == datetime.fromisoformat(until)


def test_the_host_zone_does_not_matter() -> None:
    """The same moment in any zone has the same answer."""
    moment = _at("2026-11-25T23:00:00")
    answers = {
        quiet_until(moment.astimezone(ZoneInfo(zone)), [_NIGHT]) for zone in ("UTC", "America/New_York", _BERLIN)
    }
    assert answers == {_at("2026-11-26T07:00:00").astimezone(UTC)}


_HOURS = st.builds(
    QuietHours,
    start=st.times(),
    end=st.times(),
    days=st.frozensets(st.integers(0, 6)),
    zone=st.sampled_from(["Asia/Shanghai", _BERLIN, "America/New_York"]),
)


@given(
    st.lists(_HOURS, max_size=3),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_the_end_is_later_and_no_longer_quiet(hours: list[QuietHours], now: datetime) -> None:
    """The end lies in the future, at most eight days away, and is quiet itself only when the limit was reached."""
    until = quiet_until(now, hours)
    if until is not None:
        assert now < until <= now + timedelta(days=8)
        assert until == now + timedelta(days=8) or quiet_until(until, hours) is None
