"""What the database says when Prometheus asks: queues, ages, sources and their faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily

from core.alert import AlertState
from core.polling_budget import LastHour, last_hour
from core.stories import WantedStories

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from prometheus_client.core import Metric

    from core.repositories import UnitOfWork
    from core.source import SourceId, SourceState

_WAITING = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRYING)


DEVELOPING = timedelta(days=2)
"""How long after its last report a story counts as in development: a weekend, within which offices rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at the database."""

    alerts: Mapping[str, int] = field(default_factory=dict)
    """State → how many."""
    held: Mapping[str, int] = field(default_factory=dict)
    """What for → how many."""
    missing: int = 0
    """Alerts that cannot be accounted for."""
    oldest_waiting_s: float = 0.0
    """Age of the oldest alert that is still to be sent."""
    items: int = 0
    relevant: int = 0
    stories: int = 0
    relevant_stories: int = 0
    developing: int = 0
    """Relevant stories with a report within `DEVELOPING`."""
    sources: Mapping[str, int] = field(default_factory=dict)
    """Class of the last answer → how many watched sources; `never` for those not polled yet."""
    failing: int = 0
    """Watched sources whose last polls failed."""
    overdue_s: float = 0.0
    """By how much the watched source that is most overdue is late."""
    asked: LastHour = field(default_factory=LastHour)
    """What requests for lists came to in the last hour."""


def read(uow: UnitOfWork, watched: Collection[SourceId], *, now: datetime) -> Reading:
    """Look at the database; to be called off the loop.

    Args:
        uow: One that only reads.
        watched: The sources that are polled.
        now: The present.

    Raises:
        StorageError: It cannot be used.
    """
    totals = uow.outbox.totals()
    oldest = uow.outbox.oldest(_WAITING)
    states = [state for state in uow.sources.all() if state.source_id in watched]
    return Reading(
        alerts={state.value: count for state, count in totals.states.items()},
        held={hold.value: count for hold, count in totals.holds.items()},
        missing=totals.missing,
        oldest_waiting_s=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        items=uow.items.count(),
        relevant=uow.items.count(relevant_only=True),
        stories=uow.stories.count(WantedStories(relevant_only=False)),
        relevant_stories=uow.stories.count(WantedStories()),
        developing=uow.stories.count(WantedStories(since=now - DEVELOPING)),
        sources=Counter(_answer(state) for state in states),
        failing=sum(state.failures > 0 for state in states),
        overdue_s=max((_overdue(state, now) for state in states), default=0.0),
        asked=last_hour(uow.sources.spent(since=now - timedelta(hours=2), until=now), now=now),
    )


def families(reading: Reading) -> Iterable[Metric]:
    """Yield a reading as Prometheus is told it."""
    yield _labelled("alerts", "Alerts in the outbox, by state.", "state", reading.alerts)
    yield _labelled("alerts_held", "Alerts that are held back, by what for.", "hold", reading.held)
    yield _plain("alerts_missing", "Alerts that went in and cannot be accounted for; always 0.", reading.missing)
    yield _plain("oldest_alert_seconds", "Age of the oldest alert that is still to be sent.", reading.oldest_waiting_s)
    yield _plain("items", "Stored items.", reading.items)
    yield _plain("items_relevant", "Stored items that were flagged.", reading.relevant)
    yield _plain("stories", "Stored stories.", reading.stories)
    yield _plain("stories_relevant", "Stored stories with an item that was flagged.", reading.relevant_stories)
    yield _plain("stories_developing", "Relevant stories with a report in the last two days.", reading.developing)
    yield _labelled("sources", "Watched sources, by the class of their last answer.", "answer", reading.sources)
    yield _plain("sources_failing", "Watched sources whose last poll failed.", reading.failing)
    yield _plain("poll_overdue_seconds", "How late the source is that is most overdue.", reading.overdue_s)
    yield _plain("poll_requests_last_hour", "Lists asked for in the last hour.", reading.asked.requests)
    yield _plain("poll_planned_last_hour", "Lists that were to be asked for in the last hour.", reading.asked.planned)
    yield _plain(
        "poll_request_price",
        "What a list asked for is worth now, in weighted item-hours of waiting.",
        reading.asked.price,
    )


def polling_budget(per_hour: float) -> Metric:
    """Return how many lists may be asked for, as Prometheus is told it."""
    told = "Lists that may be asked for in an hour, on average over a week."
    return _plain("poll_budget_per_hour", told, per_hour)


def configuration_faults(faults: Sequence[str]) -> Metric:
    """Return how much is wrong with the configuration's files, as Prometheus is told it."""
    told = "Faults in the files of the configuration, for which the one before stays in force."
    return _plain("configuration_faults", told, len(faults))


def _answer(state: SourceState) -> str:
    return state.last_answer.value if state.last_answer else "never"


def _overdue(state: SourceState, now: datetime) -> float:
    return max((now - state.next_due_at).total_seconds(), 0.0)


def _plain(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"hongtou_{name}", told, value=value)


def _labelled(name: str, told: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"hongtou_{name}", told, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
