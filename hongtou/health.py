"""The health use case: note what polls say of their sources, find silence, and tell a person once an incident.

What a notice says and the state of its incident are stored in one transaction, so that a crash neither loses nor
repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.health import health_of, is_silent, silence
from core.incident import (
    NO_SOURCE,
    Fault,
    Incident,
    IncidentId,
    Stage,
    Track,
    after_outcome,
    after_telling,
    due_stage,
    ended,
    forgiven,
)
from core.item import DatePrecision
from core.notice import notice_body, notice_key, notice_subject
from core.notices import Notice, NoticeKind
from core.polling_budget import SPENT_KEPT
from core.rhythm import HISTORY, learn_rhythm
from core.source import SourceState, Voice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from core.health import SourceHealth
    from core.incident import HealthRules
    from core.item import Entry
    from core.network import NetworkWatch
    from core.outcome import PollOutcome
    from core.ports import Clock, Offload
    from core.repositories import Database, UnitOfWork
    from core.rhythm import Rhythm
    from core.source import Source, SourceId
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

REVIEW_EVERY = timedelta(minutes=1)
"""How often incidents are looked through; the graces are of hours."""
_RELEARN_EVERY = timedelta(hours=1)
"""How old what was learned of a source's rhythm may be."""
KEPT = HISTORY * 2
"""How long hours with news are kept: a source that has been silent for a season still has the season before it."""
_NOON = timedelta(hours=12)


def note_poll(
    uow: UnitOfWork, outcome: PollOutcome, source_id: SourceId, *, now: datetime, seen_at: datetime | None = None
) -> None:
    """Note what a poll says of its source's health, in the transaction of its state.

    Args:
        uow: The transaction.
        outcome: How the poll ended.
        source_id: Whose.
        now: The present, aware UTC.
        seen_at: When its news is taken to have come; None is now.
    """
    for incident in after_outcome(uow.health.open_incidents(source_id), outcome, now=now):
        uow.health.put_incident(incident)
    uow.health.note_news(source_id, [seen_at or now] * outcome.new)


def note_forgiven(uow: UnitOfWork, source_id: SourceId) -> None:
    """Take a source's last failure back: it was our own network's."""
    for incident in uow.health.open_incidents(source_id):
        if incident.track is not Track.ANSWERS:
            continue
        kept = forgiven(incident)
        if kept is None:
            uow.health.delete_incident(incident.id)
        else:
            uow.health.put_incident(kept)


def note_history(uow: UnitOfWork, source_id: SourceId, entries: Iterable[Entry], *, now: datetime) -> None:
    """Count what a first list says it published before, so that the source's rhythm does not begin at nothing.

    A day without a time counts as its noon.
    """
    moments = []
    for published in (entry.published for entry in entries):
        if published is not None:
            at = published.at + (_NOON if published.precision is DatePrecision.DAY else timedelta())
            moments += [at] if now - KEPT <= at <= now else []
    uow.health.note_news(source_id, moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is looked after."""

    sources: Mapping[SourceId, Source]
    """The watched sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    at: datetime
    last_news: datetime | None
    quiet_at: datetime | None


class HealthReviewer:
    """Looks through the health of all sources from time to time, and tells what is due."""

    def __init__(
        self,
        *,
        database: Database,
        watched: Watched,
        network: NetworkWatch,
        rules: HealthRules,
        notices: Notices,
        offload: Offload,
        clock: Clock,
    ) -> None:
        self._database = database
        self._notices = notices
        self._watched = watched
        self._network = network
        self._rules = rules
        self._offload = offload
        self._clock = clock
        self._next = (watched, rules)
        self._learned_of: dict[SourceId, _Learned] = {}
        self._forgot_at: datetime | None = None

    def use(self, watched: Watched, rules: HealthRules) -> None:
        """Look after other sources, by other rules, from the next review on."""
        self._next = (watched, rules)

    async def review(self) -> None:
        """Find silence, and put what is due to be told into the outbox.

        Raises:
            StorageError: The database cannot be used; nothing was stored, and the next review does it.
        """
        told = await self._offload.run(self._review)
        for incident, stage in told:
            write = log.info if stage is Stage.RECOVERY else log.warning
            write(
                "health notice",
                source=incident.source_id or None,
                stage=stage.value,
                fault=incident.fault.value,
                since=incident.started_at.isoformat(timespec="seconds"),
                detail=incident.detail or None,
            )

    def _review(self) -> list[tuple[Incident, Stage]]:
        now = self._clock.now()
        self._watched, self._rules = self._next
        with self._database.unit_of_work() as uow:
            states = uow.sources.all()
            self._watch_network(uow, states, now)
            self._watch_silence(uow, states, now)
            self._forget(uow, now)
            told = list(self._due(uow, now))
            self._tell(uow, told, now)
            uow.commit()
        return told

    def _watch_network(self, uow: UnitOfWork, states: Sequence[SourceState], now: datetime) -> None:
        """Keep the network's own incident; it ends when a source has answered since it was met last."""
        for incident in uow.health.open_incidents(NO_SOURCE):
            if self._network.is_down:
                uow.health.put_incident(replace(incident, last_seen_at=now))
            elif any(_has_answered(state, since=incident.last_seen_at) for state in states):
                uow.health.put_incident(ended(incident, now=now))
            return
        if self._network.is_down:
            uow.health.put_incident(
                Incident(id=IncidentId(0), source_id=NO_SOURCE, fault=Fault.NETWORK, started_at=now, last_seen_at=now)
            )
            self._clear_of_blame(uow)

    def _clear_of_blame(self, uow: UnitOfWork) -> None:
        """Forget that sources did not answer, where nobody was told: when the network is back they begin anew."""
        for incident in uow.health.unsettled():
            if incident.fault is Fault.UNREACHABLE and not incident.told:
                uow.health.delete_incident(incident.id)

    def _watch_silence(self, uow: UnitOfWork, states: Sequence[SourceState], now: datetime) -> None:
        for state in states:
            source = self._watched.sources.get(state.source_id)
            if source is None or state.last_success_at is None:
                continue
            learned = self._learned(uow, source, state, now=now)
            quiet_at = learned.quiet_at
            if quiet_at is not None and is_silent(state, quiet_at) and not _has_silence(uow, source.id):
                uow.health.put_incident(
                    Incident(
                        id=IncidentId(0),
                        source_id=source.id,
                        fault=Fault.QUIET,
                        started_at=quiet_at,
                        last_seen_at=now,
                        detail=silence(learned.last_news, quiet_at),
                    )
                )

    def _learned(self, uow: UnitOfWork, source: Source, state: SourceState, *, now: datetime) -> _Learned:
        """Return what a source's history says; learned anew at most once an hour, and after news."""
        known = self._learned_of.get(source.id)
        if known is None or now - known.at >= _RELEARN_EVERY or (state.last_new_at or known.at) > known.at:
            rhythm, last = learn(uow, source, state, now=now)
            quiet_at = rhythm.quiet_at(last, least=self._rules.least_silence) if rhythm and last else None
            known = self._learned_of[source.id] = _Learned(at=now, last_news=last, quiet_at=quiet_at)
        return known

    def _forget(self, uow: UnitOfWork, now: datetime) -> None:
        """Delete, once a day, what lies before the history that is looked at."""
        if self._forgot_at is None or now - self._forgot_at >= timedelta(days=1):
            uow.health.forget_news(before=now - KEPT)
            uow.sources.forget_spent(before=now - SPENT_KEPT)
            self._forgot_at = now

    def _due(self, uow: UnitOfWork, now: datetime) -> Iterator[tuple[Incident, Stage]]:
        """Yield what is to be told now; nothing of sources while the network is down, or that are no longer watched."""
        for incident in uow.health.unsettled():
            is_network = incident.source_id == NO_SOURCE
            if not is_network and incident.source_id not in self._watched.sources:
                uow.health.put_incident(replace(ended(incident, now=now), settled=True))
                continue
            stage = due_stage(incident, self._rules, now=now)
            if stage is not None and (is_network or not self._network.is_down):
                yield incident, stage

    def _tell(self, uow: UnitOfWork, told: Sequence[tuple[Incident, Stage]], now: datetime) -> None:
        """Put one notice into the outbox, and note in every incident that it was told."""
        if not told:
            return
        is_network = all(incident.source_id == NO_SOURCE for incident, _ in told)
        about = NoticeKind.NETWORK if is_network else NoticeKind.SOURCE
        is_recovery = all(stage is Stage.RECOVERY for _, stage in told)
        notice = Notice(
            kind=NoticeKind.RECOVERY if is_recovery else about,
            recovers=about if is_recovery else None,
            key=notice_key(told),
            subject=notice_subject(told, self._name),
            body=notice_body(told, self._name, now=now),
        )
        self._notices.tell(uow, notice)
        for incident, stage in told:
            uow.health.put_incident(after_telling(incident, stage, now=now))

    def _name(self, source_id: SourceId) -> str:
        source = self._watched.sources[source_id]
        return f"{source.name} ({source_id})"


def report_health(
    uow: UnitOfWork, sources: Iterable[Source], *, watched: Collection[SourceId], rules: HealthRules, now: datetime
) -> tuple[SourceHealth, ...]:
    """Return how sources do, in the order given.

    Args:
        uow: Where their history is.
        sources: The sources to tell of.
        watched: Those that are polled.
        rules: How patient we are.
        now: The present, aware UTC.
    """
    states = {state.source_id: state for state in uow.sources.all()}
    found = []
    for source in sources:
        state = states.get(source.id) or SourceState(source_id=source.id, next_due_at=now)
        rhythm, last_news = learn(uow, source, state, now=now)
        found.append(
            health_of(
                state,
                watched=source.id in watched,
                incidents=uow.health.open_incidents(source.id),
                rhythm=rhythm,
                last_news=last_news,
                rules=rules,
            )
        )
    return tuple(found)


def learn(
    uow: UnitOfWork, source: Source, state: SourceState, *, now: datetime
) -> tuple[Rhythm | None, datetime | None]:
    """Return a source's rhythm, if it has history enough, and when it last had news, if ever."""
    hours = uow.health.news_hours(source.id, since=now - KEPT)
    rests = source.voice is Voice.AUTHORITY and (source.jurisdiction == "cn" or source.jurisdiction.startswith("cn-"))
    rhythm = learn_rhythm(hours, zone=source.zone, rests=rests)
    return rhythm, max(filter(None, (state.last_new_at, *hours[-1:])), default=None)


def _has_answered(state: SourceState, *, since: datetime) -> bool:
    answered = state.last_polled_at is not None and state.last_polled_at > since
    return answered and state.last_answer is not None and not state.last_answer.is_network


def _has_silence(uow: UnitOfWork, source_id: SourceId) -> bool:
    return any(incident.track is Track.SILENCE for incident in uow.health.open_incidents(source_id))
