"""The outbox use case: pace and claim alerts, hand them to their channels, and remember how that went.

Delivery is at least once: a claim keeps other dispatchers away, and an alert whose claim ended without a result (a
crash between the channel's answer and our commit) is sent again, marked as a possible repeat; so is one whose
connection or time ended before the channel's answer.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from core.alert import AlertKind
from core.errors import StorageError
from core.meters import NoMeters
from core.outcome import DeliveryVerdict
from core.pacing import AGAIN
from core.retry import MAX_RETRY_AFTER, next_attempt
from hongtou.dead_letters import DeadLetters
from hongtou.delivering import Deliverer, keep_told
from hongtou.digests import DigestCloser
from hongtou.outage import Outage
from hongtou.pacing import Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.alert import Alert, AlertId, ChannelId
    from core.meters import Meters
    from core.outcome import DeliveryReport
    from core.ports import Clock, Cron, Offload
    from core.repositories import Database, UnitOfWork
    from hongtou.delivering import DeliveryMeans
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

_CLAIM = 20
"""Alerts claimed at once: few enough that a crash marks few as possible repeats, enough for one transaction a batch."""
_LONGEST_REST = timedelta(minutes=1)
"""How long a channel that failed is let alone before another alert is tried on it: one that it cannot take must not
keep the others back, and one that is down must not use up the attempts of them all."""


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
        means: DeliveryMeans,
        notices: Notices,
        cron: Cron,
        offload: Offload,
        clock: Clock,
        jitter: Callable[[], float],
        meters: Meters | None = None,
    ) -> None:
        self._database = database
        self._meters = meters or NoMeters()
        self._means = means
        self._cron = cron
        self._offload = offload
        self._clock = clock
        self._jitter = jitter
        self._pacer = Pacer(notices)
        self._deliverer = Deliverer(database=database, offload=offload, clock=clock, notices=notices)
        self._dead = DeadLetters(notices)
        self._digests = DigestCloser(database)
        self._outage = Outage(database=database, notices=notices, offload=offload, clock=clock)
        self._rests: dict[ChannelId, datetime] = {}
        self._stopping = False

    @property
    def means(self) -> DeliveryMeans:
        """By what it delivers now."""
        return self._means

    def use(self, means: DeliveryMeans) -> None:
        """Deliver by other means from now on; a delivery under way ends by those it met."""
        self._means = means

    def stop(self) -> None:
        """Begin no further delivery; those under way end in their own time, the rest is given back."""
        self._stopping = True
        self._deliverer.stop()

    async def run_once(self, *, only: Sequence[AlertId] = ()) -> DispatchSummary:
        """Pace what is pending, claim one batch and deliver it, channels beside one another, a channel's in order.

        Args:
            only: Deliver these and no others, whatever speaks against it.

        Raises:
            StorageError: The database cannot be used; what was claimed comes back when its lease ends.
        """
        if self._stopping:
            return DispatchSummary()
        means = self._means
        alerts = await self._offload.run(self._claim, only, means)
        by_channel = groupby(sorted(alerts, key=lambda alert: alert.channel), key=lambda alert: alert.channel)
        runs = [self._deliver_in_order(list(group), means) for _, group in by_channel]
        return sum(await asyncio.gather(*runs), DispatchSummary())

    async def drain(self, *, only: Sequence[AlertId] = (), within: timedelta = timedelta.max) -> DispatchSummary:
        """Run until a run sends nothing more; operators are told of a database that stays away.

        Args:
            only: Deliver these and no others.
            within: Time after which no further run begins, however much is left.

        Raises:
            StorageError: The database cannot be used.
        """
        total, end = DispatchSummary(), time.monotonic() + within.total_seconds()
        try:
            while True:
                run = await self.run_once(only=only)
                total += run
                if not run.sent or time.monotonic() >= end:
                    break
            await self._outage.worked()
        except StorageError as error:
            await self._outage.failed(error, self._means)
            raise
        return total

    def end_catch_up(self) -> None:
        """Take the catching up to be over: what was found meanwhile is told by the next run."""
        pacing = replace(self._means.pacing, lull=timedelta())
        self._means = replace(self._means, pacing=pacing)

    async def close_due_digests(self) -> int:
        """Bundle what is held for every digest whose time has come; return how many digests were made.

        Raises:
            StorageError: The database cannot be used.
        """
        return await self._offload.run(self._digests.close_due, self._means, self._cron, now=self._clock.now())

    def _claim(self, only: Sequence[AlertId], means: DeliveryMeans) -> tuple[Alert, ...]:
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            if not only:
                self._pacer.pace(uow, means.pacing, now=now)
            resting = () if only else self._resting(now)
            alerts = uow.outbox.claim(now=now, limit=_CLAIM, lease=means.limits.lease, only=only, besides=resting)
            uow.commit()
        return alerts

    def _resting(self, now: datetime) -> tuple[ChannelId, ...]:
        return tuple(channel for channel, until in self._rests.items() if now < until <= now + MAX_RETRY_AFTER)

    async def _deliver_in_order(self, alerts: list[Alert], means: DeliveryMeans) -> DispatchSummary:
        """Deliver one channel's alerts; after the first passing failure the rest waits, so that order holds."""
        total = DispatchSummary()
        for position, alert in enumerate(alerts):
            if self._stopping or not self._has_time(alert, means):
                return total + await self._give_back(alerts[position:])
            report = await self._deliverer.deliver(alert, means)
            if report is None:
                continue
            total += await self._offload.run(self._record, alert, report, means)
            if report.verdict is DeliveryVerdict.TRANSIENT:
                return total + await self._give_back(alerts[position + 1 :])
        return total

    def _has_time(self, alert: Alert, means: DeliveryMeans) -> bool:
        """Whether the claim outlasts the longest wait for an answer, so that nobody else sends it meanwhile."""
        return alert.claimed_until is None or self._clock.now() + means.limits.timeout <= alert.claimed_until

    def _record(self, alert: Alert, report: DeliveryReport, means: DeliveryMeans) -> DispatchSummary:
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            summary, again = self._settle(uow, alert, report, means, now=now)
            item = uow.items.get(alert.item_id) if summary.sent and alert.item_id is not None else None
            uow.commit()
        if report.attempted:
            self._meters.delivered(alert, report, at=now)
        if item is not None and alert.kind is AlertKind.ITEM and (source := means.lookups.sources(item.source_id)):
            self._meters.told(item, source, at=now)
        _log_delivery(alert, report, summary, again)
        return summary

    def _settle(
        self, uow: UnitOfWork, alert: Alert, report: DeliveryReport, means: DeliveryMeans, *, now: datetime
    ) -> tuple[DispatchSummary, datetime | None]:
        """Store what came of an attempt; return it, and when the alert is tried again, where it is."""
        if report.verdict is DeliveryVerdict.ACCEPTED:
            self._rests.pop(alert.channel, None)
            self._dead.accepted(uow, alert, now=now)
            return DispatchSummary(sent=1), None
        if not report.attempted and report.retry_after is not None:  # its channel's turn has not come
            uow.outbox.give_back(alert.id)
            again = now + min(report.retry_after, MAX_RETRY_AFTER)
            self._rests[alert.channel] = again
            return DispatchSummary(given_back=1), again
        attempts = alert.attempts + 1
        if report.verdict is DeliveryVerdict.TRANSIENT and attempts < means.limits.max_attempts:
            again = next_attempt(attempts, now=now, jitter=self._jitter(), retry_after=report.retry_after)
            uow.outbox.mark_retry(alert.id, error=report.detail, next_attempt_at=again, in_doubt=report.in_doubt)
            self._rests[alert.channel] = again if report.retry_after else min(again, now + _LONGEST_REST)
            return DispatchSummary(retrying=1), again
        keep_told(uow, alert, now=now)
        uow.outbox.mark_dead(alert.id, error=report.detail, again_at=now + AGAIN, in_doubt=report.in_doubt)
        if alert.kind is not AlertKind.NOTICE:  # notices about notices would never end
            others = [form.channel for form in means.sender.forms()]
            self._dead.tell(uow, alert, report, others=others, now=now)
        return DispatchSummary(dead=1), now + AGAIN

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


def _log_delivery(alert: Alert, report: DeliveryReport, summary: DispatchSummary, again: datetime | None) -> None:
    """Write the one line of an attempt to deliver; docs/operations.md tells what each field means."""
    write = log.info if summary.sent or summary.given_back else log.warning
    write(
        "delivery",
        alert=alert.id,
        kind=alert.kind.value,
        channel=alert.channel,
        route=alert.route,
        item=alert.item_id,
        outcome=next(name for name in ("sent", "retrying", "dead", "given_back") if getattr(summary, name)),
        verdict=report.verdict.value,
        detail=report.detail or None,
        attempt=alert.attempts + report.attempted,
        possible_repeat=alert.possible_repeat or None,
        elapsed_s=round(report.elapsed_s, 3),
        next_attempt_at=again.isoformat(timespec="seconds") if again else None,
    )
