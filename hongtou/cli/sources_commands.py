"""`hongtou sources list|show|health|check|probe`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from core.errors import ConfigError, ConfigProblem
from core.health import HealthState
from core.source import SourceId, SourceKind
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.lazy import Later, LazyGroup
from hongtou.cli.sources_health import health, health_of_sources
from hongtou.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.health import SourceHealth
    from core.source import Source, SourceState


class SourceCommands(LazyGroup):
    """What needs the crawler."""

    later = {  # noqa: RUF012 - a constant that the base class declares as a mapping
        "check": Later("hongtou.cli.sources_check:check", "Ask each source for its list and first article, once."),
        "probe": Later(
            "hongtou.cli.probe_command:probe_address",
            "Find the best way to watch an address, and print it as a source entry.",
        ),
    }


sources_app = typer.Typer(
    cls=SourceCommands,
    help="The places that are watched, and how they do.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
sources_app.command()(health)

_INCIDENTS_SHOWN = 10


@sources_app.command("list")
def list_sources(
    config: ConfigOption = None,
    *,
    all_known: Annotated[bool, typer.Option("--all", help="Also those that are not watched.")] = False,
    group: Annotated[list[str] | None, typer.Option(help="Only sources of this group; may be repeated.")] = None,
    kind: Annotated[list[SourceKind] | None, typer.Option(help="Only sources of this kind; may be repeated.")] = None,
    state: Annotated[list[HealthState] | None, typer.Option(help="Only sources that do so; may be repeated.")] = None,
    tier: Annotated[list[int] | None, typer.Option(help="Only sources of this tier; may be repeated.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List sources with their health, how their last poll ended and when the next is due."""
    loaded = load(config)
    chosen = [
        source
        for source in (loaded.sources.values() if all_known else loaded.watched)
        if _is_among(source.group, group) and _is_among(source.kind, kind) and _is_among(source.tier, tier)
    ]
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        states = {remembered.source_id: remembered for remembered in uow.sources.all()}
        healths = {found.source_id: found for found in health_of_sources(uow, loaded, chosen)}
    database.close()
    rows = [
        _row(source, states.get(source.id), healths[source.id])
        for source in chosen
        if _is_among(healths[source.id].state, state)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        out().print(_table(rows))


@sources_app.command()
def show(source_id: Annotated[str, typer.Argument(help="Id of a source.")], config: ConfigOption = None) -> None:
    """Show one source: its entry, its health and incidents, and what is remembered of its polls, as JSON."""
    loaded = load(config)
    source = loaded.sources.get(SourceId(source_id))
    if source is None:
        raise ConfigError([ConfigProblem(where="sources show", key=source_id, message="no such source")])
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        state = uow.sources.get(source.id)
        [found] = health_of_sources(uow, loaded, [source])
        incidents = uow.health.incidents_of(source.id, limit=_INCIDENTS_SHOWN)
    database.close()
    shown = {
        "source": asdict(source),
        "health": asdict(found),
        "state": asdict(state) if state else None,
        "incidents": [asdict(incident) for incident in incidents],
    }
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


def _is_among(value: object, wanted: list[Any] | None) -> bool:
    return not wanted or value in wanted


_COLUMNS = {
    "source": "id",
    "group": "group",
    "kind": "kind",
    "tier": "tier",
    "state": "state",
    "last answer": "last_answer",
    "failures": "failures",
    "items": "items",
    "last poll": "last_polled_at",
    "next due": "next_due_at",
}
"""Heading → key of a row."""


def _table(rows: Iterable[dict[str, Any]]) -> Table:
    table = Table(*_COLUMNS)
    for row in rows:
        table.add_row(*("" if row[key] is None else str(row[key]) for key in _COLUMNS.values()))
    return table


def _row(source: Source, state: SourceState | None, health_found: SourceHealth) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "group": source.group,
        "kind": source.kind.value,
        "tier": source.tier,
        "url": source.url,
        "watched": health_found.state is not HealthState.OFF,
        "state": health_found.state.value,
        "last_answer": state.last_answer.value if state and state.last_answer else None,
        "last_detail": state.last_detail if state else "",
        "failures": state.failures if state else 0,
        "items": state.items if state else 0,
        "last_polled_at": state.last_polled_at.isoformat(timespec="seconds")
        if state and state.last_polled_at
        else None,
        "next_due_at": state.next_due_at.isoformat(timespec="seconds") if state else None,
    }
