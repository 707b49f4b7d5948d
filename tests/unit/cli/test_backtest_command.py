"""`hongtou backtest` tells what a configuration would change, and changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.backtest import BacktestReport, Change, Example, SourceCounts, Tally, Verdict
from core.item import ItemId
from core.source import SourceId
from hongtou.cli import backtest_command
from hongtou.cli.context import out

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from storage.database import SqlDatabase


def test_the_archive_is_judged_under_the_configuration(commands: Any, stored: SqlDatabase) -> None:
    """Counts of what is stored and what is judged now, with examples, as words and as JSON."""
    assert stored.name
    shown = commands("backtest", "--since", "1d")
    assert shown.exit_code == 0, shown.output
    assert "2 items: 1 flagged as stored, " in shown.output
    assert "Shipped defaults" in shown.output
    report = json.loads(commands("backtest", "--json").stdout)
    assert (report["items"], report["flagged"]["before"]) == (2, 1)
    assert report["config"] == "shipped defaults"
    assert report["classifier"]


def test_another_configuration_can_be_tried(commands: Any, stored: SqlDatabase, tmp_path: Path) -> None:
    """Its threshold and routes count; what it would never match is warned of with the reason."""
    (tmp_path / "new.yaml").write_text("classify: {threshold: 0.999999}\n", encoding="utf-8")
    shown = commands("backtest", "--config", "new.yaml")
    assert "1 no longer flagged" in shown.output
    assert "warning: Nothing at all is flagged." in shown.output
    assert "new.yaml (" in shown.output
    with stored.reading() as uow:
        item = uow.items.get(ItemId(1))
    assert item is not None
    assert item.classification is not None
    assert item.classification.relevant


def test_without_a_database_nothing_is_made(commands: Any, tmp_path: Path) -> None:
    """A backtest creates no database; a span that is none is a wrong use."""
    failed = commands("backtest")
    assert "There is no database" in str(failed.exception)
    assert not (tmp_path / "data").exists()
    assert commands("backtest", "--since", "long").exit_code != 0


def test_few_items_are_judged_in_place_and_many_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are started only where they save time, and never more than there are cores."""
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert (backtest_command._processes(1999), backtest_command._processes(2000)) == (0, 2)
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert backtest_command._processes(9999) == 1


def report_of(*examples: Example, sources: int) -> BacktestReport:
    """Return a report with these examples, and so many sources that change."""
    counts = {SourceId(f"s{n:02}"): SourceCounts(items=9, before=1, after=n, flagged=n) for n in range(1, sources + 1)}
    changes = {change: sum(one.change is change for one in examples) + 1 for change in Change}
    return BacktestReport(
        items=9, unjudged=2, before=1, after=3, changes=changes, examples=examples, sources=counts, alerts=(),
        warnings=(),
    )  # fmt: skip


def test_each_change_is_shown_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Scores for flags, topics for topics, acts for acts; sources with most changes first, not all of them."""
    no = Verdict(relevant=False, score=0.21, topics=(), act="none")
    yes = Verdict(relevant=True, score=0.87, topics=("ai",), act="plan")

    def example(change: Change, before: Verdict | None) -> Example:
        return Example(
            item_id=ItemId(7),
            source_id=SourceId("s01"),
            title="一个[标题]",
            change=change,
            before=before,
            after=yes,
            reason="",
        )

    pairs = ((Change.FLAGGED, no), (Change.FLAGGED, None), (Change.TOPICS, no), (Change.ACT, no))
    report = report_of(*(example(change, before) for change, before in pairs), sources=16)
    backtest_command._show(out(), report)
    shown = capsys.readouterr().out
    assert "9 items, 2 never judged before" in shown
    assert "3 newly flagged, 2 of them" in shown
    for words in ("0.21", "not judged", "一个[标题]", "none", "plan", "15 of 16"):
        assert words in shown
    assert shown.index("s16") < shown.index("s15")
    assert "s01" not in shown.split("Sources with most changes")[1]
    backtest_command._show(out(), Tally().report([], threshold=0.5))
    assert "Nothing would change." in capsys.readouterr().out
