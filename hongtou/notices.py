"""The notices use case: what the program has to say to the people who run it, once, and where they want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from core.alert import AlertKind, AlertState, Hold, NewAlert, Route, RouteId
from core.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.alert import ChannelId, QuietHours
    from core.notices import Notice
    from core.ports import Clock
    from core.repositories import UnitOfWork

log = structlog.get_logger(__name__)

OPERATORS = RouteId("@operators")
"""Name of the operators' own route; no route of a configuration can have it."""
_GOOD = frozenset({NoticeKind.RECOVERY, NoticeKind.UPGRADE, NoticeKind.HEARTBEAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Who is told, and when it may ring."""

    channels: tuple[ChannelId, ...] = ()
    never: frozenset[NoticeKind] = frozenset()
    """Kinds that are logged and not sent."""
    quiet: tuple[QuietHours, ...] = ()
    zone: str = "Asia/Shanghai"
    """Of the heartbeat's cron."""
    heartbeat: str = ""
    """Cron expression; empty for none."""
    least_free: int = 0
    """Bytes free on the disk below which that is told; 0 for never."""

    @property
    def route(self) -> Route:
        """The route of notices, as far as quiet hours go."""
        return Route(id=OPERATORS, channels=self.channels, quiet=self.quiet, zone=self.zone)

    def wants(self, notice: Notice) -> bool:
        """Whether a notice is sent, not only logged; a recovery is where its fault was."""
        return notice.kind not in self.never and notice.recovers not in self.never


class Notices:
    """Puts notices into the outbox. Used in any thread."""

    def __init__(self, operators: Operators, clock: Clock) -> None:
        self._operators = operators
        self._clock = clock

    @property
    def operators(self) -> Operators:
        """Who is told now."""
        return self._operators

    def use(self, operators: Operators) -> None:
        """Tell others from now on."""
        self._operators = operators

    def tell(
        self,
        uow: UnitOfWork,
        notice: Notice,
        *,
        besides: Collection[ChannelId] = (),
        instead: Collection[ChannelId] = (),
        release_at: datetime | None = None,
    ) -> int:
        """Put a notice into the outbox, one row a channel; log it, also where it is not sent.

        Args:
            uow: The transaction of what it tells of, so that neither is stored without the other.
            notice: What to tell.
            besides: Channels that are not told, because they are what it is about.
            instead: Channels to tell where that leaves none.
            release_at: When it is told; at once by default.

        Returns:
            How many rows were made: 0 where it was told before, or is not wanted.
        """
        operators, now = self._operators, self._clock.now()
        channels: Collection[ChannelId] = ()
        if operators.wants(notice):
            channels = [one for one in operators.channels if one not in besides] or [
                one for one in instead if one not in besides
            ]
        rows = [uow.outbox.add(_row(notice, channel, now=now, release_at=release_at)) for channel in channels]
        made = sum(row is not None for row in rows)
        if made or not rows:
            write = log.info if notice.kind in _GOOD else log.warning
            write("operator notice", notice=notice.kind.value, subject=notice.subject, channels=made)
        return made


def _row(notice: Notice, channel: ChannelId, *, now: datetime, release_at: datetime | None) -> NewAlert:
    return NewAlert(
        dedup_key=f"{notice.key}/{channel}",
        kind=AlertKind.NOTICE,
        channel=channel,
        state=AlertState.PENDING if release_at is None else AlertState.HELD,
        created_at=now,
        subject=notice.subject,
        body=notice.body,
        notice=notice.kind,
        held_for=None if release_at is None else Hold.OVERFLOW,
        release_at=release_at,
    )
