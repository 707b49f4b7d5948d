"""The least time between two messages."""

from __future__ import annotations

import time

import pytest

from alerts.pace import Pace


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the pauses that were made, on a clock that only they move."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def test_the_first_goes_at_once_and_the_next_after_the_gap(slept: list[float]) -> None:
    """Only what follows too soon waits, and no longer than needed."""
    pace = Pace(lambda: 3.0)
    assert pace.due_in_s == 0
    pace.wait()
    assert slept == []
    assert pace.due_in_s == 3.0
    pace.wait()
    slept.append(2.0)
    pace.wait()
    assert slept == [3.0, 2.0, 1.0]


def test_a_service_may_ask_for_more(slept: list[float]) -> None:
    """A wait that Apprise asks for is kept where it is longer; what it says of earlier requests is not needed."""
    pace = Pace(lambda: 1.0)
    pace.wait(None, 4.0)
    pace.wait(wait=0.5)
    assert slept == [4.0, 1.0]


def test_no_gap_is_no_wait(slept: list[float]) -> None:
    """A gap of zero never sleeps."""
    pace = Pace(lambda: 0.0)
    for _ in range(3):
        pace.wait()
    assert slept == []


def test_a_renewed_pace_goes_on(slept: list[float]) -> None:
    """A pace that follows another waits from its last request, by a gap of its own."""
    old, new = Pace(lambda: 1.0), Pace(lambda: 5.0)
    new.follow(old)
    assert new.due_in_s == 0
    old.wait()
    new.follow(old)
    assert (new.due_in_s, slept) == (5.0, [])
