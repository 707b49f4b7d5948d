"""What counts as a fault, when incidents begin and end, and when a person is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.incident import (
    FAULT_OF,
    NO_SOURCE,
    Fault,
    HealthRules,
    Incident,
    IncidentId,
    Stage,
    Track,
    after_outcome,
    after_telling,
    due_stage,
    ended,
    fault_of,
    forgiven,
)
from core.outcome import Answer, PollOutcome
from core.source import SourceId

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = HealthRules()


def outcome(answer: Answer = Answer.OK, **fields: Any) -> PollOutcome:
    """The end of a poll."""
    return PollOutcome(source_id="lianwen", answer=answer, **fields)


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


def play(*answers: PollOutcome) -> list[Incident]:
    """The incidents after polls an hour apart, those that ended included, in the order in which they began."""
    found: dict[tuple[str, datetime], Incident] = {}
    for number, one in enumerate(answers):
        open_ones = [incident for incident in found.values() if incident.ended_at is None]
        for changed in after_outcome(open_ones, one, now=NOW + HOUR * number):
            found[changed.track, changed.started_at] = changed
    return list(found.values())


def test_every_answer_that_is_no_success_is_a_fault() -> None:
    """No failing answer is forgotten, and no success is one."""
    assert set(FAULT_OF) == {answer for answer in Answer if not answer.is_success}


@pytest.mark.parametrize(
    ("poll", "fault"),
    [
        (outcome(), None),
        (outcome(Answer.NOT_MODIFIED), None),
        (outcome(Answer.BLOCKED, detail="a challenge"), Fault.BLOCKED),
        (outcome(Answer.EMPTY), Fault.EMPTY),
        (outcome(degraded="rows were found without the selectors"), Fault.DEGRADED),
        (outcome(entries=20, skipped=19), None),
        (outcome(entries=4, skipped=5), Fault.DEGRADED),
        (outcome(entries=1, skipped=2), None),
        (outcome(pages=3, pages_missing=3), Fault.PAGES),
        (outcome(pages=3, pages_missing=2), None),
        (outcome(pages=1, pages_missing=1), None),
    ],
)
def test_faults_are_told_from_news_and_no_news(poll: PollOutcome, fault: Fault | None) -> None:
    """A refusal, an empty list, a list read otherwise and lost pages are faults; single losses are none."""
    found = fault_of(poll)
    assert (found and found[0]) == fault
    assert found is None or found[1]


def test_an_incident_begins_counts_and_ends() -> None:
    """The first fault opens it, each further poll counts, and the first success ends it, untold and settled."""
    [lasting] = play(outcome(Answer.TIMEOUT), outcome(Answer.HTTP_ERROR))
    assert (lasting.polls, lasting.started_at, lasting.last_seen_at) == (2, NOW, NOW + HOUR)
    [over] = play(outcome(Answer.TIMEOUT), outcome(Answer.HTTP_ERROR), outcome())
    assert over == replace(lasting, ended_at=NOW + 2 * HOUR, settled=True)


def test_another_fault_counts_its_own_polls_in_the_same_incident() -> None:
    """A source that first fails to answer and then is gone has one incident, and gone is counted from one."""
    [one] = play(*[outcome(Answer.TIMEOUT)] * 4, outcome(Answer.GONE, detail="404"))
    assert (one.fault, one.polls, one.started_at, one.detail) == (Fault.GONE, 1, NOW, "404")


def test_all_well_without_an_incident_is_nothing() -> None:
    """A success of a source that was well leaves nothing behind."""
    assert after_outcome((), outcome(), now=NOW) == ()


def test_an_unchanged_degraded_list_counts_on() -> None:
    """Servers that answer 304 do not hide that the list was read otherwise; a list read well ends it."""
    degraded = outcome(degraded="without the selectors")
    [one] = play(degraded, outcome(Answer.NOT_MODIFIED), outcome(Answer.NOT_MODIFIED))
    assert (one.fault, one.polls, one.ended_at) == (Fault.DEGRADED, 3, None)
    [over] = play(degraded, outcome(Answer.NOT_MODIFIED), outcome(entries=9))
    assert over.ended_at == NOW + 2 * HOUR


def test_a_blip_neither_ends_nor_repeats_what_else_is_wrong() -> None:
    """One time-out is an incident of its own; the list was degraded before and is degraded after it."""
    first, blip = play(outcome(degraded="otherwise"), outcome(Answer.TIMEOUT), outcome(Answer.NOT_MODIFIED))
    assert (first.track, first.ended_at) == (Track.READING, None)
    assert (blip.track, blip.ended_at) == (Track.ANSWERS, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("fault", "poll", "ends"),
    [
        (Fault.DEGRADED, outcome(Answer.NOT_MODIFIED), False),
        (Fault.DEGRADED, outcome(Answer.TIMEOUT), False),
        (Fault.DEGRADED, outcome(entries=9), True),
        (Fault.PAGES, outcome(), False),
        (Fault.PAGES, outcome(pages=1, pages_missing=1), False),
        (Fault.PAGES, outcome(pages=2, pages_missing=1), True),
        (Fault.QUIET, outcome(entries=9), False),
        (Fault.QUIET, outcome(degraded="otherwise"), False),
        (Fault.QUIET, outcome(new=1), True),
        (Fault.BLOCKED, outcome(Answer.NOT_MODIFIED), True),
        (Fault.BLOCKED, outcome(degraded="otherwise"), True),
        (Fault.BLOCKED, outcome(Answer.EMPTY), False),
    ],
)
def test_a_poll_ends_only_what_it_says_something_about(fault: Fault, poll: PollOutcome, ends: bool) -> None:
    """An unchanged list leaves a degraded source degraded, and only news end silence."""
    changed = after_outcome((incident(fault=fault),), poll, now=NOW + HOUR)
    assert any(one.id == 1 and one.ended_at is not None for one in changed) is ends


@pytest.mark.parametrize(
    ("fault", "polls", "wait"),
    [
        (Fault.BLOCKED, 2, HOUR),
        (Fault.GONE, 2, HOUR / 2),
        (Fault.TLS, 3, HOUR),
        (Fault.UNREADABLE, 3, HOUR),
        (Fault.EMPTY, 3, DAY),
        (Fault.UNREACHABLE, 3, 6 * HOUR),
        (Fault.DEGRADED, 3, 6 * HOUR),
        (Fault.QUIET, 1, timedelta()),
    ],
)
def test_each_fault_is_told_after_its_own_grace(fault: Fault, polls: int, wait: timedelta) -> None:
    """Neither a poll nor a second too early; twice as late with a grace of two."""
    one = incident(fault=fault, polls=polls)
    assert due_stage(one, RULES, now=NOW + wait) is Stage.FAULT
    if wait:
        assert due_stage(one, RULES, now=NOW + wait - timedelta(seconds=1)) is None
        assert due_stage(replace(one, polls=polls - 1), RULES, now=NOW + wait) is None
        assert due_stage(one, HealthRules(grace=2), now=NOW + wait) is None
        assert due_stage(one, HealthRules(grace=2), now=NOW + 2 * wait) is Stage.FAULT


def test_the_network_has_a_grace_of_its_own() -> None:
    """Nothing is told of a dead network within its grace, whatever the factor for sources."""
    one = incident(fault=Fault.NETWORK, source_id=NO_SOURCE)
    rules = HealthRules(grace=0)
    assert due_stage(one, rules, now=NOW + timedelta(minutes=119)) is None
    assert due_stage(one, rules, now=NOW + 2 * HOUR) is Stage.FAULT


def test_a_lasting_fault_is_reminded_of_weekly() -> None:
    """Once told, nothing for a week; then once, and nothing for another."""
    told = after_telling(incident(polls=9), Stage.FAULT, now=NOW + DAY)
    assert due_stage(told, RULES, now=NOW + 7 * DAY) is None
    assert due_stage(told, RULES, now=NOW + 8 * DAY) is Stage.REMINDER
    again = after_telling(told, Stage.REMINDER, now=NOW + 8 * DAY)
    assert (again.told, due_stage(again, RULES, now=NOW + 9 * DAY)) == (2, None)
    assert due_stage(told, HealthRules(reminder=timedelta()), now=NOW + 99 * DAY) is None


def test_recovery_is_told_only_of_what_was_told() -> None:
    """An unannounced fault ends in silence, an announced one with one message."""
    assert due_stage(ended(incident(polls=9), now=NOW), RULES, now=NOW + DAY) is None
    over = ended(after_telling(incident(), Stage.FAULT, now=NOW), now=NOW + HOUR)
    assert due_stage(over, RULES, now=NOW + HOUR) is Stage.RECOVERY
    assert due_stage(after_telling(over, Stage.RECOVERY, now=NOW + HOUR), RULES, now=NOW + DAY) is None


@given(st.lists(st.sampled_from([*Answer]), max_size=40), st.integers(1, 600))
def test_every_told_fault_recovers_once(answers: list[Answer], minutes: int) -> None:
    """Whatever the answers, faults and recoveries alternate, and nothing is told twice within a week."""
    told: list[Stage] = []
    open_ones: tuple[Incident, ...] = ()
    for number, answer in enumerate(answers):
        now = NOW + timedelta(minutes=minutes) * number
        changed = after_outcome(open_ones, outcome(answer), now=now)
        for one in changed:
            stage = due_stage(one, HealthRules(reminder=timedelta()), now=now)
            told += [stage] if stage else []
            after = after_telling(one, stage, now=now) if stage else one
            assert after.settled is (after.ended_at is not None)
            open_ones = () if after.settled else (after,)
    assert told[::2] == [Stage.FAULT] * len(told[::2])
    assert told[1::2] == [Stage.RECOVERY] * len(told[1::2])


def test_a_fault_of_our_network_is_taken_back() -> None:
    """The forgiven poll does not count, and an incident of that poll alone never was."""
    assert forgiven(incident()) is None
    kept = forgiven(incident(polls=3))
    assert kept is not None
    assert kept.polls == 2
