"""Says whether all alerts are accounted for, and, where that is asked for, that all is well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.alert import AlertState, RouteId
from core.health import in_words
from core.incident import NO_SOURCE
from core.notices import Notice, NoticeKind
from core.stories import WantedStories
from hongtou.digests import is_due

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from core.delivery_repositories import OutboxTotals
    from core.ports import Clock, Cron, Offload
    from core.repositories import Database, UnitOfWork
    from core.source import SourceId
    from hongtou.notices import Notices

COUNT_EVERY = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_HEARTBEAT = RouteId("@heartbeat")
"""Name under which the last heartbeat is remembered."""
_MOST_STORIES = 10_000


class Accountant:
    """Counts alerts in and out every hour, and tells the operators' heartbeat when its time has come."""

    def __init__(
        self,
        *,
        database: Database,
        notices: Notices,
        watched: Callable[[], Collection[SourceId]],
        cron: Cron,
        offload: Offload,
        clock: Clock,
    ) -> None:
        """Wire it; `watched` returns the sources that are watched now."""
        self._database = database
        self._notices = notices
        self._watched = watched
        self._cron = cron
        self._offload = offload
        self._clock = clock
        self._counted_at: datetime | None = None
        self._mismatch = ""
        """Key of the notice of the mismatch that lasts; empty for none."""

    async def look(self) -> None:
        """Count, and tell what is due.

        Raises:
            StorageError: The database cannot be used; the next look does it.
        """
        await self._offload.run(self._look)

    def _look(self) -> None:
        now = self._clock.now()
        if self._counted_at is None or not timedelta() <= now - self._counted_at < _HOUR:
            self._count(now)
            self._counted_at = now
        if self._notices.operators.heartbeat:
            self._tell_heartbeat(now)

    def _count(self, now: datetime) -> None:
        with self._database.reading() as uow:  # one state of the database: nothing comes in between the two counts
            totals = uow.outbox.totals()
        if bool(totals.missing) is bool(self._mismatch):
            return
        notice = _mismatch(totals, now) if totals.missing else _no_mismatch(self._mismatch, now)
        with self._database.unit_of_work() as uow:
            self._notices.tell(uow, notice)
            uow.commit()
        self._mismatch = notice.key if totals.missing else ""

    def _tell_heartbeat(self, now: datetime) -> None:
        operators = self._notices.operators
        with self._database.unit_of_work() as uow:
            since = uow.outbox.digest_closed_at(_HEARTBEAT) or now
            if is_due(uow, _HEARTBEAT, operators.heartbeat, self._cron, zone=operators.zone, now=now):
                self._notices.tell(uow, _heartbeat(uow, self._watched(), since=since, now=now))
            uow.commit()


def _mismatch(totals: OutboxTotals, now: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.MISMATCH,
        key=f"mismatch/{totals.missing}/{now:%Y-%m-%d}",
        subject=f"Hongtou: {abs(totals.missing)} alerts are not accounted for",
        body=(
            f"{totals.added} alerts were put into the outbox, {totals.found} are there or were pruned. A fault of the "
            "program is behind it, or somebody who changed the database by hand.\nPlease report it with the output of: "
            "hongtou alerts account --json"
        ),
    )


def _no_mismatch(key: str, now: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.RECOVERY,
        recovers=NoticeKind.MISMATCH,
        key=f"{key}/well-{now.isoformat()}",
        subject="Hongtou: all alerts are accounted for again",
        body="As many alerts are there, or were pruned, as were put into the outbox.",
    )


def _heartbeat(uow: UnitOfWork, watched: Collection[SourceId], *, since: datetime, now: datetime) -> Notice:
    states = [state for state in uow.sources.all() if state.source_id in watched]
    answered = sum(state.last_success_at is not None and state.last_success_at >= since for state in states)
    ill = {one.source_id for one in uow.health.unsettled() if one.told and one.ended_at is None} - {NO_SOURCE}
    stories = uow.stories.list(WantedStories(since=since), limit=_MOST_STORIES)
    counts = uow.outbox.counts()
    waiting = sum(counts.get(state, 0) for state in (AlertState.HELD, AlertState.PENDING, AlertState.RETRYING))
    dead = counts.get(AlertState.DEAD, 0)
    lines = (
        f"Hongtou runs. Since the last message of this kind, {in_words(now - since)} ago:",
        f"{answered} of {len(watched)} sources answered; {len(ill)} are known not to be well",
        f"{sum(story.first_seen_at >= since for story in stories)} new relevant stories",
        f"{uow.outbox.count_sent(since=since)} messages delivered; {waiting} wait, {dead} are dead",
    )
    return Notice(
        kind=NoticeKind.HEARTBEAT,
        key=f"heartbeat/{now.isoformat()}",
        subject="Hongtou: all is well" if not ill and not dead else "Hongtou runs",
        body="\n".join(lines),
    )
