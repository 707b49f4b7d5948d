"""What a daemon does besides: notices of its own state, counting, pruning, the disk and the database."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
import structlog

from core.alert import AlertKind, AlertState, ChannelId, RouteId
from core.errors import StorageError
from core.notices import Notice, NoticeKind
from core.outcome import DeliveryReport, DeliveryVerdict
from core.source import SourceId
from hongtou.accounts import Accountant
from hongtou.disk_watch import DiskWatch
from hongtou.notices import Notices, Operators
from hongtou.outage import Outage
from hongtou.retention import AlertPruner, Retention
from storage.outbox import SqlOutboxRepository

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from core.alert import Alert
    from storage.database import SqlDatabase

AWAY = StorageError("the database is locked")


def stored(database: SqlDatabase) -> list[Alert]:
    """Return all alerts, the oldest first."""
    with database.reading() as uow:
        return list(reversed(uow.outbox.list(limit=999)))


def tell(database: SqlDatabase, notices: Notices, notice: Notice, **how: Any) -> int:
    """Tell a notice in a transaction of its own."""
    with database.unit_of_work() as uow:
        made = notices.tell(uow, notice, **how)
        uow.commit()
    return made


def notice_of(kind: NoticeKind, **fields: Any) -> Notice:
    """Make a notice."""
    return Notice(kind=kind, key="k", subject="s", body="b", **fields)


def test_a_notice_is_a_row_for_each_operator_channel_once(database: SqlDatabase, clock: Any) -> None:
    """A second one of the same key makes none, also after a restart."""
    operators = Operators(channels=(ChannelId("ops"), ChannelId("desk")))
    for made in (2, 0):
        assert tell(database, Notices(operators, clock), notice_of(NoticeKind.DISK)) == made
    assert [(alert.channel, alert.kind, alert.notice) for alert in stored(database)] == [
        ("ops", AlertKind.NOTICE, NoticeKind.DISK),
        ("desk", AlertKind.NOTICE, NoticeKind.DISK),
    ]


def test_unwanted_kinds_are_only_logged_with_their_recoveries(database: SqlDatabase, clock: Any) -> None:
    """What operators never want to hear of is not sent, nor that it is over; the log has both."""
    operators = Operators(channels=(ChannelId("ops"),), never=frozenset({NoticeKind.DISK}))
    notices = Notices(operators, clock)
    with structlog.testing.capture_logs() as logs:
        assert tell(database, notices, notice_of(NoticeKind.DISK)) == 0
        assert tell(database, notices, notice_of(NoticeKind.RECOVERY, recovers=NoticeKind.DISK)) == 0
        assert tell(database, notices, notice_of(NoticeKind.RECOVERY, recovers=NoticeKind.DATABASE)) == 1
    assert [entry["notice"] for entry in logs] == ["disk", "recovery", "recovery"]
    assert [entry["log_level"] for entry in logs] == ["warning", "info", "info"]


def test_a_notice_about_a_channel_goes_to_the_others(database: SqlDatabase, clock: Any) -> None:
    """Where the operators have no other, those that are given instead are told."""
    notices = Notices(Operators(channels=(ChannelId("desk"),)), clock)
    desk, others = (ChannelId("desk"),), (ChannelId("desk"), ChannelId("slack"))
    assert tell(database, notices, notice_of(NoticeKind.DELIVERY), besides=desk, instead=others) == 1
    assert [alert.channel for alert in stored(database)] == ["slack"]


class Books(NamedTuple):
    """An accountant with the operators' notices."""

    accountant: Accountant
    notices: Notices


@pytest.fixture
def books(database: SqlDatabase, notices: Notices, cron: Any, offload: Any, clock: Any) -> Books:
    """An accountant that watches one source."""
    accountant = Accountant(
        database=database,
        notices=notices,
        watched=lambda: [SourceId("a")],
        cron=cron,
        offload=offload,
        clock=clock,
    )
    return Books(accountant, notices)


async def test_alerts_that_do_not_add_up_are_told_once_and_their_end_too(
    database: SqlDatabase, books: Books, clock: Any, make_new_alert: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted every hour: what went in must be there, or have been pruned."""
    with database.unit_of_work() as uow:
        uow.outbox.add(make_new_alert(item_id=None))
        uow.commit()
    await books.accountant.look()
    assert len(stored(database)) == 1
    with monkeypatch.context() as broken:
        broken.setattr(
            SqlOutboxRepository, "counts", lambda self: {AlertState.PENDING: sum(1 for _ in self.list()) - 1}
        )
        await books.accountant.look()
        assert len(stored(database)) == 1
        for _ in range(2):
            clock.advance(hours=1)
            await books.accountant.look()
    clock.advance(hours=1)
    await books.accountant.look()
    mismatch, recovery = stored(database)[1:]
    assert (mismatch.notice, mismatch.subject) == (NoticeKind.MISMATCH, "Hongtou: 1 alerts are not accounted for")
    assert (recovery.notice, recovery.state) == (NoticeKind.RECOVERY, AlertState.PENDING)


async def test_a_heartbeat_comes_by_cron_with_what_was_done(
    database: SqlDatabase, books: Books, clock: Any, make_new_alert: Any
) -> None:
    """Off by default; from its first time on it comes each day, once, in the operators' zone."""
    await books.accountant.look()
    clock.advance(days=1)
    await books.accountant.look()
    assert stored(database) == []
    books.notices.use(Operators(channels=(ChannelId("ops"),), heartbeat="0 9 * * *"))
    await books.accountant.look()
    assert stored(database) == []
    with database.unit_of_work() as uow:
        sent = uow.outbox.add(make_new_alert(1, item_id=None))
        uow.outbox.add(make_new_alert(2, item_id=None))
        assert sent is not None
        uow.outbox.mark_sent(sent, at=clock.now())
        uow.commit()
    clock.advance(hours=22, minutes=59, seconds=59)
    await books.accountant.look()
    assert len(stored(database)) == 2
    clock.advance(seconds=1)
    for _ in range(2):
        await books.accountant.look()
    [heartbeat] = stored(database)[2:]
    assert (heartbeat.notice, heartbeat.subject) == (NoticeKind.HEARTBEAT, "Hongtou: all is well")
    assert "0 of 1 sources answered; 0 are known not to be well" in heartbeat.body
    assert "1 messages delivered; 1 wait, 0 are dead" in heartbeat.body


async def test_a_disk_that_fills_stops_the_polls_until_there_is_room(
    database: SqlDatabase, notices: Notices, offload: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told once; at half as much again as the bound, not before, everything goes on and that is told."""
    notices.use(Operators(channels=(ChannelId("ops"),), least_free=100))
    held: list[bool] = []
    watch = DiskWatch(
        folder=tmp_path, database=database, notices=notices, hold_polls=held.append, offload=offload, clock=clock
    )
    for free in (100, 99, 120, 149, 150, 120):
        usage = shutil._ntuple_diskusage(1000, 1000 - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        await watch.look()
    assert held == [True, False]
    assert [alert.notice for alert in stored(database)] == [NoticeKind.DISK, NoticeKind.RECOVERY]


async def test_a_database_that_stays_away_is_told_past_the_outbox_once(
    database: SqlDatabase, notices: Notices, make_means: Any, notifier: Any, offload: Any, clock: Any
) -> None:
    """After five minutes, directly; tried again when no channel took it; when it is back, by the outbox."""
    outage = Outage(database=database, notices=notices, offload=offload, clock=clock)
    means = make_means()
    notifier.script = [DeliveryReport(verdict=DeliveryVerdict.TRANSIENT)]
    await outage.failed(AWAY, means)
    clock.advance(minutes=4, seconds=59)
    await outage.failed(AWAY, means)
    assert notifier.tried == []
    clock.advance(seconds=1)
    for _ in range(2):
        await outage.failed(AWAY, means)
    assert (len(notifier.tried), notifier.sent) == (1, [])
    clock.advance(minutes=5)
    for _ in range(3):
        await outage.failed(AWAY, means)
        clock.advance(minutes=5)
    assert notifier.subjects == ["Hongtou: the database cannot be used"]
    assert stored(database) == []
    for _ in range(2):
        await outage.worked()
    assert [alert.notice for alert in stored(database)] == [NoticeKind.RECOVERY]


async def test_a_short_lock_is_no_news(
    database: SqlDatabase, notices: Notices, make_means: Any, notifier: Any, offload: Any, clock: Any
) -> None:
    """What is over within minutes, and what operators never want to hear of, is told nobody."""
    outage = Outage(database=database, notices=notices, offload=offload, clock=clock)
    await outage.failed(AWAY, make_means())
    await outage.worked()
    clock.advance(hours=1)
    await outage.failed(AWAY, make_means())
    assert notifier.tried == []
    notices.use(Operators(channels=(ChannelId("desk"),), never=frozenset({NoticeKind.DATABASE})))
    clock.advance(hours=1)
    await outage.failed(AWAY, make_means())
    await outage.worked()
    assert notifier.tried == []
    assert stored(database) == []


async def test_old_alerts_are_forgotten_in_portions_and_told_no_second_time(
    database: SqlDatabase, offload: Any, clock: Any, make_new_alert: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has reached its end is pruned when it is old; its key is remembered, for a time of its own."""
    monkeypatch.setattr("hongtou.retention._PORTION", 2)
    retention = Retention(keep=timedelta(days=10), remember=timedelta(days=20))
    pruner = AlertPruner(database=database, retention=lambda: retention, offload=offload, clock=clock)
    with database.unit_of_work() as uow:
        for n in range(5):
            uow.outbox.add(make_new_alert(n, item_id=None, route=RouteId("r")))
        for alert in uow.outbox.list()[1:]:
            uow.outbox.mark_sent(alert.id, at=clock.now())
        uow.commit()
    await pruner.prune()
    assert len(stored(database)) == 5
    clock.advance(days=10, seconds=1)
    await pruner.prune()
    [left] = stored(database)
    assert left.state is AlertState.PENDING
    with database.unit_of_work() as uow:
        assert uow.outbox.add(make_new_alert(0, item_id=None)) is None
        assert uow.outbox.totals().missing == 0
    clock.advance(days=20, seconds=1)
    await pruner.prune()
    with database.unit_of_work() as uow:
        assert uow.outbox.add(make_new_alert(0, item_id=None)) is not None
