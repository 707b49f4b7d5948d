"""Alerts through failing receivers, by a daemon that is killed again and again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]
FAULTS_AT_LEAST = 30


def test_nothing_is_lost_or_repeated_without_a_word(tmp_path: Path) -> None:
    """Faults in a third of the calls and five kills: all arrives, repeats say so, each story stays in order."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.alert_chaos", "--alerts", "500", "--kills", "5", "--folder", str(tmp_path),
         "--drain", "300", "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    outcome = json.loads(run.stdout)
    assert outcome["is_right"], outcome
    assert run.returncode == 0
    assert outcome["is_drained"]
    assert (outcome["kills"], outcome["dead"], outcome["missing"]) == (5, 0, 0)
    for channel in outcome["channels"]:
        assert channel["accepted"] == channel["alerts"] > 0
        assert (channel["lost"], channel["repeated_unmarked"], channel["out_of_order"]) == (0, 0, 0)
    assert sum(channel["faults"] for channel in outcome["channels"]) > FAULTS_AT_LEAST
