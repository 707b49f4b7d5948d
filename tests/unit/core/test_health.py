"""How a source does, in one word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.health import HealthState, health_of, in_words, silence
from core.incident import Fault, HealthRules, Incident, IncidentId
from core.outcome import Answer
from core.rhythm import learn_rhythm
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import SourceState

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = HealthRules()


def incident(**fields: Any) -> Incident:
    """An incident that began now."""
    defaults: dict[str, Any] = {
        "id": IncidentId(1),
        "source_id": SourceId("lianwen"),
        "fault": Fault.UNREACHABLE,
        "started_at": NOW,
        "last_seen_at": NOW,
        "polls": 1,
    }
    return Incident(**{**defaults, **fields})


@pytest.fixture
def polled(make_state: Callable[..., SourceState]) -> Callable[..., SourceState]:
    """Maker of states of a source that answered just now."""

    def make(**fields: Any) -> SourceState:
        defaults: dict[str, Any] = {"last_polled_at": NOW, "last_success_at": NOW, "last_answer": Answer.OK}
        return make_state(**{**defaults, **fields})

    return make


def health(state: SourceState, **fields: Any) -> Any:
    """How a source does, with a daily rhythm unless told otherwise."""
    rhythm = learn_rhythm([NOW - DAY * back for back in range(2, 60)], zone="Asia/Shanghai")
    defaults: dict[str, Any] = {
        "watched": True,
        "incidents": (),
        "rhythm": rhythm,
        "last_news": NOW - 2 * DAY,
        "rules": RULES,
    }
    return health_of(state, **{**defaults, **fields})


def test_states_are_told_apart(polled: Callable[..., SourceState], make_state: Callable[..., SourceState]) -> None:
    """Each state has its cause, and all but ok say why."""
    found = [
        health(polled()),
        health(polled(), watched=False),
        health(make_state()),
        health(polled(), rhythm=None),
        health(polled(), last_news=NOW - 30 * DAY),
        health(polled(), incidents=(incident(detail="no answer"),)),
        health(polled(), incidents=(incident(fault=Fault.BLOCKED, detail="a challenge"),)),
        health(polled(), incidents=(incident(fault=Fault.DEGRADED, detail="read otherwise"),)),
    ]
    assert [one.state for one in found] == [
        HealthState.OK,
        HealthState.OFF,
        HealthState.NEW,
        HealthState.NEW,
        HealthState.QUIET,
        HealthState.BROKEN,
        HealthState.BLOCKED,
        HealthState.DEGRADED,
    ]
    assert [bool(one.why) for one in found] == [False] + [True] * 7
    assert found[0].expected_gap > DAY
    assert found[4].since == NOW - 30 * DAY + found[4].expected_gap


def test_silence_counts_only_while_the_source_was_heard(polled: Callable[..., SourceState]) -> None:
    """A source that was not asked for a month is not quiet because of that; with news it is not quiet at all."""
    assert health(polled(last_success_at=NOW - DAY), last_news=NOW - 30 * DAY).state is HealthState.QUIET
    assert health(polled(last_success_at=NOW - 29 * DAY), last_news=NOW - 30 * DAY).state is HealthState.OK
    assert health(polled(last_success_at=None), last_news=NOW - 30 * DAY).state is HealthState.OK


def test_an_open_silence_is_quiet_whatever_the_history(polled: Callable[..., SourceState]) -> None:
    """A source silent for so long that its history is gone is still quiet."""
    found = health(polled(), incidents=(incident(fault=Fault.QUIET, detail="no news"),), rhythm=None)
    assert (found.state, found.why) == (HealthState.QUIET, "no news")
    assert silence(None, None) == ""


def test_durations_read_like_a_person_says_them() -> None:
    """Minutes, hours up to two days, then days."""
    assert [in_words(one) for one in (timedelta(minutes=5), HOUR, 47 * HOUR, 3 * DAY)] == [
        "5 min",
        "1 h",
        "47 h",
        "3 days",
    ]
