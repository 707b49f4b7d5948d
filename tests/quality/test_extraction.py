"""Floors for the extraction of real pages, kept in `baseline_extraction.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.extraction import Report, measure, token_f1
from benchmarks.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Mapping

BASELINE: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("baseline_extraction.json").read_text(encoding="utf-8")
)

pytestmark = pytest.mark.captures


@pytest.fixture(scope="module")
def report(captures_dir: Path) -> Report:
    """Return the scores of every captured page with ground truth, measured once."""
    return measure(captures_dir / "pages")


@pytest.mark.parametrize("name", BASELINE["all"])
def test_overall(report: Report, name: str) -> None:
    """Over all pages each field is at least as good as the stored floor, and nothing was left out."""
    count, mean = report.mean(name)
    assert count == BASELINE["pages"][name]
    assert mean >= BASELINE["all"][name]


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, floors in BASELINE["groups"].items() for name in floors]
)
def test_groups(report: Report, group: str, name: str) -> None:
    """No group of pages pays for the others."""
    _, mean = report.mean(name, group)
    assert mean >= BASELINE["groups"][group][name]


@pytest.mark.parametrize("language", BASELINE["languages"])
def test_languages(report: Report, language: str) -> None:
    """Chinese and English pages are held apart: neither pays for the other."""
    for name, floor in BASELINE["languages"][language].items():
        assert report.mean(name, language=language)[1] >= floor, name


@pytest.mark.slow
@pytest.mark.parametrize("other", READERS)
def test_better_than_each_alone(report: Report, captures_dir: Path, other: str) -> None:
    """Bodies in either language, and titles and dates over all, are better than either extractor's own."""
    theirs = measure(captures_dir / "pages", READERS[other])
    for language in BASELINE["languages"]:
        assert report.mean("body", language=language)[1] > theirs.mean("body", language=language)[1], language
    for name in ("title", "date"):
        assert report.mean(name)[1] > theirs.mean(name)[1], name


def test_speed(report: Report) -> None:
    """A page takes 60 ms of CPU on average where this was measured, and five times that at most."""
    assert report.cpu_s / len({score.file for score in report.scores}) < 0.3


def test_token_f1() -> None:
    """Order and punctuation do not count, how often a token stands does."""
    assert token_f1("区块链, web3!", "Web3 链块区") == 1.0
    assert token_f1("区区", "区") == pytest.approx(2 / 3)
    assert token_f1("甲", "乙") == 0.0
