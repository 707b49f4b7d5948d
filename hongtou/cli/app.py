"""The `hongtou` command with all its groups."""

from __future__ import annotations

from typing import Annotated

import typer

from hongtou.cli.lazy import Later, LazyGroup
from hongtou.version import program_version


class Commands(LazyGroup):
    """Every command, in the order in which a user meets them."""

    later = {  # noqa: RUF012 - a constant that the base class declares as a mapping
        "init": Later(
            "hongtou.cli.config_commands:init",
            "Write a commented hongtou.yaml that holds every setting, and its JSON Schema for editors.",
        ),
        "run": Later("hongtou.cli.run_command:run", "Watch the sources and send alerts, until stopped."),
        "demo": Later(
            "hongtou.cli.demo_command:demo",
            "Show everything offline: seven small sites and local receivers on loopback, and the real daemon.",
        ),
        "health": Later(
            "hongtou.cli.health_command:health", "Tell whether the daemon's loop is alive, by the age of its heartbeat."
        ),
        "schedule": Later(
            "hongtou.cli.schedule_command:schedule", "Tell when each watched source is asked next, and why."
        ),
        "doctor": Later(
            "hongtou.cli.doctor_command:doctor",
            "Look at everything that is needed, and say what to do about what is missing.",
        ),
        "inspect": Later(
            "hongtou.cli.inspect_command:inspect", "Fetch (or read), extract, classify and explain; store nothing."
        ),
        "eval": Later("hongtou.cli.eval_command:evaluate_file", "Score labelled items."),
        "train": Later("hongtou.cli.train_command:train", "Fit the model to labelled items."),
        "tune": Later("hongtou.cli.tune_command:tune", "Fit threshold and weights to your labels."),
        "backtest": Later("hongtou.cli.backtest_command:backtest", "Judge the archive again under a configuration."),
        "label": Later("hongtou.cli.label_command:label_app", "Say what is emerging-tech policy to you."),
        "config": Later(
            "hongtou.cli.config_commands:config_app", "What is configured, whether it is right, and its schema."
        ),
        "sources": Later("hongtou.cli.sources_commands:sources_app", "The places that are watched, and how they do."),
        "lexicon": Later(
            "hongtou.cli.lexicon_commands:lexicon_app",
            "The names that are looked for in texts, in Chinese and English.",
        ),
        "items": Later("hongtou.cli.items_commands:items_app", "What was found."),
        "stories": Later("hongtou.cli.stories_commands:stories_app", "Events, with all their reports."),
        "opinion": Later("hongtou.cli.opinion_commands:opinion_app", "Second opinions by a language model."),
        "alerts": Later(
            "hongtou.cli.alerts_commands:alerts_app", "The outbox: what was sent, what waits, what failed."
        ),
        "db": Later("hongtou.cli.db_commands:db_app", "The database."),
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
