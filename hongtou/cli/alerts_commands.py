"""`hongtou alerts list|preview|test|retry`."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, NewAlert
from core.errors import ConfigError, ConfigProblem, InstanceLockedError
from hongtou.cli.alerts_preview import preview
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.offload import ThreadOffload
from hongtou.parts import open_database
from hongtou.wiring import build_dispatcher
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loaded import Loaded
    from core.outbox_repository import OutboxRepository
    from core.repositories import Database

alerts_app = typer.Typer(
    help="The outbox: what was sent, what waits, what failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

alerts_app.command("preview")(preview)

_WAIT = timedelta(seconds=60)
"""How long a test waits for a running daemon to deliver it: two dispatch time-outs."""
_WORKS_ZH = "此通道可用，真实提醒走同一路径。"
_SETTLED = (AlertState.SENT, AlertState.DEAD, AlertState.RETRYING)


@alerts_app.command("list")
def list_alerts(
    config: ConfigOption = None,
    *,
    state: Annotated[list[AlertState] | None, typer.Option(help="Only these states.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List alerts with their state and last error."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        alerts = uow.outbox.list(states=tuple(state or ()), limit=limit)
        counts = uow.outbox.counts()
    database.close()
    if as_json:
        typer.echo(json.dumps([_json(alert) for alert in alerts], ensure_ascii=False, indent=2))
        return
    table = Table()
    for column in ("id", "state", "kind", "route", "channel", "created", "attempts", "error"):
        table.add_column(column)
    for alert in alerts:
        created = alert.created_at.isoformat(timespec="seconds")
        route = alert.route or ""
        table.add_row(
            str(alert.id), alert.state, alert.kind, route, alert.channel, created, str(alert.attempts), alert.last_error
        )
    out().print(table)
    out().print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no alerts yet")


@alerts_app.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Numbers of dead alerts.")],
    config: ConfigOption = None,
) -> None:
    """Make dead alerts pending again."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        refused = [number for number in ids if not _revive(uow.outbox, AlertId(number))]
        uow.commit()
    database.close()
    for number in refused:
        typer.echo(f"hongtou: alert {number} is not dead, or not there", err=True)
    typer.echo(f"{len(ids) - len(refused)} alerts will be tried again by the daemon")
    raise typer.Exit(Exit.DELIVERY if refused else Exit.OK)


def _revive(outbox: OutboxRepository, alert_id: AlertId) -> bool:
    return outbox.get(alert_id) is not None and outbox.revive(alert_id)


@alerts_app.command("test")
def send_test(
    channels: Annotated[
        list[str] | None, typer.Argument(help="Names of channels; all of them when none is named.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Send a test message through the outbox, by the very path of a real alert."""
    loaded = load(config)
    wanted = _known_channels(loaded, channels or [])
    database = open_database(loaded)
    ids = _put_tests(database, wanted)
    try:
        with InstanceLock(loaded.settings.data_dir):
            asyncio.run(_dispatch(loaded, ids))
    except InstanceLockedError:
        typer.echo("A daemon is running; waiting for it to deliver.")
        asyncio.run(_wait(database, ids))
    failed = _report(database, ids)
    database.close()
    raise typer.Exit(Exit.DELIVERY if failed else Exit.OK)


def _known_channels(loaded: Loaded, wanted: Sequence[str]) -> list[ChannelId]:
    unknown = [name for name in wanted if name not in loaded.channels]
    if unknown:
        known = ", ".join(loaded.channels)
        raise ConfigError(
            [
                ConfigProblem(where="alerts test", key=name, message=f"no such channel; there are: {known}")
                for name in unknown
            ]
        )
    return [ChannelId(name) for name in wanted] or list(loaded.channels)


def _put_tests(database: Database, channels: Sequence[ChannelId]) -> list[AlertId]:
    now = SystemClock().now()
    ids = []
    with database.unit_of_work() as uow:
        for channel in channels:
            alert_id = uow.outbox.add(
                NewAlert(
                    dedup_key=f"test/{channel}/{now.isoformat()}",
                    kind=AlertKind.TEST,
                    channel=channel,
                    state=AlertState.PENDING,
                    created_at=now,
                    subject="Hongtou test message / 红头测试消息",
                    body=f"This channel ({channel}) works. Real alerts take the same way.\n{_WORKS_ZH}",
                )
            )
            if alert_id is not None:
                ids.append(alert_id)
        uow.commit()
    return ids


async def _dispatch(loaded: Loaded, ids: Sequence[AlertId]) -> None:
    database = open_database(loaded)
    offload = ThreadOffload()
    dispatcher = build_dispatcher(loaded, database, offload, terminal=sys.stdout)
    await dispatcher.run_once(only=ids)
    offload.close()
    database.close()


async def _wait(database: Database, ids: Sequence[AlertId]) -> None:
    for _ in range(round(_WAIT.total_seconds() / 0.5)):
        if all(alert.state in _SETTLED for alert in _read(database, ids)):
            return
        await asyncio.sleep(0.5)


def _report(database: Database, ids: Sequence[AlertId]) -> int:
    failed = 0
    for alert in _read(database, ids):
        sent = alert.state is AlertState.SENT
        failed += not sent
        typer.echo(f"{alert.channel}: {'delivered' if sent else f'{alert.state.value}: {alert.last_error}'}")
    return failed


def _read(database: Database, ids: Sequence[AlertId]) -> list[Alert]:
    with database.unit_of_work() as uow:
        found = [uow.outbox.get(alert_id) for alert_id in ids]
    return [alert for alert in found if alert is not None]


def _json(alert: Alert) -> dict[str, Any]:
    fields = asdict(alert)
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in fields.items()}
