"""Shows how well items were put into stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from core.clustering import BCubed
    from core.evaluation import Counts
    from hongtou.evaluating_relations import RelationReport
    from hongtou.evaluating_stories import StoryReport


def show_stories(console: Console, report: StoryReport, *, at_most: int) -> None:
    """Print the figures, and at most so many wrong and missed pairs each."""
    table = Table(title=f"{report.items} items, {report.stories} stories of two and more, {report.given} given")
    for column in ("stories", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if column == "stories" else "right")
    rows: tuple[tuple[str, BCubed | Counts], ...] = (
        ("B-cubed, all items", report.all_items),
        ("B-cubed, items of stories", report.story_items),
        (f"pairs of {_expected(report.pairs)}", report.pairs),
        (f"pairs across languages of {_expected(report.cross_language)}", report.cross_language),
    )
    for name, figures in rows:
        table.add_row(name, f"{figures.precision:.3f}", f"{figures.recall:.3f}", f"{figures.f1:.3f}")
    console.print(table)
    for line in _lines(report):
        console.print(line, markup=False, highlight=False)
    if report.relations:
        _show_relations(console, report.relations)
    _show_pairs(console, report, at_most)


def _lines(report: StoryReport) -> tuple[str, ...]:
    offered, across = report.offered, report.offered_across
    kinds = ", ".join(f"{kind} {count}" for kind, count in report.wrong_by_kind.items()) or "none"
    return (
        f"offered their story: {offered.part} of {offered.whole} later items; across: {across.part} of {across.whole}",
        f"neighbours: {len(report.neighbours_joined)} of {report.neighbours} pairs of events joined",
        f"wrong pairs by kind: {kinds}",
        f"order: F1 changes by at most {report.order_change:.4f} in {len(report.by_order)} other orders",
    )


def _show_relations(console: Console, report: RelationReport) -> None:
    for one in report.figures:
        console.print(
            f"related ({one.relation}): {one.found} of {one.expected} found, {one.right} with the right relation",
            markup=False,
        )
    console.print(f"related: {report.given_expected} of {report.given} given are expected", markup=False)


def _show_pairs(console: Console, report: StoryReport, at_most: int) -> None:
    for wrong in report.wrong[:at_most]:
        console.print(Text(f"{wrong.one} and {wrong.other} wrongly in one story ({wrong.kind})", style="yellow"))
    for one, other in report.missed[:at_most]:
        console.print(Text(f"{one} and {other} not in one story", style="yellow"))
    left = max(0, len(report.wrong) - at_most) + max(0, len(report.missed) - at_most)
    if left:
        console.print(f"and {left} more pairs; --misses shows them", markup=False)


def _expected(counts: Counts) -> int:
    return counts.true_positives + counts.false_negatives
