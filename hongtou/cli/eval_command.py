"""`hongtou eval`: how good the classifier is on labelled items, and where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from core.catalogue import source_for_url
from core.errors import ConfigError, ConfigProblem
from core.source import SourceId
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.evaluation import EvaluationReport, LabelledItem, evaluate, read_labelled
from hongtou.parts import build_classifier

if TYPE_CHECKING:
    from rich.console import Console

    from core.evaluation import Counts
    from core.source import Source
    from hongtou.evaluation import Miss


def evaluate_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Labelled items, one JSON object a line.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
    misses: Annotated[int, typer.Option(min=0, help="Show at most so many misses.")] = 20,
) -> None:
    """Score labelled items: relevance, topics, jurisdiction, act; list the misses with their evidence."""
    items = _read(file)
    loaded = load(config)

    def find_source(source_id: str, url: str) -> Source | None:
        return loaded.sources.get(SourceId(source_id)) or source_for_url(url, loaded.sources.values())

    report = evaluate(items, build_classifier(loaded), find_source=find_source)
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(out(), report, misses)


def _read(file: Path) -> tuple[LabelledItem, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigProblem(where=str(file), key="", message=f"cannot be read: {error}")]) from error
    return read_labelled(lines, name=str(file))


def _show(console: Console, report: EvaluationReport, misses: int) -> None:
    table = Table(title=f"{report.items} items, {report.classifier}")
    for column in ("relevance", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if column == "relevance" else "right")
    for name, counts in (("all", report.relevance), *report.by_language):
        table.add_row(name, *_figures(counts))
    console.print(table)
    hard = report.hard
    console.print(f"hard items: recall {hard.recall:.3f}, false positives {hard.false_positive_rate:.3f}", markup=False)
    console.print(f"topics: macro-F1 {report.topics.macro_f1:.3f}, micro-F1 {report.topics.micro_f1:.3f}", markup=False)
    console.print(
        f"jurisdiction: accuracy {report.jurisdiction_accuracy:.3f}; act: accuracy {report.act_accuracy:.3f}",
        markup=False,
    )
    for miss in report.misses[:misses]:
        console.print(_miss_line(miss))
        for evidence in miss.got.evidence[:4]:
            console.print(
                Text(f"      {evidence.contribution:+.2f} {evidence.text}  {evidence.concept} in {evidence.zone}")
            )
    if len(report.misses) > misses:
        console.print(f"and {len(report.misses) - misses} more misses; --misses shows them", markup=False)


def _figures(counts: Counts) -> tuple[str, str, str]:
    return f"{counts.precision:.3f}", f"{counts.recall:.3f}", f"{counts.f1:.3f}"


def _miss_line(miss: Miss) -> Text:
    kind = "missed" if miss.item.relevant else "wrongly flagged"
    return Text(f"{miss.item.id} {kind} (score {miss.got.score:.2f}): {miss.item.title}", style="yellow")
