"""`hongtou opinion status`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.opening import open_database
from hongtou.opinions import read_month, status_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

opinion_app = typer.Typer(
    help="Second opinions by a language model.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@opinion_app.callback()
def _group() -> None:
    """Second opinions by a language model."""


@opinion_app.command()
def status(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Tell what second opinions cost this month, what was spared, and what went wrong."""
    loaded = load(config)
    database = open_database(loaded)
    shown = status_json(loaded, read_month(database, now=SystemClock().now()))
    database.close()
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for name, value in _lines(shown):
        out().print(Text(f"{name:>9}  ", style="dim"), Text(value), sep="")


def _lines(shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "model", f"{shown['model']}" if shown["enabled"] else "none; see docs/second-opinion.md"
    yield "month", f"{shown['month']} (UTC)"
    yield "spent", f"{shown['spent']:.4f} of {shown['budget']:g}"
    yield "asked", f"{shown['requests']} requests about {shown['questions']} items"
    yield "tokens", f"{shown['tokens_in']} sent, {shown['tokens_out']} received"
    yield "spared", f"{shown['from_memory']} questions answered from memory"
    if shown["refused_by_budget"]:
        yield "refused", f"{shown['refused_by_budget']} requests that the budget did not hold"
    fault = f", the last at {shown['last_fault_at']}: {shown['last_fault']}" if shown["last_fault"] else ""
    yield "faults", f"{shown['faults']}{fault}"
