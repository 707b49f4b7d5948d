"""Counts for Prometheus; implements `core.meters.Meters`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from core.item import DateOrigin, DatePrecision
from core.outcome import DeliveryVerdict

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.alert import Alert
    from core.item import Item
    from core.outcome import DeliveryReport, PollOutcome
    from core.source import Source

_DELAYS_S = (30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200)
"""From half a minute, which a flash source can reach, to three days, beyond which nothing was news."""
_QUICK_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class PrometheusMeters:
    """All counts of this process, in a registry of their own."""

    def __init__(self, *, version: str) -> None:
        """Begin at nought.

        Args:
            version: Of the program, told as a label.
        """
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._polls = self._counter("polls", "Polls that ended, by the class of their answer.", "answer")
        self._poll_s = self._histogram("poll_seconds", "How long polls took.", _QUICK_S)
        self._entries = self._counter("poll_entries", "Rows that lists held, and what of them was new.", "state")
        self._items = self._counter("items_stored", "New items, by whether they were flagged.", "relevant")
        self._found_s = self._histogram(
            "publish_to_store_seconds",
            "From publication to storing, of items that tell the minute and were no backlog.",
            _DELAYS_S,
            "voice",
        )
        self._deliveries = self._counter(
            "deliveries", "Attempts to deliver, by what came of them.", "channel", "verdict"
        )
        self._delivery_s = self._histogram("delivery_seconds", "How long channels took to answer.", _QUICK_S)
        self._told_s = self._histogram(
            "alert_to_accept_seconds",
            "From the making of an alert, which is when its item is stored, to its acceptance by the channel.",
            _DELAYS_S,
            "kind",
        )
        self._whole_s = self._histogram(
            "publish_to_accept_seconds",
            "From publication to acceptance by a channel, of items told singly that tell the minute.",
            _DELAYS_S,
            "voice",
        )
        Gauge("hongtou_info", "The program.", ["version"], registry=self.registry).labels(version).set(1)

    def polled(self, outcome: PollOutcome) -> None:
        """Count a poll that has ended."""
        self._polls.labels(outcome.answer.value).inc()
        self._poll_s.observe(outcome.elapsed_s)
        self._entries.labels("listed").inc(outcome.entries)
        self._entries.labels("new").inc(outcome.new)

    def stored(self, item: Item, source: Source, *, at: datetime) -> None:
        """Count a new item, and how long after its publication it was stored, where that is known to the minute."""
        judged = item.classification
        self._items.labels(str(judged.relevant).lower() if judged else "unknown").inc()
        if _is_exact(item):
            self._found_s.labels(source.voice.value).observe(_seconds(at - item.published.at))

    def delivered(self, alert: Alert, report: DeliveryReport, *, at: datetime) -> None:
        """Count an attempt to deliver an alert, and when it was accepted, how long after it was made."""
        self._deliveries.labels(alert.channel, report.verdict.value).inc()
        self._delivery_s.observe(report.elapsed_s)
        if report.verdict is DeliveryVerdict.ACCEPTED:
            self._told_s.labels(alert.kind.value).observe(_seconds(at - alert.created_at))

    def told(self, item: Item, source: Source, *, at: datetime) -> None:
        """Note how long after its publication an item was told, where that is known to the minute."""
        if _is_exact(item):
            self._whole_s.labels(source.voice.value).observe(_seconds(at - item.published.at))

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"hongtou_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"hongtou_{name}", told, labels, buckets=buckets, registry=self.registry)


def _is_exact(item: Item) -> bool:
    """Whether the minute of an item's publication is known, and it was no backlog of a first poll."""
    published = item.published
    exact = published.precision is DatePrecision.MINUTE and published.origin is not DateOrigin.FIRST_SEEN
    return exact and not item.baseline


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), 0.0)
