"""`hongtou items list|show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from core.item import Item, ItemId
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.wiring import open_database

items_app = typer.Typer(help="What was found.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@items_app.command("list")
def list_items(
    config: ConfigOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what is not relevant.")] = False,
    days: Annotated[int, typer.Option(min=1, help="First seen within so many days.")] = 30,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List what was found and is relevant."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        wanted = uow.items.recent if everything else uow.items.recent_relevant
        items = wanted(since=SystemClock().now() - timedelta(days=days), limit=limit)
    database.close()
    if as_json:
        typer.echo(json.dumps([_json(item) for item in items], ensure_ascii=False, indent=2, default=str))
        return
    table = Table()
    for column in ("id", "story", "source", "published", "score", "topics", "title"):
        table.add_column(column)
    for item in items:
        judged = item.classification
        score = f"{judged.score:.2f}" if judged else ""
        topics = ", ".join(judged.topics) if judged else ""
        published = item.published.at.isoformat(timespec="minutes")
        table.add_row(str(item.id), str(item.story_id or ""), item.source_id, published, score, topics, item.title)
    out().print(table)


@items_app.command()
def show(item_id: Annotated[int, typer.Argument(help="Number of an item.")], config: ConfigOption = None) -> None:
    """Show one item with its evidence and earlier revisions, as JSON."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        item = uow.items.get(ItemId(item_id))
        revisions = uow.items.revisions(ItemId(item_id)) if item is not None else ()
    database.close()
    if item is None:
        raise typer.BadParameter(f"there is no item {item_id}; `hongtou items list` shows what there is")
    shown = _json(item) | {"revisions": [_json(revision) for revision in revisions]}
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


def _json(item: Item) -> dict[str, Any]:
    return asdict(item)
