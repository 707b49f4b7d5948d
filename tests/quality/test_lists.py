"""Floors for the rows that are found without selectors, kept in `baseline_lists.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.lists import OWN, PageScore, Report, article_confidences, measure_captures, measure_own, speed
from crawler.lists.detect.finder import MIN_CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

BASELINE: Mapping[str, Any] = json.loads(Path(__file__).with_name("baseline_lists.json").read_text(encoding="utf-8"))
NAMES = sorted(path.stem for path in OWN.glob("*.json"))


@pytest.fixture(scope="module")
def own() -> Report:
    """Return what is found on our own pages, measured once."""
    return measure_own()


@pytest.fixture(scope="module")
def own_pages(own: Report) -> Mapping[str, PageScore]:
    """Return our own pages by name."""
    return {page.name: page for page in own.pages}


@pytest.mark.parametrize("name", NAMES)
def test_each_layout(own_pages: Mapping[str, PageScore], name: str) -> None:
    """On each of our own pages exactly the expected rows are found, in page order, with their dates."""
    assert own_pages[name].found == own_pages[name].wanted


@pytest.mark.parametrize("measure", ["precision", "recall", "dates"])
def test_own_pages(own: Report, measure: str) -> None:
    """Over all our own pages the floors hold, and there are as many layouts as were promised."""
    assert len(own.pages) >= BASELINE["own_pages"]
    assert getattr(own, measure) >= BASELINE["own"][measure]


@pytest.mark.captures
@pytest.mark.parametrize("measure", ["precision", "recall", "dates"])
def test_captured_lists(captures_dir: Path, measure: str) -> None:
    """On the captured list pages detection alone finds the rows."""
    assert getattr(measure_captures(captures_dir / "pages"), measure) >= BASELINE["captures"][measure]


@pytest.mark.captures
def test_articles_are_no_lists(captures_dir: Path) -> None:
    """Hardly any captured article is taken for a list, so that a list that turned into an article is noticed."""
    found = article_confidences(captures_dir / "pages")
    taken = [name for name, confidence in found.items() if confidence >= MIN_CONFIDENCE]
    assert len(found) > 100
    assert len(taken) <= BASELINE["articles_taken_for_lists"]


def test_speed(tmp_path: Path) -> None:
    """Where this was measured 2,900 rows took a second of CPU; a tenth of that is a fault."""
    assert speed(tmp_path)[0] >= BASELINE["rows_per_cpu_second"]
