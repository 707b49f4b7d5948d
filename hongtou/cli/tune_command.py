"""`hongtou tune`: fits threshold and weights to your labels, shows what would change, and writes only when told to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from classifier.lexicon_classifier import LexiconClassifier
from classifier.model_file import load_model, model_to_json
from config.lexicon import load_lexicon
from core.catalogue import source_for_url
from core.errors import ConfigError, ConfigProblem
from core.source import SourceId
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.train_command import require_scipy, steps
from hongtou.evaluation import read_labelled
from hongtou.labelling import label_lines
from hongtou.opening import open_database
from hongtou.parts import model_path

if TYPE_CHECKING:
    from config.loaded import Loaded
    from core.evaluation import Counts
    from core.source import Source
    from hongtou.evaluation import LabelledItem
    from hongtou.tuning import TuningReport

_MODEL = Path("model.d") / "tuned.json"
"""Where the model goes, beside the configuration."""
_FLIPS_SHOWN = 10


def tune(
    config: ConfigOption = None,
    *,
    labels: Annotated[
        Path | None, typer.Option(help="Labelled items, .jsonl, in place of the labels in the database.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the model; without it nothing is changed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fit threshold and weights to your labels; show how labels that were not seen would be judged."""
    require_scipy("hongtou tune")
    from hongtou import tuning  # noqa: PLC0415 - scipy is an extra, asked for above

    loaded = load(config)
    given = _labels(loaded, labels)
    lexicon, model = load_lexicon(extra=loaded.lexicon_paths), load_model(model_path(loaded))
    threshold = loaded.settings.classify.threshold

    def find_source(source_id: str, url: str) -> Source | None:
        return loaded.sources.get(SourceId(source_id)) or source_for_url(url, loaded.sources.values())

    with Progress(console=Console(stderr=True), transient=True) as progress:
        report = tuning.tune(
            given,
            LexiconClassifier(lexicon, threshold=threshold, model=model).read,
            model,
            threshold=threshold,
            lexicon_version=lexicon.version,
            find_source=find_source,
            begin=steps(progress),
        )
    path = _write(loaded, report) if write else None
    if as_json:
        typer.echo(json.dumps(report.to_json() | {"written": str(path or "")}, ensure_ascii=False, indent=2))
    else:
        _show(out(), report, path)


def _labels(loaded: Loaded, file: Path | None) -> tuple[LabelledItem, ...]:
    """Read labels from a file or the database; none at all are no fault here, since tuning says how many it needs."""
    if file is None:
        with open_database(loaded).reading() as uow:
            lines = list(label_lines(uow.labels.all()))
        return read_labelled(lines, name="labels") if lines else ()
    try:
        return read_labelled(file.read_text(encoding="utf-8").splitlines(), name=str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigProblem(where=str(file), key="", message=f"cannot be read: {error}")]) from error


def _write(loaded: Loaded, report: TuningReport) -> Path:
    """Write the model beside the configuration, in one step, so that a running daemon never reads half of it."""
    path = (loaded.path.parent if loaded.path else Path()) / _MODEL
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".tmp")
    fresh.write_text(model_to_json(report.model), encoding="utf-8")
    fresh.replace(path)
    return path


def _show(console: Console, report: TuningReport, path: Path | None) -> None:
    table = Table(title=f"{report.labels} labels, judged by weights that did not see them")
    for column in ("", "precision", "recall", "F1", "threshold"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("before", *_figures(report.before), "")
    table.add_row("after", *_figures(report.after), f"{report.threshold:.2f}")
    console.print(table)
    if not report.helps:
        console.print("Tuning does not help: what is in use judges your labels as well. More labels may change that.")
    for name, before, after in report.moves:
        console.print(f"  {name}: {before:+.2f} to {after:+.2f}", markup=False)
    for flip in report.flips[:_FLIPS_SHOWN]:
        answer = "yes" if flip.item.relevant else "no"
        console.print(f"  {flip.before:.2f} to {flip.after:.2f} (you said {answer}): {flip.item.title}", markup=False)
    if len(report.flips) > _FLIPS_SHOWN:
        console.print(
            f"  and {len(report.flips) - _FLIPS_SHOWN} more labels that would be judged otherwise", markup=False
        )
    if path is None:
        console.print("Nothing was written; --write writes the model.", markup=False)
        return
    console.print(f"Written to {path}. To use it, put this into hongtou.yaml and compare with `hongtou backtest`:")
    console.print(f"classify:\n  model: {_MODEL}\n  threshold: {report.threshold:g}", markup=False)


def _figures(counts: Counts) -> tuple[str, str, str]:
    return f"{counts.precision:.3f}", f"{counts.recall:.3f}", f"{counts.f1:.3f}"
