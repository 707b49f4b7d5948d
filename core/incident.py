"""Incidents of sources: what counts as a fault, when one begins and ends, and when a person is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from core.outcome import Answer
from core.rhythm import LEAST_SILENCE
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.outcome import PollOutcome

IncidentId = NewType("IncidentId", int)
NO_SOURCE = SourceId("")
"""Stands in an incident of our own network for the source that it has none of."""


class Fault(StrEnum):
    """What an incident is about; each has a grace of its own."""

    BLOCKED = "blocked"
    """A challenge, a refusal, robots.txt, or too many requests."""
    GONE = "gone"
    TLS = "tls"
    UNREADABLE = "unreadable"
    """An answer that is not what the source promises: soft 404, another format, no row found, garbled, too large."""
    EMPTY = "empty"
    """A list without a row."""
    UNREACHABLE = "unreachable"
    """No answer, or an error of the server."""
    OURS = "ours"
    """Hongtou's own fault while it worked on this source."""
    DEGRADED = "degraded"
    """The list is read in another way than configured, or many of its rows are left out."""
    PAGES = "pages"
    """The list is read, and none of its articles can be had."""
    QUIET = "quiet"
    NETWORK = "network"
    """No source at all can be reached."""


class Track(StrEnum):
    """What an incident is about. A source has at most one open incident on each: one fault hides no other."""

    ANSWERS = "answers"
    """Whether it gives its list."""
    READING = "reading"
    """Whether the list and its articles are read as they should be."""
    SILENCE = "silence"
    """Whether there is news."""


FAULT_OF = {
    Answer.BLOCKED: Fault.BLOCKED,
    Answer.ROBOTS: Fault.BLOCKED,
    Answer.RATE_LIMITED: Fault.BLOCKED,
    Answer.GONE: Fault.GONE,
    Answer.TLS: Fault.TLS,
    Answer.SOFT_404: Fault.UNREADABLE,
    Answer.DECODE: Fault.UNREADABLE,
    Answer.PARSE: Fault.UNREADABLE,
    Answer.SELECTOR_BROKEN: Fault.UNREADABLE,
    Answer.TOO_LARGE: Fault.UNREADABLE,
    Answer.ADDRESS: Fault.UNREADABLE,
    Answer.EMPTY: Fault.EMPTY,
    Answer.HTTP_ERROR: Fault.UNREACHABLE,
    Answer.DNS: Fault.UNREACHABLE,
    Answer.REFUSED: Fault.UNREACHABLE,
    Answer.TIMEOUT: Fault.UNREACHABLE,
    Answer.CRASHED: Fault.OURS,
}
"""Every answer that is no success."""

_TRACKS = {Fault.DEGRADED: Track.READING, Fault.PAGES: Track.READING, Fault.QUIET: Track.SILENCE}
"""Faults that are not of the answers."""

_GRACE: dict[Fault, tuple[int, timedelta]] = {
    Fault.BLOCKED: (2, timedelta(hours=1)),
    Fault.GONE: (2, timedelta(minutes=30)),
    Fault.TLS: (3, timedelta(hours=1)),
    Fault.UNREADABLE: (3, timedelta(hours=1)),
    Fault.EMPTY: (3, timedelta(hours=24)),
    Fault.UNREACHABLE: (3, timedelta(hours=6)),
    Fault.OURS: (3, timedelta(hours=1)),
    Fault.DEGRADED: (3, timedelta(hours=6)),
    Fault.PAGES: (2, timedelta(hours=24)),
    Fault.QUIET: (0, timedelta()),
}
"""Polls in a row, and time since the source was last well, after which a person is told. What does not pass by itself
is told after a few polls; what often does (a server that restarts, a list that is being edited) after hours."""

_MANY_SKIPPED = 3
"""Rows left out from which a list may be degraded; it is when they are also more than those that were read."""
_FEW_PAGES = 2
"""Pages that must all be missing before that says anything: a single dead link is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """How patient the operator notices are."""

    grace: float = 1.0
    """Factor on every grace period but the network's; 2 waits twice as long."""
    reminder: timedelta = timedelta(weeks=1)
    """How often a fault that lasts is told again; zero never."""
    network_grace: timedelta = timedelta(hours=2)
    """How long our own network may be down before that is told."""
    least_silence: timedelta = LEAST_SILENCE
    """No source counts as quiet before this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A time in which one source, or our own network, was not well."""

    id: IncidentId
    """0 until it is stored."""
    source_id: SourceId
    """`NO_SOURCE` for the network."""
    fault: Fault
    """The present one: it may change while the incident lasts."""
    started_at: datetime
    last_seen_at: datetime
    """When the fault was met last."""
    polls: int = 1
    """Polls in a row that ended with the present fault."""
    detail: str = ""
    """One sentence for a person."""
    told: int = 0
    """How often it was told: the notice and its reminders."""
    told_at: datetime | None = None
    ended_at: datetime | None = None
    settled: bool = False
    """Whether nothing more is to be said about it: it is over, and the recovery was told if the fault was."""

    @property
    def track(self) -> Track:
        """What it is about."""
        return _TRACKS.get(self.fault, Track.ANSWERS)


class Stage(StrEnum):
    """What a notice about an incident says."""

    FAULT = "fault"
    REMINDER = "reminder"
    RECOVERY = "recovery"


def fault_of(outcome: PollOutcome) -> tuple[Fault, str] | None:
    """Return what is wrong with a poll, with a sentence; None when it says that all is well."""
    if outcome.answer in FAULT_OF:
        return FAULT_OF[outcome.answer], outcome.detail or f"the answer was {outcome.answer}"
    if outcome.degraded:
        return Fault.DEGRADED, outcome.degraded
    if outcome.skipped >= _MANY_SKIPPED and outcome.skipped > outcome.entries:
        return Fault.DEGRADED, f"{outcome.skipped} rows of the list could not be read, {outcome.entries} could"
    if outcome.pages_missing >= _FEW_PAGES and outcome.pages_missing == outcome.pages:
        return Fault.PAGES, f"none of {outcome.pages} article pages could be had"
    return None


def after_outcome(open_ones: Sequence[Incident], outcome: PollOutcome, *, now: datetime) -> tuple[Incident, ...]:
    """Return what changes in a source's incidents with a poll: those that begin, go on, or end.

    A success ends a fault of answers. It does not end what it says nothing about: an unchanged list that was read in
    another way than configured still is, pages stay missing until one is had, and silence ends with news. A failure
    says nothing about how a list is read.

    Args:
        open_ones: The source's open incidents.
        outcome: How the poll ended.
        now: The present, aware UTC.
    """
    found = fault_of(outcome) or _unchanged(open_ones, outcome)
    here = _TRACKS.get(found[0], Track.ANSWERS) if found else None
    over = [ended(one, now=now) for one in open_ones if one.track is not here and _is_over(one, outcome)]
    if found is None:
        return tuple(over)
    fault, detail = found
    before = next((one for one in open_ones if one.track is here), None)
    if before is None:
        source_id = SourceId(outcome.source_id)
        fresh = Incident(
            id=IncidentId(0), source_id=source_id, fault=fault, started_at=now, last_seen_at=now, detail=detail
        )
        return (*over, fresh)
    polls = before.polls + 1 if before.fault is fault else 1
    return (*over, replace(before, fault=fault, detail=detail, polls=polls, last_seen_at=now))


def _unchanged(open_ones: Sequence[Incident], outcome: PollOutcome) -> tuple[Fault, str] | None:
    """Return the fault of a list that was read in another way than configured, and has not changed since."""
    if outcome.answer is not Answer.NOT_MODIFIED:
        return None
    return next(((one.fault, one.detail) for one in open_ones if one.fault is Fault.DEGRADED), None)


def _is_over(incident: Incident, outcome: PollOutcome) -> bool:
    if not outcome.answer.is_success:
        return False
    if incident.fault is Fault.QUIET:
        return outcome.new > 0
    return incident.fault is not Fault.PAGES or outcome.pages_missing < outcome.pages


def ended(incident: Incident, *, now: datetime) -> Incident:
    """Return an incident that is over; it is settled at once when nobody was told of it."""
    return replace(incident, ended_at=now, settled=incident.told == 0)


def forgiven(incident: Incident) -> Incident | None:
    """Return an incident without the last poll, whose fault was our own network's; None when nothing is left of it."""
    return replace(incident, polls=incident.polls - 1) if incident.polls > 1 else None


def due_stage(incident: Incident, rules: HealthRules, *, now: datetime) -> Stage | None:
    """Return what is to be told about an incident now, if anything."""
    if incident.settled:
        return None
    if incident.ended_at is not None:
        return Stage.RECOVERY
    if incident.told_at is not None:
        return Stage.REMINDER if rules.reminder and now - incident.told_at >= rules.reminder else None
    return Stage.FAULT if _is_past_grace(incident, rules, now) else None


def _is_past_grace(incident: Incident, rules: HealthRules, now: datetime) -> bool:
    if incident.fault is Fault.NETWORK:
        return now - incident.started_at >= rules.network_grace
    polls, wait = _GRACE[incident.fault]
    return incident.polls >= polls and now - incident.started_at >= wait * rules.grace


def after_telling(incident: Incident, stage: Stage, *, now: datetime) -> Incident:
    """Return an incident once a stage of it was told."""
    if stage is Stage.RECOVERY:
        return replace(incident, settled=True)
    return replace(incident, told=incident.told + 1, told_at=now)
