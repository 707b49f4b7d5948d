"""The `hongtou` command with all its groups."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from hongtou.cli.alerts_commands import alerts_app
from hongtou.cli.config_commands import config_app, init
from hongtou.cli.db_commands import db_app
from hongtou.cli.demo_command import demo
from hongtou.cli.eval_command import evaluate_file
from hongtou.cli.inspect_command import inspect
from hongtou.cli.items_commands import items_app
from hongtou.cli.run_commands import health, run
from hongtou.cli.sources_commands import sources_app

app = typer.Typer(
    name="hongtou",
    help="Watches for emerging-tech policy and tells you once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"hongtou {program_version()}")
        raise typer.Exit


def program_version() -> str:
    """Return the installed version; a bare checkout says so."""
    try:
        return version("hongtou")
    except PackageNotFoundError:
        return "(checkout)"


@app.callback()
def main(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Watches for emerging-tech policy and tells you once."""


app.command()(init)
app.command()(run)
app.command()(demo)
app.command()(health)
app.command()(inspect)
app.command("eval")(evaluate_file)
app.add_typer(config_app, name="config")
app.add_typer(sources_app, name="sources")
app.add_typer(items_app, name="items")
app.add_typer(alerts_app, name="alerts")
app.add_typer(db_app, name="db")
