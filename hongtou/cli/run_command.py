"""`hongtou run`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from config.loader import load_settings
from crawler.runtime import run_on_reactor
from hongtou.cli.context import ConfigOption, load, out
from hongtou.cli.exits import Exit
from hongtou.collection import uncollected
from hongtou.opening import database_url, prepare_data_dir
from hongtou.semantics import check_semantic
from hongtou.watchdog import Watchdog, is_debugged
from hongtou.wiring import build_app, build_ticks
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from config.loaded import Loaded
    from core.outcome import PollOutcome
    from hongtou.dispatch import DispatchSummary


def run(
    config: ConfigOption = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Poll what is due, deliver what is pending, and end.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --once: poll every source, due or not.")] = False,
) -> None:
    """Watch the sources and send alerts, until stopped."""
    if everything and not once:
        raise typer.BadParameter("--all goes with --once", param_hint="--all")
    with uncollected():
        loaded = load(config)
    check_semantic(loaded)  # before the reactor: what is wanting is told at once
    prepare_data_dir(loaded)
    with InstanceLock(loaded.settings.data_dir):
        announce(out(), loaded)
        code = run_on_reactor(lambda: _once(loaded, everything=everything) if once else _watch(loaded, config))
    raise typer.Exit(code)


async def _watch(loaded: Loaded, config: Path | None) -> int:
    with uncollected():
        app = build_app(loaded, terminal=sys.stdout, load=partial(load_settings, config, environ=os.environ))
    ticks = build_ticks()
    with ExitStack() as ending:
        if not is_debugged():
            watchdog = Watchdog(
                stuck_after=lambda: app.live.now.loaded.settings.schedule.stuck_after,
                code=Exit.STUCK,
                jobs=ticks,
                offload=app.offload,
            )
            ending.callback(watchdog.close)  # last: closing waits for work under way, which may hang too
            watchdog.start()
        ending.callback(app.close)
        try:
            await app.web.start()
            await app.daemon.run(ticks)
        finally:
            await app.web.stop()
    return Exit.OK


async def _once(loaded: Loaded, *, everything: bool) -> int:
    outcomes: list[PollOutcome] = []
    app = build_app(loaded, terminal=sys.stdout, on_outcome=outcomes.append)
    try:
        summary = await app.daemon.run_once(everything=everything)
    finally:
        app.close()
    _print_summary(out(), outcomes, summary)
    if summary.retrying or summary.dead:
        return Exit.DELIVERY
    return Exit.OK if all(outcome.answer.is_success for outcome in outcomes) else Exit.SOURCES


def announce(console: Console, loaded: Loaded) -> None:
    """Say in a few lines what is watched, where alerts go, and where the files are."""
    groups = Counter(source.group for source in loaded.watched)
    watched = ", ".join(f"{group} {count}" for group, count in sorted(groups.items()))
    address = database_url(loaded)
    database = address.removeprefix("sqlite:///") if address.startswith("sqlite") else address.split("://")[0]
    lines = (
        ("watching", f"{len(loaded.watched)} sources ({watched})"),
        ("alerts", "; ".join(_route_line(route.id, route.cadence, route.channels) for route in loaded.routes)),
        ("database", database),
        ("config", f"{loaded.path or 'shipped defaults'} ({loaded.hash})"),
    )
    for name, value in lines:
        console.print(f"{name:>9}  {value}", markup=False)
    for warning in loaded.warnings:
        console.print(f"  warning  {warning}", markup=False)


def _route_line(route: str, cadence: str, channels: tuple[str, ...]) -> str:
    return f"{route} ({cadence}) to {', '.join(channels)}"


def _print_summary(console: Console, outcomes: list[PollOutcome], summary: DispatchSummary) -> None:
    table = Table(title="Polls")
    for column in ("source", "answer", "entries", "new", "revised", "relevant", "alerts", "note"):
        table.add_column(column, justify="left" if column in ("source", "answer", "note") else "right")
    for outcome in sorted(outcomes, key=lambda outcome: outcome.source_id):
        numbers = (outcome.entries, outcome.new, outcome.revised, outcome.relevant, outcome.alerts)
        table.add_row(outcome.source_id, outcome.answer.value, *map(str, numbers), outcome.detail)
    console.print(table)
    console.print(
        f"Deliveries: {summary.sent} sent, {summary.retrying} to be tried again, {summary.dead} dead.", markup=False
    )
