"""`hongtou label`: ask about stored items, or label, list, export and import without being asked."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from core.classification import TOPICS
from core.errors import ConfigError, ConfigProblem
from core.item import ItemId
from core.labels import Wanted
from hongtou.cli.context import ConfigOption, JsonOption, load, out, read_span
from hongtou.cli.keyboard import Keyboard
from hongtou.cli.label_sitting import sit
from hongtou.clock import SystemClock
from hongtou.labelling import Sitting, import_labels, label_item, label_lines, pick, unknown_topics
from hongtou.opening import open_database

if TYPE_CHECKING:
    from core.labels import Label


class LabelGroup(TyperGroup):
    """Without a command it asks, and with an item's number it labels that item."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's own copy of Click is private
        """Put the command in that the arguments mean."""
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h")):
            args = ["ask", *args]
        elif args[0].isdigit():
            args = ["item", *args]
        return super().parse_args(ctx, args)


label_app = typer.Typer(
    cls=LabelGroup, help="Say what is emerging-tech policy to you.", add_completion=False, rich_markup_mode=None
)


class Answer(StrEnum):
    """What a user says of an item."""

    YES = "yes"
    NO = "no"


@label_app.command()
def ask(
    config: ConfigOption = None,
    *,
    since: Annotated[str, typer.Option(help="First seen within, such as 7d or 12h.")] = "30d",
    source: Annotated[list[str] | None, typer.Option(help="Only of these sources.")] = None,
    flagged: Annotated[bool | None, typer.Option("--flagged/--not-flagged", help="Only what was flagged.")] = None,
    query: Annotated[str, typer.Option(help="Only with all these words in title or text.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many questions.")] = 40,
    show: Annotated[bool, typer.Option("--show", help="Tell what the classifier says before the answer.")] = False,
) -> None:
    """Ask about items that teach most: near the threshold, flagged, close below, and some at random."""
    loaded = load(config)
    database = open_database(loaded)
    wanted = Wanted(
        since=SystemClock().now() - read_span(since, "--since"),
        sources=tuple(source or ()),
        flagged=flagged,
        query=query,
    )
    threshold = loaded.settings.classify.threshold
    queue = pick(database, wanted, limit=limit, threshold=threshold, random=SystemRandom().random)
    if not queue:
        out().print("There is nothing to ask about; a longer --since or fewer conditions may help.", markup=False)
    else:
        sitting = Sitting(database=database, queue=queue, clock=SystemClock())
        with Keyboard(sys.stdin) as keys:
            sit(sitting, out(), keys, sources=loaded.sources, show=show)
    database.close()


@label_app.command()
def item(
    item_id: Annotated[int, typer.Argument(min=1, help="Number of an item.")],
    answer: Annotated[Answer, typer.Argument(help="Whether it is emerging-tech policy.")],
    config: ConfigOption = None,
    *,
    topics: Annotated[str, typer.Option(help="Topic ids, separated by commas.")] = "",
) -> None:
    """Label one item without being asked; `hongtou label ITEM_ID yes|no` is short for it."""
    named = tuple(re.findall(r"[^,\s]+", topics))
    if unknown := unknown_topics(named):
        raise typer.BadParameter(f"{unknown[0]!r} is no topic; use {', '.join(TOPICS)}", param_hint="--topics")
    database = open_database(load(config))
    label = label_item(database, ItemId(item_id), relevant=answer is Answer.YES, topics=named, clock=SystemClock())
    database.close()
    if label is None:
        raise typer.BadParameter(f"there is no item {item_id}; `hongtou items list --all` shows what there is")
    out().print(Text.assemble(f"{item_id}: {answer.value}  ", label.title))


@label_app.command("list")
def list_labels(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """List the labels, in the order in which they were given."""
    labels = _labels(config)
    if as_json:
        typer.echo(json.dumps([_json(label) for label in labels], ensure_ascii=False, indent=2))
        return
    table = Table()
    for column in ("item", "labelled", "answer", "topics", "source", "title"):
        table.add_column(column)
    for label in labels:
        at = label.labelled_at.isoformat(timespec="minutes")
        said = "yes" if label.relevant else "no"
        number = "" if label.item_id is None else str(label.item_id)
        table.add_row(number, at, said, ", ".join(label.topics), label.source_id, Text(label.title))
    out().print(table)
    yes = sum(label.relevant for label in labels)
    out().print(f"{len(labels)} labels: {yes} yes, {len(labels) - yes} no.", markup=False)


@label_app.command("export")
def export_labels(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="File to write.")], config: ConfigOption = None
) -> None:
    """Write the labels to a file that `hongtou eval` and `hongtou label import` read."""
    labels = _labels(config)
    try:
        file.write_text("".join(f"{line}\n" for line in label_lines(labels)), encoding="utf-8")
    except OSError as error:
        raise ConfigError([ConfigProblem(where=str(file), key="", message=f"cannot be written: {error}")]) from error
    out().print(f"{len(labels)} labels are in {file}.", markup=False)


@label_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Labels, one JSON object a line.")],
    config: ConfigOption = None,
) -> None:
    """Take labels over from a file, all or none; where both speak of one article the file counts."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigProblem(where=str(file), key="", message=f"cannot be read: {error}")]) from error
    database = open_database(load(config))
    done = import_labels(database, lines, name=str(file), clock=SystemClock())
    database.close()
    out().print(
        f"{done.new} new labels, {done.changed} changed, {done.same} the same; {done.stored} are of stored items.",
        markup=False,
    )


def _labels(config: Path | None) -> tuple[Label, ...]:
    database = open_database(load(config))
    with database.reading() as uow:
        labels = uow.labels.all()
    database.close()
    return labels


def _json(label: Label) -> dict[str, Any]:
    moments = {"labelled_at": label.labelled_at, "published_at": label.published_at}
    texts = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    return {"key": label.key} | asdict(label) | texts
