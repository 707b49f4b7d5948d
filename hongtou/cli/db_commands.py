"""`hongtou db upgrade|check|stats|backup|restore|export|import|move|tidy`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from core.errors import ConfigError, ConfigProblem
from hongtou.backups import back_up, backup_folder, migrate
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.item_retention import ItemRetention, prune_items
from hongtou.opening import database_url, open_database, prepare_data_dir
from storage.backup import check_sqlite, list_backups
from storage.database import SqlDatabase
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from config.loaded import Loaded
    from storage.stats import DatabaseStats

db_app = typer.Typer(help="The database.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_ALL_PORTIONS = 1_000_000
_UNITS = ("B", "kB", "MB", "GB", "TB")


@db_app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Create the database or bring it to the schema of this program; `hongtou run` does it by itself."""
    loaded = load(config)
    prepare_data_dir(loaded)
    with SqlDatabase(database_url(loaded)) as database:
        changed = migrate(loaded, database, now=SystemClock().now())
    if changed:
        typer.echo(f"The database was upgraded from revision {changed[0]} to {changed[1]}.")
    typer.echo("The database is at the schema of this program.")


@db_app.command()
def check(config: ConfigOption = None) -> None:
    """Tell whether the database is whole and can be used by this program, changing nothing."""
    loaded = load(config)
    prepare_data_dir(loaded)
    with SqlDatabase(database_url(loaded)) as database:
        database.check()
    if (file := _sqlite_file(loaded)) is not None:
        check_sqlite(file)
    typer.echo("The database can be used.")


@db_app.command()
def stats(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show how large the database and its tables are."""
    with open_database(load(config)) as database:
        found = database.stats()
        name = database.name
    if as_json:
        typer.echo(json.dumps({"database": name, **asdict(found)}, indent=2))
        return
    _show(found, name)


@db_app.command()
def backup(
    config: ConfigOption = None,
    *,
    listing: Annotated[bool, typer.Option("--list", help="List the copies there are, and make none.")] = False,
) -> None:
    """Copy the whole database into the backup folder, also while the daemon runs, and delete the oldest copies."""
    loaded = load(config)
    if listing:
        for path in list_backups(backup_folder(loaded)):
            typer.echo(f"{path}  {human_size(path.stat().st_size)}")
        return
    with open_database(loaded) as database:
        made = back_up(loaded, database, now=SystemClock().now())
    typer.echo(f"{made.path}  {human_size(made.size)}")


@db_app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `db backup` made.", exists=True, dir_okay=False)],
    config: ConfigOption = None,
) -> None:
    """Put a copy in the place of the database. The daemon must be stopped; the present database is put aside."""
    loaded = load(config)
    prepare_data_dir(loaded)
    with InstanceLock(loaded.settings.data_dir), SqlDatabase(database_url(loaded)) as database:
        aside = database.restore(file, now=SystemClock().now())
    typer.echo(f"Restored from {file}.")
    if aside is not None:
        typer.echo(f"What was there before is kept as {aside}; delete it when it is not needed any more.")


@db_app.command("export")
def export_all(
    file: Annotated[Path, typer.Argument(help="File to write; compressed when its name ends in .gz.")],
    config: ConfigOption = None,
) -> None:
    """Write everything as lines of JSON, which any database of Hongtou can import."""
    with open_database(load(config)) as database:
        made = database.export_to(file, now=SystemClock().now())
    typer.echo(f"{made.path}  {human_size(made.size)}")


@db_app.command("import")
def import_all(
    file: Annotated[Path, typer.Argument(help="File that `db export` wrote.", exists=True, dir_okay=False)],
    config: ConfigOption = None,
) -> None:
    """Fill a new database from an export. The daemon must be stopped."""
    loaded = load(config)
    prepare_data_dir(loaded)
    with InstanceLock(loaded.settings.data_dir), SqlDatabase(database_url(loaded)) as database:
        rows = database.import_from(file)
    typer.echo(f"Imported {sum(rows.values())} rows of {len(rows)} tables, {rows.get('items', 0)} items among them.")


@db_app.command()
def move(
    to: Annotated[
        str,
        typer.Argument(help="Address of a new database, postgresql://user@host/name, or the variable with it."),
    ],
    config: ConfigOption = None,
) -> None:
    """Copy everything into another database, of SQLite or PostgreSQL. The daemon must be stopped.

    The old database stays as it is; put the new address into `database` of hongtou.yaml afterwards.
    """
    loaded = load(config)
    with InstanceLock(loaded.settings.data_dir), open_database(loaded) as database, SqlDatabase(_address(to)) as other:
        rows = database.copy_to(other, now=SystemClock().now())
        name = other.name
    typer.echo(
        f"Copied {sum(rows.values())} rows of {len(rows)} tables to {name}, {rows.get('items', 0)} items among them."
    )
    typer.echo("Now put its address into `database` of hongtou.yaml, and start the daemon.")


@db_app.command()
def prune(config: ConfigOption = None) -> None:
    """Forget old items that were judged irrelevant, as the daemon does by itself; `retention` says what is old."""
    loaded = load(config)
    settings = loaded.settings.retention
    retention = ItemRetention(irrelevant=settings.irrelevant, remember=settings.remember)
    with open_database(loaded) as database:
        items, _ = prune_items(database, retention, now=SystemClock().now(), portions=_ALL_PORTIONS)
    typer.echo(f"{items} items were forgotten. `hongtou db tidy` gives their room back.")


@db_app.command()
def tidy(config: ConfigOption = None) -> None:
    """Give unused space back and refresh the planner's statistics; the daemon does it by itself at night."""
    with open_database(load(config)) as database:
        before = database.stats().size
        database.tidy()
        after = database.stats().size
    typer.echo(f"{human_size(before)} before, {human_size(after)} now.")


def human_size(size: int) -> str:
    """Return bytes in the largest unit that leaves at least one: `1.5 MB`."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"


def _sqlite_file(loaded: Loaded) -> Path | None:
    address = database_url(loaded)
    return Path(address.partition("///")[2]) if address.startswith("sqlite") else None


def _address(text: str) -> str:
    """Return an address; one with a password is better kept out of the command line, in a variable."""
    address = text if "://" in text else os.environ.get(text, "")
    if "://" not in address:
        message = "is neither an address such as postgresql://user@host/hongtou nor a variable that holds one"
        raise ConfigError([ConfigProblem(where="db move", key=text, message=message)])
    return address


def _show(found: DatabaseStats, name: str) -> None:
    table = Table(title=name, title_justify="left")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("size", justify="right")
    for one in found.tables:
        table.add_row(one.name, f"{one.rows:,}", human_size(one.size) if one.size is not None else "")
    out().print(table)
    unused = f", {human_size(found.unused)} of it unused" if found.unused else ""
    typer.echo(f"{human_size(found.size)} in all{unused}")
