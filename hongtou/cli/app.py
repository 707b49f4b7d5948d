"""The `hongtou` command with all its groups."""

from __future__ import annotations

from typing import Annotated

import typer

from hongtou.cli.lazy import LazyGroup
from hongtou.version import program_version


class Commands(LazyGroup):
    """Every command, in the order in which a user meets them."""

    commands_at = {  # noqa: RUF012 - a constant that the base class declares as a mapping
        "init": "hongtou.cli.config_commands:init",
        "run": "hongtou.cli.run_command:run",
        "demo": "hongtou.cli.demo_command:demo",
        "health": "hongtou.cli.health_command:health",
        "schedule": "hongtou.cli.schedule_command:schedule",
        "doctor": "hongtou.cli.doctor_command:doctor",
        "inspect": "hongtou.cli.inspect_command:inspect",
        "eval": "hongtou.cli.eval_command:evaluate_file",
        "train": "hongtou.cli.train_command:train",
        "tune": "hongtou.cli.tune_command:tune",
        "backtest": "hongtou.cli.backtest_command:backtest",
        "label": "hongtou.cli.label_command:label_app",
        "config": "hongtou.cli.config_commands:config_app",
        "sources": "hongtou.cli.sources_commands:sources_app",
        "lexicon": "hongtou.cli.lexicon_commands:lexicon_app",
        "items": "hongtou.cli.items_commands:items_app",
        "stories": "hongtou.cli.stories_commands:stories_app",
        "opinion": "hongtou.cli.opinion_commands:opinion_app",
        "alerts": "hongtou.cli.alerts_commands:alerts_app",
        "db": "hongtou.cli.db_commands:db_app",
    }


app = typer.Typer(
    name="hongtou",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - the shape of an option's callback
    if wanted:
        typer.echo(f"hongtou {program_version()}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Watches for emerging-tech policy and tells you once."""
