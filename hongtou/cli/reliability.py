"""How reliability tables are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from core.evaluation import Reliability


def show_reliability(console: Console, reliability: Reliability) -> None:
    """Print a reliability table, empty bins left out."""
    table = Table(title=f"scores: calibration error {reliability.calibration_error:.3f}, Brier {reliability.brier:.3f}")
    for column in ("score", "items", "mean score", "relevant"):
        table.add_column(column, justify="left" if column == "score" else "right")
    for row in reliability.bins:
        if row.items:
            span = f"{row.low:.1f}-{row.high:.1f}"
            table.add_row(span, str(row.items), f"{row.mean_score:.3f}", f"{row.relevant_share:.3f}")
    console.print(table)
