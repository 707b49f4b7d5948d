"""`hongtou sources list|show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from core.errors import ConfigError, ConfigProblem
from core.source import SourceId
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.wiring import open_database

if TYPE_CHECKING:
    from core.source import Source, SourceState

sources_app = typer.Typer(
    help="The places that are watched, and how they do.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@sources_app.command("list")
def list_sources(
    config: ConfigOption = None,
    *,
    all_known: Annotated[bool, typer.Option("--all", help="Also those that are not watched.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List sources with how their last poll ended and when the next is due."""
    loaded = load(config)
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        states = {state.source_id: state for state in uow.sources.all()}
    database.close()
    watched = {source.id for source in loaded.watched}
    shown = [source for source in loaded.sources.values() if all_known or source.id in watched]
    if as_json:
        rows = [_row(source, states.get(source.id), is_watched=source.id in watched) for source in shown]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table()
    for column in ("source", "group", "kind", "watched", "last answer", "failures", "items", "last poll", "next due"):
        table.add_column(column)
    for source in shown:
        row = _row(source, states.get(source.id), is_watched=source.id in watched)
        table.add_row(*(str(row[key] if row[key] is not None else "") for key in _COLUMNS))
    out().print(table)


@sources_app.command()
def show(source_id: Annotated[str, typer.Argument(help="Id of a source.")], config: ConfigOption = None) -> None:
    """Show one source: its entry and what is remembered of its polls, as JSON."""
    loaded = load(config)
    source = loaded.sources.get(SourceId(source_id))
    if source is None:
        raise ConfigError([ConfigProblem(where="sources show", key=source_id, message="no such source")])
    database = open_database(loaded)
    with database.unit_of_work() as uow:
        state = uow.sources.get(source.id)
    database.close()
    shown = {"source": asdict(source), "state": asdict(state) if state else None}
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


_COLUMNS = ("id", "group", "kind", "watched", "last_answer", "failures", "items", "last_polled_at", "next_due_at")


def _row(source: Source, state: SourceState | None, *, is_watched: bool) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "group": source.group,
        "kind": source.kind.value,
        "url": source.url,
        "watched": is_watched,
        "last_answer": state.last_answer.value if state and state.last_answer else None,
        "last_detail": state.last_detail if state else "",
        "failures": state.failures if state else 0,
        "items": state.items if state else 0,
        "last_polled_at": state.last_polled_at.isoformat(timespec="seconds")
        if state and state.last_polled_at
        else None,
        "next_due_at": state.next_due_at.isoformat(timespec="seconds") if state else None,
    }
