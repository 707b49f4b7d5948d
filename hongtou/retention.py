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
            self._in_portions(lambda uow: uow.outbox.prune(before=before, now=now, limit=_PORTION)),
            self._in_portions(lambda uow: uow.outbox.forget_keys(before=forgotten, limit=_PORTION)),
        )

    def _in_portions(self, prune: Callable[[UnitOfWork], int]) -> int:
        total = 0
        for _ in range(_PORTIONS):
            with self._database.unit_of_work() as uow:
                gone = prune(uow)
                uow.commit()
            total += gone
            if gone < _PORTION:
                break
        return total
