"""Delivers alerts from the command line: by a running daemon, else here and now, by the same path."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from core.alert import Alert, AlertState
from core.errors import InstanceLockedError
from hongtou.offload import ThreadOffload
from hongtou.opening import open_database
from hongtou.wiring import build_dispatcher
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loaded import Loaded
    from core.alert import AlertId
    from core.repositories import Database

_WAIT = timedelta(seconds=60)
"""How long a running daemon is waited for: two dispatch time-outs."""
_SETTLED = (AlertState.SENT, AlertState.DEAD, AlertState.RETRYING, AlertState.HELD)
"""Held is what a daemon finds in quiet hours."""


def deliver(loaded: Loaded, database: Database, ids: Sequence[AlertId], *, quiet: bool = False) -> list[Alert]:
    """Deliver alerts once, and return them as they are then.

    Args:
        loaded: The configuration.
        database: Where they are stored, and committed.
        ids: Of the alerts.
        quiet: Say nothing of a daemon that is waited for.

    Raises:
        DeliveryError: A channel's address is not understood.
        StorageError: The database cannot be used.
    """
    try:
        with InstanceLock(loaded.settings.data_dir):
            asyncio.run(_dispatch(loaded, ids))
    except InstanceLockedError:
        if not quiet:
            typer.echo("A daemon is running; waiting for it to deliver.")
        asyncio.run(_wait(database, ids))
    return _read(database, ids)


def outcome_of(alert: Alert) -> str:
    """Return how the delivery of an alert ended, for a person."""
    if alert.state is AlertState.SENT:
        return f"{alert.channel}: delivered"
    if alert.state is AlertState.HELD:
        until = f" until {alert.release_at.isoformat(timespec='seconds')}" if alert.release_at else ""
        return f"{alert.channel}: held ({alert.held_for}){until}"
    return f"{alert.channel}: {alert.state.value}: {alert.last_error}"


async def _dispatch(loaded: Loaded, ids: Sequence[AlertId]) -> None:
    database = open_database(loaded)
    offload = ThreadOffload()
    dispatcher = build_dispatcher(loaded, database, offload, terminal=sys.stdout)
    await dispatcher.drain(only=ids)
    offload.close()
    database.close()


async def _wait(database: Database, ids: Sequence[AlertId]) -> None:
    for _ in range(round(_WAIT.total_seconds() / 0.5)):
        if all(alert.state in _SETTLED for alert in _read(database, ids)):
            return
        await asyncio.sleep(0.5)


def _read(database: Database, ids: Sequence[AlertId]) -> list[Alert]:
    with database.reading() as uow:
        found = [uow.outbox.get(alert_id) for alert_id in ids]
    return [alert for alert in found if alert is not None]
