"""`hongtou schedule`: next polls with their reasons, and replays of what is stored."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.source import SourceId
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import SqlDatabase

FEW = "watch:\n  only: [cointelegraph, miit-policy]\npolling:\n  budget_per_hour: 6\n"


def few(tmp_path: Path) -> None:
    """Watch two sources."""
    (tmp_path / "hongtou.yaml").write_text(FEW, encoding="utf-8")


def test_each_source_has_its_next_polls_and_a_reason(commands: Any, tmp_path: Path) -> None:
    """The table shows every watched source and the budget; JSON has the same for scripts."""
    few(tmp_path)
    shown = commands("schedule")
    assert shown.exit_code == 0, shown.output
    assert "miit-policy" in shown.output
    assert "6 lists an hour on average over a week" in shown.output
    rows = json.loads(commands("schedule", "--json").output)
    assert {row["id"] for row in rows} == {"cointelegraph", "miit-policy"}
    for row in rows:
        assert row["interval_s"] > 0
        assert row["next_polls"] == sorted(row["next_polls"])
        assert row["why"].startswith("little known yet")
        assert 0 < row["expected_delay_s"] <= 6 * 3600


def test_single_sources_can_be_named(commands: Any, tmp_path: Path) -> None:
    """Only those named are shown; one that is not watched is a mistake that is told."""
    few(tmp_path)
    assert [row["id"] for row in json.loads(commands("schedule", "miit-policy", "--json").output)] == ["miit-policy"]
    wrong = commands("schedule", "nobody")
    assert wrong.exit_code == 2
    assert "not watched: nobody" in wrong.stderr


def test_other_budgets_are_replayed(commands: Any, stored: SqlDatabase, tmp_path: Path) -> None:
    """Half, all and twice the budget by default, or those named, with a row for all and one for each group."""
    few(tmp_path)
    now = SystemClock().now()
    with stored.unit_of_work() as uow:
        uow.health.note_news(SourceId("cointelegraph"), [now - timedelta(hours=3 * n) for n in range(1, 200)])
        uow.commit()
    rows = json.loads(commands("schedule", "--simulate", "--json").output)
    assert [row["budget_per_hour"] for row in rows if row["group"] == "all"] == [3, 6, 12]
    means = [row["mean_min"] for row in rows if row["group"] == "crypto-en"]
    assert means == sorted(means, reverse=True)
    table = commands("schedule", "--budget", "4")
    assert table.exit_code == 0, table.output
    assert "crypto-en" in table.output
    assert commands("schedule", "--budget", "0").exit_code == 2


def test_a_replay_without_news_has_no_rows(commands: Any, stored: SqlDatabase, tmp_path: Path) -> None:
    """Nothing stored, nothing to be late."""
    assert stored.name
    few(tmp_path)
    assert json.loads(commands("schedule", "--simulate", "--json").output) == []
