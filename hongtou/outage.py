"""Tells the operators that the database is away: past the outbox, which lies in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.alert import AlertKind
from core.message import Content
from core.notices import Notice, NoticeKind
from core.outcome import DeliveryVerdict

if TYPE_CHECKING:
    from datetime import datetime

    from core.errors import StorageError
    from core.ports import Clock, Offload
    from core.repositories import Database
    from hongtou.delivering import DeliveryMeans
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

GRACE = timedelta(minutes=5)
"""How long the database must have been away: a lock, a restart or a fail-over is over by then."""


class Outage:
    """Is told of every fault and every success; tells once of what lasts, and that it is over."""

    def __init__(self, *, database: Database, notices: Notices, offload: Offload, clock: Clock) -> None:
        self._database = database
        self._notices = notices
        self._offload = offload
        self._clock = clock
        self._since: datetime | None = None
        self._tried_at: datetime | None = None
        self._told = False

    async def failed(self, error: StorageError, means: DeliveryMeans) -> None:
        """Note that the database could not be used; tell it directly where that lasts."""
        now = self._clock.now()
        self._since = self._since if self._since is not None and self._since <= now else now
        if self._told or now - self._since < GRACE:
            return
        if self._tried_at is not None and timedelta() <= now - self._tried_at < GRACE:
            return
        self._tried_at = now
        self._told = await self._send(_away(error, self._since), means)

    async def worked(self) -> None:
        """Note that the database could be used; tell it where it was told that it could not.

        Raises:
            StorageError: Now it cannot.
        """
        if self._told and self._since is not None:
            await self._offload.run(self._tell, _back(self._since, self._clock.now()))
        self._since, self._tried_at, self._told = None, None, False

    def _tell(self, notice: Notice) -> None:
        with self._database.unit_of_work() as uow:
            self._notices.tell(uow, notice)
            uow.commit()

    async def _send(self, notice: Notice, means: DeliveryMeans) -> bool:
        """Send a notice to the operators' channels; return whether any accepted it."""
        log.error("operator notice past the outbox", notice=notice.kind.value, subject=notice.subject)
        operators = self._notices.operators
        if not operators.wants(notice):
            return True
        content = Content(
            kind=AlertKind.NOTICE,
            now=self._clock.now(),
            notice=notice.kind,
            subject=notice.subject,
            body=notice.body,
        )
        verdicts = [
            (await means.sender.send_part(form.channel, part)).verdict
            for form in means.sender.forms()
            if form.channel in operators.channels
            for part in means.renderer.render(content, form)
        ]
        return DeliveryVerdict.ACCEPTED in verdicts


def _away(error: StorageError, since: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.DATABASE,
        key=f"database/{since.isoformat()}",
        subject="Hongtou: the database cannot be used",
        body=(
            f"Since {since:%Y-%m-%d %H:%M} UTC: {error}\n"
            "Nothing new is stored or told until it can; what was stored is told then. This message went past the "
            "outbox, and is sent once."
        ),
    )


def _back(since: datetime, now: datetime) -> Notice:
    return Notice(
        kind=NoticeKind.RECOVERY,
        recovers=NoticeKind.DATABASE,
        key=f"database/{since.isoformat()}/well",
        subject="Hongtou: the database can be used again",
        body=f"It could not be used from {since:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC. Everything goes on.",
    )
