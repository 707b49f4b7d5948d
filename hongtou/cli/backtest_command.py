"""`hongtou backtest`: what a configuration would change on the stored archive."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from core.backtest import Change
from hongtou.backtest import find_archive, report_json, run_backtest
from hongtou.cli.context import ConfigOption, JsonOption, load, out, read_span
from hongtou.clock import SystemClock
from hongtou.opening import database_url
from hongtou.parts import build_classifier, build_judge
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.backtest import BacktestReport, Example, Span, Tally, Verdict

_PROCESSES = 2
"""More do not help a small server, and each takes the memory of a classifier."""
_FEW = 2_000
"""Items below which starting processes takes longer than it saves."""
_SOURCES_SHOWN = 15


def backtest(
    config: ConfigOption = None,
    *,
    since: Annotated[str, typer.Option(help="Items first seen within, such as 30d.")] = "30d",
    limit: Annotated[int | None, typer.Option(min=1, help="About so many items at most, the last seen.")] = None,
    examples: Annotated[int, typer.Option(min=0, help="Show at most so many examples of each change.")] = 10,
    jobs: Annotated[int | None, typer.Option(min=0, max=64, help="Processes; 0 works in this one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Judge the archive again under a configuration, and show what it would flag, drop and alert; changes nothing."""
    loaded = load(config)
    with SqlDatabase(database_url(loaded)) as database:
        database.check()
        spans = find_archive(database, since=SystemClock().now() - read_span(since, "--since"), limit=limit)
    classifier = build_classifier(loaded)  # faults of the lexicon are told here, and not by every process
    items = sum(span.items for span in spans)
    processes = jobs if jobs is not None else _processes(items)
    make = partial(build_judge, loaded, examples=examples, classifier=None if processes else classifier)
    tally = _judge(spans, make, items=items, processes=processes)
    report = tally.report(loaded.routes, threshold=loaded.settings.classify.threshold)
    if as_json:
        head = {"config": str(loaded.path or "shipped defaults"), "hash": loaded.hash, "classifier": classifier.version}
        typer.echo(json.dumps(head | report_json(report), ensure_ascii=False, indent=2))
        return
    out().print(f"{loaded.path or 'Shipped defaults'} ({loaded.hash}), {classifier.version}", markup=False)
    _show(out(), report)


def _processes(items: int) -> int:
    return 0 if items < _FEW else min(_PROCESSES, os.cpu_count() or 1)


def _judge(spans: Sequence[Span], make: Callable[[], Callable[[Span], Tally]], *, items: int, processes: int) -> Tally:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging", total=items)
        return run_backtest(spans, make, processes=processes, progress=lambda done: progress.advance(task, done))


def _show(console: Console, report: BacktestReport) -> None:
    unjudged = f", {report.unjudged} never judged before" if report.unjudged else ""
    console.print(
        f"{report.items} items{unjudged}: {report.before} flagged as stored, {report.after} now.", markup=False
    )
    changes = ", ".join(f"{report.changes[change]} {change.value}" for change in Change)
    console.print(changes if not report.is_same else "Nothing would change.", markup=False)
    for change in Change:
        examples = [example for example in report.examples if example.change is change]
        if examples:
            console.print(_examples(change, examples, report.changes[change]))
    if report.alerts:
        console.print(_alerts(report))
    changed = {source: counts for source, counts in report.sources.items() if counts.flagged or counts.unflagged}
    if changed:
        console.print(_sources(report, tuple(changed)))
    for warning in report.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _examples(change: Change, examples: Sequence[Example], count: int) -> Table:
    shown = f", {len(examples)} of them" if count > len(examples) else ""
    table = Table(title=f"{count} {change.value}{shown}", title_justify="left")
    for column in ("item", "source", "before", "now", "title"):
        table.add_column(column)
    for example in examples:
        before = _words(example.before, change) if example.before else "not judged"
        row = (str(example.item_id), example.source_id, before, _words(example.after, change))
        table.add_row(*row, Text(example.title))
    return table


def _words(verdict: Verdict, change: Change) -> str:
    if change is Change.TOPICS:
        return ", ".join(verdict.topics) or "none"
    return verdict.act if change is Change.ACT else f"{verdict.score:.2f}"


def _alerts(report: BacktestReport) -> Table:
    table = Table(title="Alerts, one a story", title_justify="left")
    for column in ("route", "channel", "would be sent", "new", "would not be sent again"):
        table.add_column(column, justify="left" if column in ("route", "channel") else "right")
    for one in report.alerts:
        table.add_row(one.route, one.channel, str(one.would), str(one.new), str(one.gone))
    return table


def _sources(report: BacktestReport, changed: Sequence[object]) -> Table:
    most = sorted(
        ((source, counts) for source, counts in report.sources.items() if source in changed),
        key=lambda pair: -(pair[1].flagged + pair[1].unflagged),
    )
    shown = f", {_SOURCES_SHOWN} of {len(most)}" if len(most) > _SOURCES_SHOWN else ""
    table = Table(title=f"Sources with most changes{shown}", title_justify="left")
    for column in ("source", "items", "flagged as stored", "now", "newly", "no longer"):
        table.add_column(column, justify="left" if column == "source" else "right")
    for source, counts in most[:_SOURCES_SHOWN]:
        numbers = (counts.items, counts.before, counts.after, counts.flagged, counts.unflagged)
        table.add_row(source, *map(str, numbers))
    return table
