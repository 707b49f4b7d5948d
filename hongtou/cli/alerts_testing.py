"""`hongtou alerts test`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from core.alert import AlertKind, AlertState, ChannelId, NewAlert
from core.errors import ConfigError, ConfigProblem
from hongtou.cli.alerts_delivery import deliver, outcome_of
from hongtou.cli.alerts_view import alert_json
from hongtou.cli.context import ConfigOption, JsonOption, load
from hongtou.cli.exits import Exit
from hongtou.clock import SystemClock
from hongtou.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loaded import Loaded
    from core.alert import AlertId
    from core.repositories import Database

_WORKS_ZH = "此通道可用，真实提醒走同一路径。"


def send_test(
    channels: Annotated[
        list[str] | None, typer.Argument(help="Names of channels; all of them when none is named.")
    ] = None,
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Send a test message through the outbox, by the very path of a real alert."""
    loaded = load(config)
    wanted = _known_channels(loaded, channels or [])
    database = open_database(loaded)
    tried = deliver(loaded, database, _put_tests(database, wanted), quiet=as_json)
    database.close()
    if as_json:
        typer.echo(json.dumps([alert_json(alert) for alert in tried], ensure_ascii=False, indent=2))
    for alert in () if as_json else tried:
        typer.echo(outcome_of(alert))
    is_well = all(alert.state is AlertState.SENT for alert in tried)
    raise typer.Exit(Exit.OK if is_well else Exit.DELIVERY)


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
    with database.unit_of_work() as uow:
        ids = [
            uow.outbox.add(
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
            for channel in channels
        ]
        uow.commit()
    return [alert_id for alert_id in ids if alert_id is not None]
