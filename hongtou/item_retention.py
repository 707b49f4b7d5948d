"""Forgets old items that were judged irrelevant, and keeps the database tidy at a quiet hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from hongtou.retention import in_portions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from core.ports import Clock, Cron, Offload
    from core.repositories import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRetention:
    """How long items are kept. What matters to anybody is kept for ever."""

    irrelevant: timedelta
    """Irrelevant ones, from when they were first seen; nothing is pruned at zero."""
    remember: timedelta
    """That they were there, from their pruning."""


def prune_items(
    database: Database, retention: ItemRetention, *, now: datetime, portions: int | None = None
) -> tuple[int, int]:
    """Forget what is old enough; return how many items, and how many keys of items that were pruned long ago.

    Blocks: to be called off the loop.

    Args:
        database: What is pruned.
        retention: What is old enough.
        now: The present.
        portions: Transactions at most; None for as many as a tick of the daemon.

    Raises:
        StorageError: The database cannot be used; what was pruned before stays so.
    """
    bound = {} if portions is None else {"portions": portions}
    items = 0
    if retention.irrelevant:
        before = now - retention.irrelevant
        items = in_portions(database, lambda uow, size: uow.items.prune(before=before, now=now, limit=size), **bound)
    forgotten = now - retention.remember
    keys = in_portions(database, lambda uow, size: uow.items.forget_gone(before=forgotten, limit=size), **bound)
    return items, keys


class Tidyable(Protocol):
    """A database that can be tidied."""

    def tidy(self, *, whole: bool) -> None:
        """Give unused space back, with `whole` however little it is, and refresh what queries are planned by."""
        ...


class Housekeeper:
    """Prunes a little at each tick, and tidies once a day at a quiet hour. Both leave the loop."""

    def __init__(
        self,
        *,
        database: Database,
        tidyable: Tidyable,
        retention: Callable[[], tuple[ItemRetention, str, str]],
        cron: Cron,
        offload: Offload,
        clock: Clock,
    ) -> None:
        """Take what is kept.

        Args:
            database: What is pruned.
            tidyable: The same, to be tidied.
            retention: Returns what is in force: how long items are kept, when to tidy, and in which zone.
            cron: Reads when to tidy.
            offload: Where it happens.
            clock: Reads the time.
        """
        self._database = database
        self._tidyable = tidyable
        self._retention = retention
        self._cron = cron
        self._offload = offload
        self._clock = clock
        self._tidied_at = clock.now()

    async def keep(self) -> None:
        """Do one round.

        Raises:
            StorageError: The database cannot be used, or is in use just now; the next tick goes on.
        """
        retention, at, zone = self._retention()
        now = self._clock.now()
        items, keys = await self._offload.run(prune_items, self._database, retention, now=now)
        if items or keys:
            log.info("items pruned", items=items, keys=keys)
        if at and self._cron.next_after(at, zone=zone, after=min(self._tidied_at, now)) <= now:
            self._tidied_at = now  # also when it fails: it is tried again the next day, not every tick
            await self._offload.run(self._tidyable.tidy, whole=False)
            log.info("database tidied")
