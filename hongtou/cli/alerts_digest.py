"""`hongtou alerts digest`: close a route's digest now, or show what it would be."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.alert import AlertState
from hongtou.cli.alerts_delivery import deliver, outcome_of
from hongtou.cli.alerts_view import alert_json
from hongtou.cli.context import ConfigOption, JsonOption, load
from hongtou.cli.exits import Exit
from hongtou.cli.preview_view import as_text
from hongtou.clock import SystemClock
from hongtou.contents import content_of
from hongtou.digests import SCHEDULED, bundle_held
from hongtou.fitting import build_notifier, delivery_means
from hongtou.opening import open_database

if TYPE_CHECKING:
    from datetime import datetime

    from config.loaded import Loaded
    from core.alert import AlertId, Route
    from core.message import ChannelForm, Part
    from core.repositories import Database, UnitOfWork
    from hongtou.delivering import DeliveryMeans


def digest(
    route: Annotated[str, typer.Argument(help="Name of a route with a digest.")],
    config: ConfigOption = None,
    *,
    now: Annotated[bool, typer.Option("--now", help="Close it now, before its time; must be said.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what each channel would get; change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Close a route's digest now, with all that is held for it; the next one comes at its own time."""
    if not now and not dry_run:
        raise typer.BadParameter("say --now to close and deliver it, or --dry-run to see what it would be")
    loaded = load(config)
    chosen = _scheduled(loaded, route)
    means = delivery_means(loaded, build_notifier(loaded, terminal=sys.stdout))
    database = open_database(loaded)
    try:
        if dry_run:
            _show(database, chosen, means, as_json=as_json)
            return
        code = _close(loaded, database, chosen, means, as_json=as_json)
    finally:
        database.close()
    raise typer.Exit(code)


def _scheduled(loaded: Loaded, name: str) -> Route:
    digests = {route.id: route for route in loaded.routes if route.cadence in SCHEDULED}
    for route in digests.values():
        if route.id == name:
            return route
    known = ", ".join(digests) or "none: give a route `cadence: digest` or `both` first"
    raise typer.BadParameter(f"no enabled route {name!r} has a digest; there are: {known}")


def _show(database: Database, route: Route, means: DeliveryMeans, *, as_json: bool) -> None:
    """Make the digests, render them as the dispatcher would, and take everything back."""
    at = SystemClock().now()
    with database.unit_of_work() as uow:  # never committed
        shown = [
            found
            for alert_id in _bundle(uow, route, means, at)
            if (found := _rendered(uow, alert_id, means, at)) is not None
        ]
    if as_json:
        told = [{"channel": form.channel, "parts": [asdict(part) for part in parts]} for form, parts in shown]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo("\n\n".join(as_text(parts, form) for form, parts in shown) or _nothing(route))


def _close(loaded: Loaded, database: Database, route: Route, means: DeliveryMeans, *, as_json: bool) -> Exit:
    with database.unit_of_work() as uow:
        ids = _bundle(uow, route, means, SystemClock().now())
        uow.commit()
    tried = deliver(loaded, database, ids, quiet=as_json) if ids else []
    if as_json:
        typer.echo(json.dumps([alert_json(alert) for alert in tried], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(f"alert {alert.id} to {outcome_of(alert)}" for alert in tried) or _nothing(route))
    is_well = all(alert.state in (AlertState.SENT, AlertState.HELD) for alert in tried)
    return Exit.OK if is_well else Exit.DELIVERY


def _bundle(uow: UnitOfWork, route: Route, means: DeliveryMeans, now: datetime) -> list[AlertId]:
    lanes = [channel for held, channel in uow.outbox.held_routes() if held == route.id]
    return [one for channel in lanes for one in bundle_held(uow, route.id, channel, means, now=now)]


def _rendered(
    uow: UnitOfWork, alert_id: AlertId, means: DeliveryMeans, now: datetime
) -> tuple[ChannelForm, tuple[Part, ...]] | None:
    alert = uow.outbox.get(alert_id)
    form = means.form_of(alert) if alert else None
    content = content_of(uow, alert, means.lookups, now=now) if alert else None
    if form is None or content is None:
        return None
    return form, means.renderer.render(content, form)


def _nothing(route: Route) -> str:
    return f"nothing is held for the digest of {route.id}; hongtou alerts list --route {route.id} shows what was told"
