"""Tells the operators of alerts that are dead, and when their channel works again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertState
from core.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.alert import Alert, ChannelId
    from core.outcome import DeliveryReport
    from core.repositories import UnitOfWork
    from hongtou.notices import Notices

_HOUR = timedelta(hours=1)


class DeadLetters:
    """One notice an hour and channel at once, and one for all that die after it in that hour, at its end."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._failing: dict[ChannelId, tuple[str, Collection[ChannelId]]] = {}
        """Channel → key of the notice that said so, and whom it was told instead of operators that cannot be told."""

    def tell(
        self, uow: UnitOfWork, alert: Alert, report: DeliveryReport, *, others: Collection[ChannelId], now: datetime
    ) -> None:
        """Tell the operators, on other channels than the dead alert's, in the transaction that settles it.

        Args:
            uow: The transaction.
            alert: The dead one.
            report: What the channel said.
            others: Channels to tell where the operators have none but the alert's own.
            now: The present, aware UTC.
        """
        hour = now.replace(minute=0, second=0, microsecond=0)
        key, besides = f"dead/{alert.channel}/{hour:%Y-%m-%dT%H}", (alert.channel,)
        self._failing[alert.channel] = key, others
        if self._notices.tell(uow, _first(alert, report, key), besides=besides, instead=others):
            return
        dead = uow.outbox.counts().get(AlertState.DEAD, 0)
        further = _further(alert, key, dead=dead)
        self._notices.tell(uow, further, besides=besides, instead=others, release_at=hour + _HOUR)

    def accepted(self, uow: UnitOfWork, alert: Alert, *, now: datetime) -> None:
        """Say that a channel works again, where it was said that it did not."""
        if alert.channel not in self._failing:
            return
        key, others = self._failing.pop(alert.channel)
        notice = Notice(
            kind=NoticeKind.RECOVERY,
            recovers=NoticeKind.DELIVERY,
            key=f"{key}/well-{now.isoformat()}",
            subject=f"Hongtou: {alert.channel} takes messages again",
            body=(
                f"Alert {alert.id} has been delivered to {alert.channel}. What died before stays dead until somebody "
                "sends it again: hongtou alerts list --state dead"
            ),
        )
        self._notices.tell(uow, notice, besides=(alert.channel,), instead=others)


def _first(alert: Alert, report: DeliveryReport, key: str) -> Notice:
    return Notice(
        kind=NoticeKind.DELIVERY,
        key=key,
        subject=f"Hongtou could not deliver to {alert.channel}",
        body=(
            f"Alert {alert.id} for channel {alert.channel} is dead after {alert.attempts + 1} attempts: "
            f"{report.detail}\n"
            f"When the channel is mended, send it again with: hongtou alerts retry {alert.id}\n"
            "Further ones that die within this hour are told together at its end."
        ),
    )


def _further(alert: Alert, key: str, *, dead: int) -> Notice:
    return Notice(
        kind=NoticeKind.DELIVERY,
        key=f"{key}/further",
        subject=f"Hongtou could not deliver further alerts to {alert.channel}",
        body=(
            f"More alerts for channel {alert.channel} have died since the last notice of it, alert {alert.id} among "
            f"them; {dead} are dead in all, or more by now.\n"
            "See them with: hongtou alerts list --state dead"
        ),
    )
