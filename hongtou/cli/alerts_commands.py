"""`hongtou alerts list|show|account|retry`, and the other commands about alerts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from core.alert import AlertId, AlertKind, AlertState, ChannelId, RouteId
from core.delivery_repositories import WantedAlerts
from core.item import StoryId
from hongtou.alert_lookup import look_up_alert
from hongtou.cli.alerts_view import (
    account_json,
    account_line,
    alert_json,
    alerts_table,
    details_json,
    mismatch_line,
    show_details,
)
from hongtou.cli.context import ConfigOption, JsonOption, load, out, read_span
from hongtou.cli.exits import Exit
from hongtou.cli.lazy import Later, LazyGroup
from hongtou.clock import SystemClock
from hongtou.opening import open_database

if TYPE_CHECKING:
    from core.delivery_repositories import OutboxTotals
    from core.outbox_repository import OutboxRepository
    from core.repositories import UnitOfWork


class AlertCommands(LazyGroup):
    """What needs channels, or is a file of its own."""

    later = {  # noqa: RUF012 - a constant that the base class declares as a mapping
        "preview": Later(
            "hongtou.cli.alerts_preview:preview", "Show what a channel would get for items, stories or a sample."
        ),
        "test": Later(
            "hongtou.cli.alerts_testing:send_test",
            "Send a test message through the outbox, by the very path of a real alert.",
        ),
        "digest": Later("hongtou.cli.alerts_digest:digest", "Close a route's digest now, with all that is held."),
        "silence": Later("hongtou.cli.alerts_silence:silence_app", "Times in which what they match is not told."),
    }


alerts_app = typer.Typer(
    cls=AlertCommands,
    help="The outbox: what was sent, what waits, what failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@alerts_app.command("list")
def list_alerts(
    config: ConfigOption = None,
    *,
    states: Annotated[list[AlertState] | None, typer.Option("--state", help="Only these states.")] = None,
    kinds: Annotated[list[AlertKind] | None, typer.Option("--kind", help="Only these kinds.")] = None,
    routes: Annotated[list[str] | None, typer.Option("--route", help="Only of these routes.")] = None,
    channels: Annotated[list[str] | None, typer.Option("--channel", help="Only to these channels.")] = None,
    story: Annotated[int | None, typer.Option(help="Only about this story.", min=1)] = None,
    since: Annotated[str, typer.Option(help="Made within, such as 7d; all by default.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List alerts with their state and last error; below them the account of all that ever went in."""
    wanted = WantedAlerts(
        states=tuple(states or ()),
        kinds=tuple(kinds or ()),
        routes=tuple(map(RouteId, routes or ())),
        channels=tuple(map(ChannelId, channels or ())),
        story=StoryId(story) if story is not None else None,
        since=SystemClock().now() - read_span(since, "--since") if since else None,
    )
    database = open_database(load(config))
    with database.reading() as uow:
        if wanted.story is not None:
            wanted = replace(wanted, story=_own_number(uow, wanted.story))
        alerts = uow.outbox.find(wanted, limit=limit)
        totals = uow.outbox.totals()
    database.close()
    if as_json:
        typer.echo(json.dumps([alert_json(alert) for alert in alerts], ensure_ascii=False, indent=2))
    else:
        out().print(alerts_table(alerts))
        out().print(account_line(totals))
    _warn(totals)


@alerts_app.command()
def show(
    alert_id: Annotated[int, typer.Argument(help="Number of an alert.", min=1)],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show one alert: what it tells and why, its state, its parts, every attempt, and what its digest carries."""
    database = open_database(load(config))
    with database.reading() as uow:
        details = look_up_alert(uow, AlertId(alert_id))
    database.close()
    if details is None:
        raise typer.BadParameter(
            f"there is no alert {alert_id}, or it is older than alerts.keep; `hongtou alerts list` shows what there is"
        )
    if as_json:
        typer.echo(json.dumps(details_json(details), ensure_ascii=False, indent=2, default=str))
        return
    show_details(out(), details)


@alerts_app.command()
def account(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Account for all alerts that ever went in; exits with 5 where the sum does not come out."""
    database = open_database(load(config))
    with database.reading() as uow:
        totals = uow.outbox.totals()
    database.close()
    typer.echo(json.dumps(account_json(totals), indent=2) if as_json else account_line(totals))
    _warn(totals)
    raise typer.Exit(Exit.DELIVERY if totals.missing else Exit.OK)


@alerts_app.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Numbers of dead alerts.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make dead alerts pending again."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        refused = [number for number in ids if not _revive(uow.outbox, AlertId(number))]
        uow.commit()
    database.close()
    for number in refused:
        typer.echo(
            f"hongtou: alert {number} is not dead, or not there; `hongtou alerts show {number}` tells what it is",
            err=True,
        )
    revived = [number for number in ids if number not in refused]
    said = f"{len(revived)} alerts will be tried again by the daemon"
    typer.echo(json.dumps({"revived": revived, "refused": refused}) if as_json else said)
    raise typer.Exit(Exit.DELIVERY if refused else Exit.OK)


def _own_number(uow: UnitOfWork, story_id: StoryId) -> StoryId:
    """Return the number of a story itself, for one that it had once, too."""
    story = uow.stories.get(story_id)
    if story is None:
        raise typer.BadParameter(f"there is no story {story_id}; `hongtou stories list --all` shows what there is")
    return story.id


def _revive(outbox: OutboxRepository, alert_id: AlertId) -> bool:
    return outbox.get(alert_id) is not None and outbox.revive(alert_id)


def _warn(totals: OutboxTotals) -> None:
    if line := mismatch_line(totals):
        typer.secho(f"hongtou: {line}", err=True, fg=typer.colors.RED, bold=True)
