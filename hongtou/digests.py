"""Closes digests: puts what is held for a route's schedule into one message when its time has come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.alert import Cadence
from hongtou.pacing import silence_held

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.alert import AlertId, ChannelId, Route, RouteId
    from core.ports import Cron
    from core.repositories import Database, UnitOfWork
    from hongtou.delivering import DeliveryMeans

log = structlog.get_logger(__name__)

SCHEDULED = frozenset({Cadence.DIGEST, Cadence.BOTH})
_LONGEST_JUMP = timedelta(hours=2)
"""How far in the future a last closing may lie before the clock is taken to have been wrong then. A clock that is set
back by an hour, as by hand in autumn, closes nothing a second time."""


class DigestCloser:
    """Makes digests of what is held; one route, one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close_due(self, means: DeliveryMeans, cron: Cron, *, now: datetime) -> int:
        """Make the digests whose time has come, and those of routes that have none any more; return how many.

        A digest that fell due while nothing ran is closed now, once. It holds everything since the last one. What is
        held for a route that has left the configuration, or tells at once now, waits for nothing: it is told.

        Raises:
            StorageError: The database cannot be used; the next look does the rest.
        """
        scheduled = {route.id: route for route in means.pacing.routes.values() if route.cadence in SCHEDULED}
        made = sum(self._close_if_due(route, means, cron, now=now) for route in scheduled.values())
        return made + self._close_orphans(scheduled.keys(), means, now=now)

    def _close_if_due(self, route: Route, means: DeliveryMeans, cron: Cron, *, now: datetime) -> int:
        with self._database.unit_of_work() as uow:
            if not is_due(uow, route.id, route.cron, cron, zone=route.zone, now=now):
                uow.commit()
                return 0
            lanes = [channel for held, channel in uow.outbox.held_routes() if held == route.id]
            made = sum(len(bundle_held(uow, route.id, channel, means, now=now)) for channel in lanes)
            uow.commit()
        return made

    def _close_orphans(self, scheduled: Collection[RouteId], means: DeliveryMeans, *, now: datetime) -> int:
        made = 0
        with self._database.unit_of_work() as uow:
            for route, channel in uow.outbox.held_routes():
                if route not in scheduled:
                    why = f"the route {route} has no digest any more"
                    made += len(bundle_held(uow, route, channel, means, now=now, why=why))
            uow.commit()
        return made


def is_due(uow: UnitOfWork, name: RouteId, expression: str, cron: Cron, *, zone: str, now: datetime) -> bool:
    """Return whether something that is done by cron is due, and remember that it is done now.

    What is asked of for the first time is due from its next time on.

    Args:
        uow: The transaction of what is done.
        name: Under which its last time is remembered.
        expression: Five cron fields.
        cron: Reads them.
        zone: IANA zone in which they are read.
        now: The present, aware UTC.
    """
    done_at = uow.outbox.digest_closed_at(name)
    if (
        done_at is not None
        and done_at - now <= _LONGEST_JUMP
        and cron.next_after(expression, zone=zone, after=done_at) > now
    ):
        return False
    uow.outbox.set_digest_closed_at(name, now)
    return done_at is not None and done_at - now <= _LONGEST_JUMP


def bundle_held(
    uow: UnitOfWork, route: RouteId, channel: ChannelId, means: DeliveryMeans, *, now: datetime, why: str = ""
) -> tuple[AlertId, ...]:
    """Make digests of all that is held for a route and channel, but for what a silence keeps back now; return them.

    Args:
        uow: The transaction.
        route: Whose digest.
        channel: To which it goes.
        means: Of the configuration in force.
        now: The present, aware UTC.
        why: Why it is made, where no schedule made it.
    """
    if uow.silences.active(at=now):
        silence_held(uow, uow.pacing.for_digest(route, channel), means.pacing, now=now)
    made: list[AlertId] = []
    limit = means.limits.max_per_digest
    while (one := uow.outbox.bundle(route=route, channel=channel, now=now, limit=limit, why=why)) is not None:
        made.append(one)
    return tuple(made)
