"""Forgets alerts that have reached their end, in portions, and much later that they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ports import Clock, Offload
    from core.repositories import Database, UnitOfWork

log = structlog.get_logger(__name__)

PRUNE_EVERY = timedelta(hours=1)
_PORTION = 500
"""Rows a transaction: others wait for the write lock meanwhile."""
_PORTIONS = 40
"""Portions a tick; the rest waits for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long alerts are kept."""

    keep: timedelta
    """From their making, once they have reached their end."""
    remember: timedelta
    """From their pruning, their dedup keys, so that nothing is told a second time."""


class AlertPruner:
    """Prunes from time to time. What is still on its way is never pruned, however old it is."""

    def __init__(
        self, *, database: Database, retention: Callable[[], Retention], offload: Offload, clock: Clock
    ) -> None:
        self._database = database
        self._retention = retention
        self._offload = offload
        self._clock = clock

    async def prune(self) -> None:
        """Forget what is old enough.

        Raises:
            StorageError: The database cannot be used; the next tick goes on.
        """
        alerts, keys = await self._offload.run(self._prune)
        if alerts or keys:
            log.info("alerts pruned", alerts=alerts, keys=keys)

    def _prune(self) -> tuple[int, int]:
        now, retention = self._clock.now(), self._retention()
        before, forgotten = now - retention.keep, now - retention.remember
        return (
            in_portions(self._database, lambda uow, size: uow.outbox.prune(before=before, now=now, limit=size)),
            in_portions(self._database, lambda uow, size: uow.outbox.forget_keys(before=forgotten, limit=size)),
        )


def in_portions(database: Database, prune: Callable[[UnitOfWork, int], int], *, portions: int = _PORTIONS) -> int:
    """Prune in transactions of bounded size until nothing is left, or a tick has done its share; return how many.

    Args:
        database: What is pruned.
        prune: Prunes at most so many, and returns how many there were.
        portions: Transactions at most.

    Raises:
        StorageError: The database cannot be used; what was pruned before stays so.
    """
    total = 0
    for _ in range(portions):
        with database.unit_of_work() as uow:
            gone = prune(uow, _PORTION)
            uow.commit()
        total += gone
        if gone < _PORTION:
            break
    return total
