"""`hongtou train`: fits the shipped model to the training items anew, or says whether that is due."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import classifier
from classifier.lexicon_classifier import LexiconClassifier
from classifier.model import hand_model
from classifier.model_file import SHIPPED, load_model, model_to_json
from config.lexicon import load_lexicon
from core.errors import ConfigError, ConfigProblem
from hongtou.cli.context import JsonOption, out
from hongtou.cli.reliability import show_reliability

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.evaluation import Counts
    from core.lexicon import Lexicon
    from hongtou.evaluation import LabelledItem
    from hongtou.training import TrainingReport

TRAINING = Path(classifier.__file__).parent / "training"
"""Folder of the training items that come with the program."""


def train(
    data: Annotated[Path, typer.Option(help="Folder of labelled items, *.jsonl.", file_okay=False)] = TRAINING,
    out_file: Annotated[Path, typer.Option("--out", help="Where the model goes.", dir_okay=False)] = SHIPPED,
    *,
    folds: Annotated[int, typer.Option(min=2, max=20, help="Parts of the cross-validation, by story.")] = 5,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the model is up to date.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fit the model to labelled items; show how its like judges events it has not seen."""
    require_scipy("hongtou train")
    from hongtou import training  # noqa: PLC0415 - scipy is an extra, asked for above

    items, lexicon = training.read_training(data), load_lexicon()
    if check:
        _check(items, lexicon, out_file)
        return
    reader = LexiconClassifier(lexicon, threshold=0.5, model=hand_model())
    with Progress(console=Console(stderr=True), transient=True) as progress:
        report = training.train(items, reader.read, lexicon_version=lexicon.version, folds=folds, begin=steps(progress))
    out_file.write_text(model_to_json(report.model), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(out(), report)
        out().print(f"written to {out_file}", markup=False)


def require_scipy(command: str) -> None:
    """Refuse where what fits a model is not installed.

    Raises:
        ConfigError: It is not.
    """
    if find_spec("scipy") is None:
        message = "needs scipy; install it with: pip install 'hongtou[tune]' (docs/tuning.md: in a checkout, in Docker)"
        raise ConfigError([ConfigProblem(where=command, key="", message=message)])


def steps(progress: Progress) -> Callable[[str, int], Callable[[], None]]:
    """Return what starts a bar for each part of the work."""

    def begin(name: str, total: int) -> Callable[[], None]:
        task = progress.add_task(name, total=total)
        return lambda: progress.advance(task)

    return begin


def _check(items: tuple[LabelledItem, ...], lexicon: Lexicon, path: Path) -> None:
    from hongtou.training import stale_parts  # noqa: PLC0415 - same

    changed = stale_parts(load_model(path), items, lexicon.version)
    if changed:
        message = f"is out of date: {', '.join(changed)} changed since it was fitted; run `hongtou train`"
        raise ConfigError([ConfigProblem(where=str(path), key="fitted", message=message)])
    out().print(f"{path} is up to date", markup=False)


def _show(console: Console, report: TrainingReport) -> None:
    table = Table(title=f"{report.items} items of {report.stories} stories, each judged by a model that did not see it")
    for column in ("relevance", "items", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if column == "relevance" else "right")
    rows = (("all", report.relevance), *report.by_language, *report.by_kind, ("hard", report.hard))
    for name, counts in rows:
        table.add_row(name, *_figures(counts))
    console.print(table)
    show_reliability(console, report.reliability)
    console.print(f"penalties: features {report.penalties[0]:g}, wording {report.penalties[1]:g}", markup=False)
    console.print(
        "heaviest: " + ", ".join(f"{name} {weight:+.2f}" for name, weight in report.strongest()), markup=False
    )
    console.print(
        "wording: " + ", ".join(f"{run} {weight:+.2f}" for run, weight in report.strongest_runs()), markup=False
    )


def _figures(counts: Counts) -> tuple[str, ...]:
    return str(counts.items), f"{counts.precision:.3f}", f"{counts.recall:.3f}", f"{counts.f1:.3f}"
