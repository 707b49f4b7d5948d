"""Watches the free space of the data directory: below a bound nothing new is fetched, and the operators are told."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from core.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from core.ports import Clock, Offload
    from core.repositories import Database
    from hongtou.notices import Notices

LOOK_EVERY = timedelta(minutes=1)
_ENOUGH = 1.5
"""Times the bound that must be free again: a disk at the bound would ring with every file."""
_MIB = 1024 * 1024


class DiskWatch:
    """Looks at the disk from time to time."""

    def __init__(
        self,
        *,
        folder: Path,
        database: Database,
        notices: Notices,
        hold_polls: Callable[[bool], None],
        offload: Offload,
        clock: Clock,
    ) -> None:
        """Set up.

        Args:
            folder: The data directory.
            database: Of the outbox.
            notices: Tell the operators; they also say how much must be free.
            hold_polls: Told whether no poll is to begin: alerts go on, and find room.
            offload: Where the disk is asked.
            clock: The time.
        """
        self._folder = folder
        self._database = database
        self._notices = notices
        self._hold_polls = hold_polls
        self._offload = offload
        self._clock = clock
        self._low = ""
        """Key of the notice of the shortage that lasts; empty for none."""

    async def look(self) -> None:
        """Look once.

        Raises:
            StorageError: The notice could not be stored; the next look tries again.
        """
        least = self._notices.operators.least_free
        usage = await self._offload.run(shutil.disk_usage, self._folder)
        if not self._low and usage.free < least:
            self._hold_polls(True)  # noqa: FBT003 - the port has one argument
            notice = _low(self._folder, usage.free, least=least, now=self._clock.now())
            await self._offload.run(self._tell, notice)
            self._low = notice.key
        elif self._low and usage.free >= least * _ENOUGH:
            self._hold_polls(False)  # noqa: FBT003 - the port has one argument
            await self._offload.run(self._tell, _well(self._low, usage.free, now=self._clock.now()))
            self._low = ""

    def _tell(self, notice: Notice) -> None:
        with self._database.unit_of_work() as uow:
            self._notices.tell(uow, notice)
            uow.commit()


def _low(folder: Path, free: int, *, least: int, now: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.DISK,
        key=f"disk/{now:%Y-%m-%dT%H}",
        subject=f"Hongtou: the disk is almost full ({free // _MIB} MB free)",
        body=(
            f"{free // _MIB} MB are free where {folder.name} lies, less than `operators.least_free` "
            f"({least // _MIB} MB). No source is polled until there is room again, so that what is stored, and alerts "
            "on their way, come to no harm.\nOld backups, archives and logs are what can go first."
        ),
    )


def _well(key: str, free: int, *, now: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.RECOVERY,
        recovers=NoticeKind.DISK,
        key=f"{key}/well-{now.isoformat()}",
        subject="Hongtou: there is room on the disk again",
        body=f"{free // _MIB} MB are free. Sources are polled again; what they published meanwhile is told now.",
    )
