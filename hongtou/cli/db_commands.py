"""`hongtou db upgrade|check`."""

from __future__ import annotations

import typer

from hongtou.cli.context import ConfigOption, load
from hongtou.parts import database_url, open_database, prepare_data_dir
from storage.database import SqlDatabase

db_app = typer.Typer(help="The database.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@db_app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Create the database or bring it to the schema of this program; `hongtou run` does it by itself."""
    open_database(load(config)).close()
    typer.echo("The database is at the schema of this program.")


@db_app.command()
def check(config: ConfigOption = None) -> None:
    """Tell whether the database can be used by this program, changing nothing."""
    loaded = load(config)
    prepare_data_dir(loaded)
    database = SqlDatabase(database_url(loaded))
    database.check()
    database.close()
    typer.echo("The database can be used.")
