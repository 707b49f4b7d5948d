"""The floors of stories: how well labelled items are put together, and lowered only on purpose.

Each floor of baseline_stories.json lies just under what was reached. `blind` is shipped, and no weight was fitted to
it; the development set stands beside the checkout and is skipped where it is absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.loader import load_settings
from hongtou.evaluating_relations import read_related
from hongtou.evaluating_stories import evaluate_stories
from hongtou.evaluation import read_labelled
from hongtou.linking_files import read_arrivals
from hongtou.parts import build_classifier, build_copy_finder, build_story_finder

if TYPE_CHECKING:
    from hongtou.evaluating_stories import StoryReport

ROOT = Path(__file__).parents[2]
DEV = ROOT.parent / "shared" / "eval" / "dev.jsonl"
FLOORS = json.loads((Path(__file__).parent / "baseline_stories.json").read_text(encoding="utf-8"))


def _report(path: Path) -> StoryReport:
    loaded = load_settings(None, environ={})
    lines = path.read_text(encoding="utf-8").splitlines()
    finder = build_story_finder(loaded)
    arrivals = read_arrivals(
        read_labelled(lines, name=path.name), build_classifier(loaded), copies=build_copy_finder(loaded), stories=finder
    )
    return evaluate_stories(arrivals, finder, related=read_related(lines, name=path.name), seeds=2)[0]


def _holds(report: StoryReport, floors: dict[str, Any]) -> None:
    assert report.all_items.f1 >= floors["f1"]
    assert report.all_items.precision >= floors["precision"], report.wrong
    assert report.cross_language.precision >= floors["cross_precision"], report.wrong
    assert report.cross_language.recall >= floors["cross_recall"]
    assert report.offered.value >= floors["offered"]
    assert len(report.neighbours_joined) <= floors["neighbours_joined"], report.neighbours_joined
    assert report.order_change <= floors["order_change"]


def test_unseen_stories() -> None:
    """Stories that nothing was fitted to are put together, and related, as well as before."""
    report = _report(ROOT / "tests" / "data" / "eval" / "blind_stories.jsonl")
    _holds(report, FLOORS["blind"])
    assert report.relations is not None
    found = report.relations.figures[0]
    assert found.found >= FLOORS["blind"]["relations_found"] * found.expected
    assert report.relations.precision >= FLOORS["blind"]["relations_precision"]


@pytest.mark.captures
@pytest.mark.skipif(not DEV.is_file(), reason=f"the development set is not at {DEV}")
def test_development_set() -> None:
    """The stories of the development set are put together as well as before, and no neighbours are."""
    _holds(_report(DEV), FLOORS["dev"])
