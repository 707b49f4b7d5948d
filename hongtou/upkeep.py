"""What a daemon does besides: prunes and counts alerts, watches disk and clock, and tells of a database upgraded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.notices import Notice, NoticeKind
from hongtou.accounts import COUNT_EVERY, Accountant
from hongtou.clock_watch import COMPARE_EVERY, ClockWatch
from hongtou.disk_watch import LOOK_EVERY, DiskWatch
from hongtou.retention import PRUNE_EVERY, AlertPruner, Retention

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.ports import Clock, Cron, Offload
    from core.repositories import Database
    from core.source import SourceId
    from hongtou.daemon import Daemon
    from hongtou.live import Live
    from hongtou.notices import Notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Declares the jobs."""

    database: Database
    notices: Notices
    offload: Offload
    clock: Clock

    def begin(self, live: Live, daemon: Daemon, *, cron: Cron, upgrades: Sequence[tuple[str, str]] = ()) -> None:
        """Declare the jobs of a daemon, and tell of upgrades.

        Args:
            live: What is in force, asked each time.
            daemon: Runs the jobs.
            cron: Reads when the heartbeat is told.
            upgrades: From and to which revision the database was upgraded at this start.

        Raises:
            StorageError: The database cannot be used.
        """
        for old, new in upgrades:
            self._tell_upgrade(old, new)
        daemon.also("alerts", PRUNE_EVERY, self._pruner(live).prune)
        daemon.also("accounts", COUNT_EVERY, self._accountant(live, cron).look)
        daemon.also("disk", LOOK_EVERY, self._disk_watch(live, daemon).look)
        clocks = ClockWatch(database=self.database, offload=self.offload, clock=self.clock)
        daemon.also("clock", COMPARE_EVERY, clocks.look, once=False)

    def _tell_upgrade(self, old: str, new: str) -> None:
        notice = Notice(
            kind=NoticeKind.UPGRADE,
            key=f"upgrade/{old}-{new}/{self.clock.now().isoformat()}",
            subject="Hongtou: the database was upgraded",
            body=f"Its tables went from revision {old} to {new}, which this program needs; an older one cannot use it.",
        )
        with self.database.unit_of_work() as uow:
            self.notices.tell(uow, notice)
            uow.commit()

    def _pruner(self, live: Live) -> AlertPruner:
        def retention() -> Retention:
            alerts = live.now.loaded.settings.alerts
            return Retention(keep=alerts.keep, remember=alerts.remember)

        return AlertPruner(database=self.database, retention=retention, offload=self.offload, clock=self.clock)

    def _accountant(self, live: Live, cron: Cron) -> Accountant:
        def watched() -> Collection[SourceId]:
            return live.now.watch.sources.keys()

        return Accountant(
            database=self.database,
            notices=self.notices,
            watched=watched,
            cron=cron,
            offload=self.offload,
            clock=self.clock,
        )

    def _disk_watch(self, live: Live, daemon: Daemon) -> DiskWatch:
        return DiskWatch(
            folder=live.now.loaded.settings.data_dir,
            database=self.database,
            notices=self.notices,
            hold_polls=daemon.hold_polls,
            offload=self.offload,
            clock=self.clock,
        )
