"""The polling use case: learn sources' rhythms from what is stored, keep to the budget, say when each is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from core.calendar import OrdinaryWeeks, hours_of, moment_of
from core.outcome import Answer
from core.polling import Prices, Terms, lately, next_wait
from core.polling_budget import AHEAD, SPENT_KEPT, Spent, balance_of, plan_prices, steering_of
from core.polling_model import History, hour_of_batch, learn_publication, spread_noons
from core.polling_usual import usual_rhythm
from core.polling_words import reason_of
from core.source import SourceState, Voice
from hongtou.health import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from core.calendar import WorkCalendar
    from core.outcome import PollOutcome
    from core.polling import Lately, Wait
    from core.polling_budget import Budget, Plan
    from core.repositories import Database, UnitOfWork
    from core.source import Poll, Source, SourceId

log = structlog.get_logger(__name__)

_PLAN_EVERY_H = 1.0
"""How old the prices may be, in hours."""
_LEARN_EVERY_H = 1.0
"""How old what was learned of a source may be when it has news."""
_LEARN_QUIET_H = 6.0
"""The same when it has none."""
_MOST_ELAPSED_H = 2.0
"""Longest time since a request for which further ones were planned: a machine that slept planned none meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingRules:
    """By what requests are shared among sources."""

    budget: Budget
    authority_weight: float
    tier_weights: tuple[float, ...]
    """By tier, the first one first; the last holds for further tiers."""
    holidays: bool = True

    def weight_of(self, source: Source) -> float:
        """Return how much the delay of a source's items matters."""
        tier = self.tier_weights[min(source.tier, len(self.tier_weights)) - 1]
        return tier * (self.authority_weight if source.voice is Voice.AUTHORITY else 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How long a source is left alone, before hints and failures."""

    interval: timedelta
    why: str
    """One line for a person."""
    seen_at: datetime
    """When the news that was just found is taken to have come: the middle of what was expected since the last look."""
    spent: Spent
    """This request, and those planned since the last one, to be stored with the poll."""


@dataclass(slots=True, kw_only=True)
class Subject:
    """What is known of one source."""

    terms: Terms
    news: dict[int, float]
    """Items by hour since 1970."""
    learned: float
    """When it was learned, in hours since 1970."""
    since: float
    """From when on its news is known, in hours since 1970."""
    until: float
    """When it was last asked with success, in hours since 1970."""

    def recent(self, now: float) -> Lately:
        """Return what its last hours say of the next ones."""
        return lately(self.terms, self.news, now=now, since=self.since, until=min(self.until, now))

    def wait(self, prices: Prices, now: float) -> Wait:
        """Return how long it is left alone when it was asked now."""
        return next_wait(self.terms, prices, now=now, recent=self.recent(now))


class SourcePacer:
    """Says how long a source is left alone after a poll. May be used by several threads.

    What was learned is kept in memory and learned anew from the stored hours with news, and the balance of the budget
    is that of the stored hours: a restart loses nothing.
    """

    def __init__(
        self,
        *,
        database: Database,
        sources: Mapping[SourceId, Source],
        rules: PollingRules,
        calendar_of: Callable[[Source], WorkCalendar],
    ) -> None:
        self._database = database
        self._calendar_of = calendar_of
        self._lock = Lock()
        self._sources, self._rules = sources, rules
        self._subjects: dict[SourceId, Subject] = {}
        self._plan: Plan | None = None
        self._planned_at = 0.0
        self._accounted_at: float | None = None

    def gap(self, poll: Poll, outcome: PollOutcome, *, now: datetime) -> Gap:
        """Return how long to leave a source alone that was just asked. Blocks: it reads the database.

        Raises:
            StorageError: The database cannot be used.
        """
        at = hours_of(now)
        with self._lock:
            plan = self._plan_at(at)
            spent = self._spent(plan, at)
            subject = self._known(poll.source, poll.state, at, has_news=outcome.new > 0)
            last = hours_of(poll.state.last_polled_at) if poll.state.last_polled_at else at
            seen = hour_of_batch(subject.terms.publication, last, at, calendar=subject.terms.calendar)
            if outcome.new:
                subject.news[seen] = subject.news.get(seen, 0.0) + outcome.new
            if outcome.answer.is_success or outcome.answer is Answer.EMPTY:
                subject.until = at
            recent = subject.recent(at)
            wait = next_wait(subject.terms, plan.prices, now=at, recent=recent)
            why = reason_of(subject.terms, wait, now=at, recent=recent)
        seen_at = min(now, moment_of(seen + 0.5)) if seen < int(at) else now
        return Gap(interval=timedelta(hours=wait.hours), why=why, seen_at=seen_at, spent=spent)

    def _spent(self, plan: Plan, at: float) -> Spent:
        """Account for one request, and for what was planned since the one before."""
        elapsed = 0.0 if self._accounted_at is None else min(max(at - self._accounted_at, 0.0), _MOST_ELAPSED_H)
        self._accounted_at = at
        return Spent(
            hour=moment_of(int(at)), requests=1, planned=elapsed * plan.planned[0], price=plan.prices.at(int(at))
        )

    def _known(self, source: Source, state: SourceState, at: float, *, has_news: bool) -> Subject:
        subject = self._subjects.get(source.id)
        limit = _LEARN_EVERY_H if has_news else _LEARN_QUIET_H
        if subject is None or abs(at - subject.learned) >= limit:
            with self._database.reading() as uow:
                subject = self._learn(uow, source, state, at)
        return subject

    def _learn(self, uow: UnitOfWork, source: Source, state: SourceState, at: float) -> Subject:
        calendar = self._calendar_of(source) if self._rules.holidays else OrdinaryWeeks()
        subject = learn_subject(uow, source, state, at=at, weight=self._rules.weight_of(source), calendar=calendar)
        self._subjects[source.id] = subject
        return subject

    def _plan_at(self, at: float) -> Plan:
        """Return the plan, made anew when it is an hour old, or of the future because the clock was set back."""
        plan, age = self._plan, at - self._planned_at
        if plan is None or not 0 <= age < _PLAN_EVERY_H:
            plan = self._plan_anew(at)
        return plan

    def _plan_anew(self, at: float) -> Plan:
        with self._database.reading() as uow:
            states = {state.source_id: state for state in uow.sources.all()}
            spent = uow.sources.spent(since=moment_of(at) - SPENT_KEPT, until=moment_of(at))
            for source in self._sources.values():
                if source.id not in self._subjects:
                    unknown = SourceState(source_id=source.id, next_due_at=moment_of(at))
                    self._learn(uow, source, states.get(source.id, unknown), at)
        budget = self._rules.budget
        balance = balance_of(spent, budget)
        terms = [self._subjects[source_id].terms for source_id in self._sources]
        self._plan = plan_prices(terms, budget, begin=int(at), steering=steering_of(balance, budget))
        self._planned_at = at
        log.debug(
            "polls planned",
            sources=len(terms),
            this_hour=round(self._plan.planned[0]),
            week=round(sum(self._plan.planned) / AHEAD, 1),
            balance=round(balance),
        )
        return self._plan


def learn_subject(
    uow: UnitOfWork, source: Source, state: SourceState, *, at: float, weight: float, calendar: WorkCalendar
) -> Subject:
    """Learn a source's rhythm from the hours in which it had news.

    Args:
        uow: Where they are.
        source: The source.
        state: What is remembered of it.
        at: The present in hours since 1970.
        weight: How much the delay of its items matters.
        calendar: The working days it keeps.
    """
    counts = uow.health.news_counts(source.id, since=moment_of(at) - KEPT)
    news = {int(hours_of(hour)): float(items) for hour, items in counts.items()}
    synced = hours_of(state.first_synced_at) if state.first_synced_at else at
    usual = usual_rhythm(source)
    spread = spread_noons(news, before=int(synced), usual=usual, zone=source.zone)
    until = hours_of(state.last_success_at) if state.last_success_at else synced
    history = History(news=spread, since=min([synced, *spread]), until=max(until, synced))
    bounds = source.bounds
    terms = Terms(
        publication=learn_publication(history, usual=usual, zone=source.zone, calendar=calendar),
        weight=weight,
        least_h=bounds.min_interval / timedelta(hours=1),
        most_h=bounds.max_interval / timedelta(hours=1),
        calendar=calendar,
    )
    return Subject(terms=terms, news=spread, learned=at, since=history.since, until=history.until)
