"""How a source does, in one word and one sentence, from its answers, its incidents and its rhythm. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.incident import Fault, Track

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from core.incident import HealthRules, Incident
    from core.outcome import Answer
    from core.rhythm import Rhythm
    from core.source import SourceId, SourceState


class HealthState(StrEnum):
    """How a source does, in one word."""

    OK = "ok"
    NEW = "new"
    """Too little is known: not polled yet, or too little history to tell silence from no news."""
    DEGRADED = "degraded"
    """It is read, but not as its entry says, or not whole."""
    QUIET = "quiet"
    """It answers, and has been without news for longer than its history makes plausible."""
    BLOCKED = "blocked"
    """It answers, and refuses us."""
    BROKEN = "broken"
    """It cannot be read."""
    OFF = "off"
    """It is not watched."""


STATE_OF = {
    Fault.BLOCKED: HealthState.BLOCKED,
    Fault.DEGRADED: HealthState.DEGRADED,
    Fault.PAGES: HealthState.DEGRADED,
    Fault.QUIET: HealthState.QUIET,
}
"""States of faults that are not simply broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source does, for a person."""

    source_id: SourceId
    state: HealthState
    since: datetime | None
    """Since when it is so; None when that is not known."""
    last_answer: Answer | None
    last_answer_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    expected_gap: timedelta | None
    """The longest silence after its last news that its history makes plausible; None while there is too little."""
    why: str
    """One sentence; empty when all is well."""


def health_of(
    state: SourceState,
    *,
    watched: bool,
    incidents: Sequence[Incident],
    rhythm: Rhythm | None,
    last_news: datetime | None,
    rules: HealthRules,
) -> SourceHealth:
    """Tell how a source does.

    Args:
        state: What is remembered of it.
        watched: Whether it is polled.
        incidents: Its open incidents.
        rhythm: Its rhythm, if it has history enough.
        last_news: When it last had news, the dates of its first list included.
        rules: How patient we are.
    """
    quiet_at = rhythm.quiet_at(last_news, least=rules.least_silence) if rhythm and last_news else None
    word, since, why = _word(state, incidents, rhythm, last_news=last_news, quiet_at=quiet_at)
    if not watched:
        word, since, why = HealthState.OFF, None, "not watched"
    return SourceHealth(
        source_id=state.source_id,
        state=word,
        since=since,
        last_answer=state.last_answer,
        last_answer_at=state.last_polled_at,
        last_success_at=state.last_success_at,
        last_new_at=last_news,
        expected_gap=quiet_at - last_news if quiet_at and last_news else None,
        why=why,
    )


def _word(
    state: SourceState,
    incidents: Sequence[Incident],
    rhythm: Rhythm | None,
    *,
    last_news: datetime | None,
    quiet_at: datetime | None,
) -> tuple[HealthState, datetime | None, str]:
    by_track = {incident.track: incident for incident in incidents}
    if Track.ANSWERS in by_track:
        return _told(by_track[Track.ANSWERS])
    if state.last_polled_at is None:
        return HealthState.NEW, None, "not polled yet"
    if Track.SILENCE in by_track:
        return _told(by_track[Track.SILENCE])
    if is_silent(state, quiet_at):
        return HealthState.QUIET, quiet_at, silence(last_news, quiet_at)
    if Track.READING in by_track:
        return _told(by_track[Track.READING])
    if rhythm is None:
        return HealthState.NEW, None, "too little history to tell silence from no news"
    return HealthState.OK, None, ""


def _told(incident: Incident) -> tuple[HealthState, datetime, str]:
    return STATE_OF.get(incident.fault, HealthState.BROKEN), incident.started_at, incident.detail


def is_silent(state: SourceState, quiet_at: datetime | None) -> bool:
    """Whether a source answered after the moment from which its silence is implausible.

    What counts is when it last answered, not the present: while nobody asked, nobody could hear.
    """
    return quiet_at is not None and state.last_success_at is not None and state.last_success_at >= quiet_at


def silence(last_news: datetime | None, quiet_at: datetime | None) -> str:
    """Say in one sentence why a source counts as quiet."""
    if last_news is None or quiet_at is None:
        return ""
    return (
        f"no news since {last_news:%Y-%m-%d %H:%M} UTC; by its history some would have come within "
        f"{in_words(quiet_at - last_news)}"
    )


def in_words(duration: timedelta) -> str:
    """Say a duration in the unit that a person would use: minutes, hours or days, to two digits."""
    hours = duration.total_seconds() / 3600
    if hours < 1:
        return f"{duration.total_seconds() / 60:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"
