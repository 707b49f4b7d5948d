"""`hongtou items list|show|diff`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from core.diff import PieceKind, diff_texts
from core.item import Item, ItemId
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.clock import SystemClock
from hongtou.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.diff import Change
    from core.item import StoryId
    from core.recheck import Recheck
    from core.stories import Story

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
        rechecks = uow.rechecks.of_items([item.id for item in items])
        names = [item.story_id for item in items if item.story_id is not None]
        stories = {story.id: story for story in uow.stories.get_many(names)}
    database.close()
    if as_json:
        rows = [_json(item, rechecks.get(item.id)) for item in items]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    table = Table()
    for column in ("id", "story", "source", "published", "score", "topics", "marks", "title"):
        table.add_column(column)
    for item in items:
        judged = item.classification
        score = f"{judged.score:.2f}" if judged else ""
        topics = ", ".join(judged.topics) if judged else ""
        published = item.published.at.isoformat(timespec="minutes")
        story, marks = _story_words(item, stories), ", ".join(_marks(item, rechecks.get(item.id)))
        table.add_row(str(item.id), story, item.source_id, published, score, topics, marks, _title(item))
    out().print(table)


@items_app.command()
def show(item_id: Annotated[int, typer.Argument(help="Number of an item.")], config: ConfigOption = None) -> None:
    """Show one item with its evidence, its earlier revisions and the further looks at its page, as JSON."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        item = _found(uow.items.get(ItemId(item_id)), item_id)
        revisions = uow.items.revisions(item.id)
        recheck = uow.rechecks.of_items([item.id]).get(item.id)
        story = uow.stories.get(item.story_id) if item.story_id is not None else None
    database.close()
    shown = _json(item, recheck) | {
        "story": asdict(story) if story else None,
        "revisions": [asdict(revision) for revision in revisions],
        "recheck": asdict(recheck) if recheck else None,
    }
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


@items_app.command()
def diff(
    item_id: Annotated[int, typer.Argument(help="Number of an item.")],
    config: ConfigOption = None,
    *,
    earlier: Annotated[int | None, typer.Option("--from", min=1, help="Revision to compare from.")] = None,
    later: Annotated[int | None, typer.Option("--to", min=1, help="Revision to compare to.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what its publisher changed in an item, each revision beside the one before it."""
    database = open_database(load(config))
    with database.unit_of_work() as uow:
        item = _found(uow.items.get(ItemId(item_id)), item_id)
        revisions = (*uow.items.revisions(item.id), item)
    database.close()
    pairs = _pairs(revisions, earlier, later)
    if as_json:
        typer.echo(json.dumps([_diff_json(*pair) for pair in pairs], ensure_ascii=False, indent=2, default=str))
        return
    if not pairs:
        out().print(f"Item {item_id} has one revision only: nothing was changed since it was found.", markup=False)
    for before, after in pairs:
        _print_diff(before, after)


def _title(item: Item) -> Text:
    """Return a title, with its gloss in English under it where it has one, and what a language model made of it."""
    judged = item.classification
    gloss, machine = (judged.gloss, judged.translation) if judged else ("", "")
    lines = [line for line in (gloss, f"by machine: {machine}" if machine else "") if line]
    return Text(item.title).append("".join(f"\n{line}" for line in lines), style="dim")


def _story_words(item: Item, stories: Mapping[StoryId, Story]) -> str:
    """Return an item's story with how many reports it has, where it is not the only one."""
    story = stories.get(item.story_id) if item.story_id is not None else None
    if story is None:
        return str(item.story_id or "")
    return f"{story.id} ({story.items})" if story.items > 1 else str(story.id)


def _found(item: Item | None, item_id: int) -> Item:
    if item is None:
        raise typer.BadParameter(f"there is no item {item_id}; `hongtou items list` shows what there is")
    return item


def _pairs(revisions: Sequence[Item], earlier: int | None, later: int | None) -> list[tuple[Item, Item]]:
    """Return the revisions to compare: each with the one before, or those that were named."""
    if earlier is None and later is None:
        return [*pairwise(revisions)]
    by_number = {revision.revision: revision for revision in revisions}
    first = earlier if earlier is not None else min(by_number)
    last = later if later is not None else max(by_number)
    for number in (first, last):
        if number not in by_number:
            known = ", ".join(map(str, sorted(by_number)))
            raise typer.BadParameter(f"there is no revision {number}; there are: {known}")
    return [(by_number[first], by_number[last])]


def _marks(item: Item, recheck: Recheck | None) -> list[str]:
    removed = ["removed"] if recheck and recheck.is_removed else []
    return [*removed, *(["revised"] if item.revision > 1 else [])]


def _json(item: Item, recheck: Recheck | None) -> dict[str, Any]:
    return asdict(item) | {
        "marks": _marks(item, recheck),
        "removed_at": recheck.removed_at if recheck else None,
        "removal": recheck.removal if recheck else "",
    }


def _diff_json(before: Item, after: Item) -> dict[str, Any]:
    return {
        "from": before.revision,
        "to": after.revision,
        "at": after.updated_at,
        "title": [_change_json(change) for change in diff_texts(before.title, after.title)],
        "text": [_change_json(change) for change in diff_texts(before.text, after.text)],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {"before": change.before, "after": change.after, "marked": change.marked}


def _print_diff(before: Item, after: Item) -> None:
    at = after.updated_at.isoformat(timespec="minutes")
    out().rule(Text(f"revision {before.revision} → {after.revision}, read {at}"))
    for name, old, new in (("title", before.title, after.title), ("text", before.text, after.text)):
        for change in diff_texts(old, new):
            out().print(Text(f"{name:>6}  ", style="dim"), _change_text(change), sep="")


_STYLES = {PieceKind.KEPT: "", PieceKind.REMOVED: "red strike", PieceKind.ADDED: "bold green"}


def _change_text(change: Change) -> Text:
    """Return a change in colours, and in marks that also tell it without them."""
    text = Text()
    for piece in change.pieces:
        text.append(piece.marked, style=_STYLES[piece.kind])
    return text
