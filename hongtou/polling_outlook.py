"""What the polling policy will do: next requests of each source, their reasons, and replays under other budgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.calendar import OrdinaryWeeks, hours_of, moment_of
from core.health import in_words
from core.polling import next_wait
from core.polling_budget import AHEAD, plan_prices
from core.polling_replay import Replayed, replay
from core.polling_usual import usual_rhythm
from core.polling_words import reason_of
from core.source import SourceState
from hongtou.polling import learn_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from core.calendar import WorkCalendar
    from core.polling import Prices
    from core.polling_budget import Budget
    from core.polling_replay import Delays
    from core.repositories import UnitOfWork
    from core.source import Source, SourceId
    from hongtou.polling import PollingRules, Subject

_HOUR = timedelta(hours=1)
REPLAYED_H = 28 * 24
"""Hours of stored history that a replay covers at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """When one source is asked, and what is expected of that."""

    source: Source
    interval: timedelta
    """Gap that would follow a request now."""
    why: str
    polls: tuple[datetime, ...]
    """The next requests, the first as stored."""
    delay: timedelta
    """Expected delay of an item over the week ahead."""
    per_day: float
    """Items expected on an average day."""
    polls_per_day: float
    """Requests over the week ahead, a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What will be asked."""

    sources: tuple[Ahead, ...]
    per_hour: float
    """Requests planned, on average over a week."""
    busiest: float
    """Requests planned for the busiest hour."""


def look_ahead(
    uow: UnitOfWork,
    sources: Sequence[Source],
    rules: PollingRules,
    *,
    calendar_of: Callable[[Source], WorkCalendar],
    now: datetime,
    shown: int = 3,
) -> Outlook:
    """Return when sources will be asked, in the order given.

    Args:
        uow: Where their history is.
        sources: All that share the budget.
        rules: How they share it.
        calendar_of: The working days a source keeps.
        now: The present, aware UTC.
        shown: Next requests told of each.
    """
    at = hours_of(now)
    states = _states(uow, sources, now)
    subjects = [
        learn_subject(
            uow,
            source,
            states[source.id],
            at=at,
            weight=rules.weight_of(source),
            calendar=calendar_of(source) if rules.holidays else OrdinaryWeeks(),
        )
        for source in sources
    ]
    plan = plan_prices([subject.terms for subject in subjects], rules.budget, begin=int(at))
    return Outlook(
        sources=tuple(
            _ahead(source, states[source.id], subject, plan.prices, now=now, shown=shown)
            for source, subject in zip(sources, subjects, strict=True)
        ),
        per_hour=sum(plan.planned) / AHEAD,
        busiest=max(plan.planned),
    )


def _states(uow: UnitOfWork, sources: Iterable[Source], now: datetime) -> dict[SourceId, SourceState]:
    stored = {state.source_id: state for state in uow.sources.all()}
    return {source.id: stored.get(source.id) or SourceState(source_id=source.id, next_due_at=now) for source in sources}


def _ahead(source: Source, state: SourceState, subject: Subject, prices: Prices, *, now: datetime, shown: int) -> Ahead:
    at = hours_of(now)
    recent = subject.recent(at)
    wait = next_wait(subject.terms, prices, now=at, recent=recent)
    why = reason_of(subject.terms, wait, now=at, recent=recent)
    least = min((state.ttl or timedelta()) / _HOUR, subject.terms.most_h)
    if least > wait.hours:
        why = f"its list asks for {in_words(_HOUR * least)} between polls; else: {why}"
    if state.closed and state.closed.next_open(now) > now:
        why = f"its list asks to be left alone until {state.closed.next_open(now):%H:%M} UTC; else: {why}"
    if state.failures:
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        pause = in_words(max(state.next_due_at - now, timedelta()))
        why = f"failed {times} ({state.last_answer}), asked again in {pause}; else: {why}"
    polls, items, waited = [max(hours_of(state.next_due_at), at)], 0.0, 0.0
    while polls[-1] < at + AHEAD:
        one = subject.wait(prices, polls[-1])
        items, waited = items + one.items, waited + one.waited
        polls.append(_open(state, polls[-1] + max(one.hours, least)))
    return Ahead(
        source=source,
        interval=timedelta(hours=max(wait.hours, least)),
        why=why,
        polls=tuple(moment_of(each) for each in polls[:shown]),
        delay=timedelta(hours=waited / items if items else wait.hours / 2),
        per_day=subject.terms.publication.per_day(),
        polls_per_day=(len(polls) - 1) / (AHEAD / 24),
    )


def _open(state: SourceState, at: float) -> float:
    """Return when a source may be asked from a moment on, in hours since 1970."""
    return hours_of(state.closed.next_open(moment_of(at))) if state.closed else at


def replay_stored(
    uow: UnitOfWork,
    sources: Sequence[Source],
    rules: PollingRules,
    budgets: Sequence[Budget],
    *,
    calendar_of: Callable[[Source], WorkCalendar],
    now: datetime,
) -> dict[Budget, Delays]:
    """Return how late the stored news of the last weeks would have been found, under other budgets.

    The policy learns as it goes, from what came before. Of stored news only the hour is known in which it was found;
    items count as spread over it.

    Args:
        uow: Where the history is.
        sources: All that share the budget.
        rules: How they share it.
        budgets: Those to try.
        calendar_of: The working days a source keeps.
        now: The present, aware UTC.
    """
    at = hours_of(now)
    states = _states(uow, sources, now)
    replayed = []
    for source in sources:
        calendar = calendar_of(source) if rules.holidays else OrdinaryWeeks()
        subject = learn_subject(
            uow, source, states[source.id], at=at, weight=rules.weight_of(source), calendar=calendar
        )
        replayed.append(
            Replayed(group=source.group, terms=subject.terms, news=subject.news, usual=usual_rhythm(source))
        )
    return {budget: replay(replayed, budget, begin=int(at) - REPLAYED_H, end=int(at)) for budget in budgets}
