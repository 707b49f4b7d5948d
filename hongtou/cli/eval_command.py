"""`hongtou eval`: how good the classifier is on labelled items, and where it is wrong."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from core.catalogue import source_for_url
from core.errors import ConfigError, ConfigProblem
from core.source import Source, SourceId, SourceKind, Voice
from hongtou.captured import Captured, read_table
from hongtou.cli.context import ConfigOption, JsonOption, load, out
from hongtou.cli.reliability import show_reliability
from hongtou.cli.story_figures import show_stories
from hongtou.clock import SystemClock
from hongtou.evaluating_copies import CopyReport, evaluate_copies, read_copies
from hongtou.evaluating_relations import read_related
from hongtou.evaluating_stories import StoryReport, evaluate_stories
from hongtou.evaluation import EvaluationReport, LabelledItem, evaluate, read_labelled
from hongtou.linking_files import read_arrivals
from hongtou.opening import open_database
from hongtou.opinions import with_second_opinion
from hongtou.parts import build_classifier, build_copy_finder, build_story_finder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from config.loaded import Loaded
    from core.evaluation import Counts
    from core.ports import Classifier
    from hongtou.evaluation import Miss, SourceFinder

_ANY_AGE = timedelta(days=36_500)
"""Labelled items are asked about however old they are."""
_CAPTURES = "captures"
"""Name of the folder of captures, looked for beside the folder of a table that names none."""


def evaluate_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Labelled items: .jsonl, or a .csv of captures or titles.")
    ],
    config: ConfigOption = None,
    *,
    captures: Annotated[
        Path | None, typer.Option(help="Folder of the captures that a .csv names; by default ../captures beside it.")
    ] = None,
    opinion: Annotated[
        bool, typer.Option("--opinion", help="Ask for second opinions, as configured; costs money, and is remembered.")
    ] = False,
    as_json: JsonOption = False,
    misses: Annotated[int, typer.Option(min=0, help="Show at most so many misses.")] = 20,
) -> None:
    """Score labelled items: relevance, topics, jurisdiction, act, copies, stories; list what is wrong and why."""
    items = _read(file, captures)
    loaded = load(config)

    def find_source(source_id: str, url: str) -> Source | None:
        return loaded.sources.get(SourceId(source_id)) or source_for_url(url, loaded.sources.values())

    words = build_classifier(loaded)
    with open_database(loaded) if opinion else nullcontext() as database:
        classifier = with_second_opinion(loaded, words, database, max_age=_ANY_AGE) if database else words
        report = evaluate(items, classifier, find_source=find_source)
        stories = _judge_stories(file, items, loaded, classifier=classifier, find_source=find_source)
    copies = _judge_copies(file, items, loaded)
    if as_json:
        further: dict[str, CopyReport | StoryReport | None] = {"near_duplicates": copies, "stories": stories}
        told = report.to_json() | {name: part.to_json() for name, part in further.items() if part}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _show(out(), report, misses)
    if copies:
        _show_copies(out(), copies)
    if stories:
        show_stories(out(), stories, at_most=misses)


def _read(file: Path, captures: Path | None) -> tuple[LabelledItem, ...]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigProblem(where=str(file), key="", message=f"cannot be read: {error}")]) from error
    if file.suffix.lower() != ".csv":
        return read_labelled(text.splitlines(), name=str(file))
    folder = captures or file.absolute().parent.parent / _CAPTURES
    return read_table(text.splitlines(keepends=True), name=str(file), captures=folder, read_feed=read_captured_feed)


def _judge_copies(file: Path, items: tuple[LabelledItem, ...], loaded: Loaded) -> CopyReport | None:
    """Measure how well copies are found; None where no item says that it is one."""
    if file.suffix.lower() == ".csv":
        return None
    copies = read_copies(file.read_text(encoding="utf-8").splitlines())
    return evaluate_copies(items, copies, build_copy_finder(loaded)) if copies else None


def _judge_stories(
    file: Path,
    items: tuple[LabelledItem, ...],
    loaded: Loaded,
    *,
    classifier: Classifier,
    find_source: SourceFinder,
) -> StoryReport | None:
    """Measure how well items are put into stories; None where no item says which it belongs to."""
    if not any(item.story for item in items):
        return None
    lines = [] if file.suffix.lower() == ".csv" else file.read_text(encoding="utf-8").splitlines()
    finder = build_story_finder(loaded)
    arrivals = read_arrivals(
        items, classifier, copies=build_copy_finder(loaded), stories=finder, find_source=find_source
    )
    report, _ = evaluate_stories(arrivals, finder, related=read_related(lines, name=str(file)))
    return report


def _show_copies(console: Console, report: CopyReport) -> None:
    pairs = report.pairs
    console.print(
        f"near-duplicates: {pairs.true_positives} of {pairs.true_positives + pairs.false_negatives} pairs found, "
        f"{pairs.false_positives} invented",
        markup=False,
    )
    for kind, told in (("missed", report.missed), ("invented", report.invented)):
        for one, other in told:
            console.print(Text(f"{one} and {other} {kind} as copies", style="yellow"))


def read_captured_feed(body: bytes) -> Iterator[Captured]:
    """Yield what the crawler reads in a feed, as it would store it without the article's page."""
    from crawler.lists.parse import parse_list  # noqa: PLC0415 - takes a second; only captured feeds need it

    source = Source(
        id=SourceId("capture"), name="", name_en="", kind=SourceKind.FEED, url="https://capture.invalid/", group="",
        voice=Voice.PRESS,
    )  # fmt: skip
    listing = parse_list(source, body, url="", content_type="", now=SystemClock().now())
    for entry in listing.entries:
        yield Captured(entry.url, entry.title, entry.text or entry.summary)


def _show(console: Console, report: EvaluationReport, misses: int) -> None:
    table = Table(title=f"{report.items} items, {report.classifier}")
    for column in ("relevance", "items", "precision", "recall", "F1", "false alarms"):
        table.add_column(column, justify="left" if column == "relevance" else "right")
    for name, counts in (("all", report.relevance), *report.by_language, *report.by_kind, ("hard", report.hard)):
        table.add_row(name, *_figures(counts))
    console.print(table)
    _show_facts(console, report)
    show_reliability(console, report.reliability)
    for miss in report.misses[:misses]:
        console.print(_miss_line(miss))
        for evidence in miss.got.evidence[:4]:
            console.print(
                Text(f"      {evidence.contribution:+.2f} {evidence.text}  {evidence.concept} in {evidence.zone}")
            )
    if len(report.misses) > misses:
        console.print(f"and {len(report.misses) - misses} more misses; --misses shows them", markup=False)


def _show_facts(console: Console, report: EvaluationReport) -> None:
    """Print how well topics, jurisdiction, act, stage and days were told, where the items tell topics at all."""
    topics = report.topics
    if any(counts.true_positives + counts.false_negatives for _, counts in topics.by_label):
        console.print(f"topics: macro-F1 {topics.macro_f1:.3f}, micro-F1 {topics.micro_f1:.3f}", markup=False)
        console.print(
            f"jurisdiction: accuracy {report.jurisdiction_accuracy:.3f}; act: accuracy {report.act_accuracy:.3f}",
            markup=False,
        )
    for name, items, share in report.facts:
        console.print(f"{name}: accuracy {share:.3f} of {items} items", markup=False)


def _figures(counts: Counts) -> tuple[str, ...]:
    return (
        str(counts.items),
        f"{counts.precision:.3f}",
        f"{counts.recall:.3f}",
        f"{counts.f1:.3f}",
        f"{counts.false_positive_rate:.3f}",
    )


def _miss_line(miss: Miss) -> Text:
    kind = "missed" if miss.item.relevant else "wrongly flagged"
    return Text(f"{miss.item.id} {kind} (score {miss.got.score:.2f}): {miss.item.title}", style="yellow")
