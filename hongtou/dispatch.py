"""The outbox use case: claim alerts, render them, hand them to their channels, and remember how that went.

Delivery is at least once: a claim keeps other dispatchers away, and an alert whose claim ended without a result (a
crash between the channel's answer and our commit) is sent again, marked as a possible repeat.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from core.alert import Alert, AlertKind, AlertState, Cadence, NewAlert, Told
from core.outcome import DeliveryReport, DeliveryVerdict
from core.retry import next_attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, timedelta

    from core.alert import AlertId, ChannelId, Message, Route
    from core.ports import Clock, Cron, Notifier, Offload, Renderer
    from core.repositories import Database, UnitOfWork
    from core.source import Source

log = structlog.get_logger(__name__)

_CLAIM = 20
"""Alerts claimed at once: few enough that a crash marks few as possible repeats, enough for one transaction a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """Bounds of delivery."""

    max_attempts: int
    lease: timedelta
    timeout: timedelta
    max_per_digest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMeans:
    """By what alerts are rendered and sent; replaced as a whole."""

    renderer: Renderer
    notifier: Notifier
    limits: DispatchLimits
    sources: Callable[[str], Source | None]
    """Looks a source up by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSummary:
    """What one run did."""

    sent: int = 0
    retrying: int = 0
    dead: int = 0
    given_back: int = 0

    def __add__(self, other: DispatchSummary) -> DispatchSummary:
        """Add two runs up."""
        return DispatchSummary(
            sent=self.sent + other.sent,
            retrying=self.retrying + other.retrying,
            dead=self.dead + other.dead,
            given_back=self.given_back + other.given_back,
        )


class Dispatcher:
    """Carries alerts from the outbox to the channels, and closes digests when they are due."""

    def __init__(
        self,
        *,
        database: Database,
        renderer: Renderer,
        notifier: Notifier,
        offload: Offload,
        clock: Clock,
        limits: DispatchLimits,
        sources: Callable[[str], Source | None],
        jitter: Callable[[], float],
    ) -> None:
        self._database = database
        self._means = DeliveryMeans(renderer=renderer, notifier=notifier, limits=limits, sources=sources)
        self._offload = offload
        self._clock = clock
        self._jitter = jitter
        self._stopping = False

    def use(self, means: DeliveryMeans) -> None:
        """Deliver by other means from now on; a delivery under way ends by those it met."""
        self._means = means

    def stop(self) -> None:
        """Begin no further delivery; those under way end in their own time, the rest is given back."""
        self._stopping = True

    async def run_once(self, *, only: Sequence[AlertId] = ()) -> DispatchSummary:
        """Claim one batch and deliver it, channels beside one another, a channel's alerts in order.

        Raises:
            StorageError: The database cannot be used; what was claimed comes back when its lease ends.
        """
        if self._stopping:
            return DispatchSummary()
        alerts = await self._offload.run(self._claim, only)
        by_channel = groupby(sorted(alerts, key=lambda alert: alert.channel), key=lambda alert: alert.channel)
        runs = [self._deliver_in_order(list(group)) for _, group in by_channel]
        return sum(await asyncio.gather(*runs), DispatchSummary())

    async def drain(self, *, only: Sequence[AlertId] = ()) -> DispatchSummary:
        """Run until a run sends nothing more."""
        total = DispatchSummary()
        while True:
            run = await self.run_once(only=only)
            total += run
            if not run.sent:
                return total

    async def close_due_digests(self, routes: Iterable[Route], cron: Cron) -> int:
        """Bundle what is held for every digest whose time has come; return how many digests were made.

        A digest that fell due while nothing ran is closed now, once. It holds everything since the last one.
        """
        made = 0
        for route in routes:
            if route.cadence is Cadence.DIGEST:
                made += await self._offload.run(self._close_if_due, route, cron)
        return made

    def _claim(self, only: Sequence[AlertId]) -> tuple[Alert, ...]:
        with self._database.unit_of_work() as uow:
            alerts = uow.outbox.claim(now=self._clock.now(), limit=_CLAIM, lease=self._means.limits.lease, only=only)
            uow.commit()
        return alerts

    async def _deliver_in_order(self, alerts: list[Alert]) -> DispatchSummary:
        """Deliver one channel's alerts; after the first passing failure the rest waits, so that order holds."""
        total = DispatchSummary()
        for position, alert in enumerate(alerts):
            if self._stopping or not self._has_time(alert):
                return total + await self._give_back(alerts[position:])
            report = await self._deliver(alert)
            total += await self._offload.run(self._record, alert, report)
            if report.verdict is DeliveryVerdict.TRANSIENT:
                return total + await self._give_back(alerts[position + 1 :])
        return total

    def _has_time(self, alert: Alert) -> bool:
        """Whether the claim outlasts the longest wait for an answer, so that nobody else sends it meanwhile."""
        return alert.claimed_until is None or self._clock.now() + self._means.limits.timeout <= alert.claimed_until

    async def _deliver(self, alert: Alert) -> DeliveryReport:
        means = self._means
        message = await self._offload.run(self._render, alert, means)
        if message is None:
            return DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="the item it tells of is no longer stored")
        report = await means.notifier.send(alert.channel, message)
        if report.verdict is DeliveryVerdict.TOO_LONG:
            short = means.renderer.notice(message.subject, _shortened(message.text))
            report = await means.notifier.send(alert.channel, short)
        return report

    def _render(self, alert: Alert, means: DeliveryMeans) -> Message | None:
        renderer = means.renderer
        if alert.kind in (AlertKind.NOTICE, AlertKind.TEST):
            return renderer.notice(alert.subject, alert.body)
        with self._database.unit_of_work() as uow:
            rows = uow.outbox.members(alert.id) if alert.kind is AlertKind.DIGEST else (alert,)
            told = tuple(_told(uow, rows, means.sources))
        if not told:
            return None
        if alert.kind in (AlertKind.ITEM, AlertKind.UPDATE) or alert.route is None:
            return renderer.item(told[0], possible_repeat=alert.possible_repeat)
        return renderer.digest(told, route=alert.route, now=self._clock.now(), possible_repeat=alert.possible_repeat)

    def _record(self, alert: Alert, report: DeliveryReport) -> DispatchSummary:
        now = self._clock.now()
        attempts = alert.attempts + 1
        with self._database.unit_of_work() as uow:
            summary = self._settle(uow, alert, report, now=now)
            uow.commit()
        write = log.info if summary.sent else log.warning
        write(
            "delivery",
            alert=alert.id,
            kind=alert.kind.value,
            channel=alert.channel,
            route=alert.route,
            verdict=report.verdict.value,
            detail=report.detail or None,
            attempt=attempts,
            possible_repeat=alert.possible_repeat or None,
            elapsed_s=round(report.elapsed_s, 3),
        )
        return summary

    def _settle(self, uow: UnitOfWork, alert: Alert, report: DeliveryReport, *, now: datetime) -> DispatchSummary:
        attempts = alert.attempts + 1
        if report.verdict is DeliveryVerdict.ACCEPTED:
            uow.outbox.mark_sent(alert.id, at=now)
            return DispatchSummary(sent=1)
        if report.verdict is DeliveryVerdict.TRANSIENT and attempts < self._means.limits.max_attempts:
            again = next_attempt(attempts, now=now, jitter=self._jitter(), retry_after=report.retry_after)
            uow.outbox.mark_retry(alert.id, error=report.detail, next_attempt_at=again)
            return DispatchSummary(retrying=1)
        uow.outbox.mark_dead(alert.id, error=report.detail)
        self._tell_the_others(uow, alert, report, now=now)
        return DispatchSummary(dead=1)

    def _tell_the_others(self, uow: UnitOfWork, alert: Alert, report: DeliveryReport, *, now: datetime) -> None:
        """Tell every other channel that a delivery is dead, unless the dead one was itself such a notice."""
        if alert.kind is AlertKind.NOTICE:
            return
        for channel in self._means.notifier.channels():
            if channel.id != alert.channel:
                uow.outbox.add(_dead_notice(alert, report, to=channel.id, now=now))

    async def _give_back(self, alerts: Sequence[Alert]) -> DispatchSummary:
        if not alerts:
            return DispatchSummary()
        return await self._offload.run(self._release, alerts)

    def _release(self, alerts: Sequence[Alert]) -> DispatchSummary:
        with self._database.unit_of_work() as uow:
            for alert in alerts:
                uow.outbox.give_back(alert.id)
            uow.commit()
        return DispatchSummary(given_back=len(alerts))

    def _close_if_due(self, route: Route, cron: Cron) -> int:
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            closed_at = uow.outbox.digest_closed_at(route.id)
            if closed_at is None:
                uow.outbox.set_digest_closed_at(route.id, now)
                uow.commit()
                return 0
            if cron.next_after(route.cron, zone=route.zone, after=closed_at) > now:
                return 0
            made = self._bundle_all(uow, route, now)
            uow.outbox.set_digest_closed_at(route.id, now)
            uow.commit()
        return made

    def _bundle_all(self, uow: UnitOfWork, route: Route, now: datetime) -> int:
        made = 0
        limit = self._means.limits.max_per_digest
        for held_route, channel in uow.outbox.held_routes():
            if held_route != route.id:
                continue
            while uow.outbox.bundle(route=route.id, channel=channel, now=now, limit=limit) is not None:
                made += 1
        return made


def _told(uow: UnitOfWork, rows: Iterable[Alert], sources: Callable[[str], Source | None]) -> Iterable[Told]:
    reasons = {row.item_id: row.reason for row in rows if row.item_id is not None}
    for item in uow.items.get_many(list(reasons)):
        yield Told(item=item, source=sources(item.source_id), reason=reasons[item.id])


def _dead_notice(alert: Alert, report: DeliveryReport, *, to: ChannelId, now: datetime) -> NewAlert:
    return NewAlert(
        dedup_key=f"dead/{alert.id}/{to}/{alert.attempts + 1}",
        kind=AlertKind.NOTICE,
        channel=to,
        state=AlertState.PENDING,
        created_at=now,
        subject=f"Hongtou could not deliver to {alert.channel}",
        body=(
            f"Alert {alert.id} for channel {alert.channel} is dead after {alert.attempts + 1} attempts: "
            f"{report.detail}\n"
            f"When the channel is mended, send it again with: hongtou alerts retry {alert.id}"
        ),
    )


_SHORT = 1000


def _shortened(text: str) -> str:
    """Return the opening of a text up to a line's end, saying that it was shortened."""
    head = text[:_SHORT].rsplit("\n", 1)[0] if len(text) > _SHORT else text
    return f"{head}\n(shortened: the channel refused the whole message as too long)"
