"""The floors of classification: judged on labelled items, and lowered only on purpose.

Each floor of baseline_relevance.json lies just under what was reached. `own` is shipped; the other sets stand beside
the checkout and are skipped where they are absent.
"""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest

from core.classification import Document
from core.evaluation import Counts, accuracy, count_yes
from hongtou.evaluation import evaluate, read_labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.lexicon_classifier import LexiconClassifier
    from core.classification import Classification

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CORPORA = SHARED / "captures" / "corpora"
FLOORS = json.loads((Path(__file__).parent / "baseline_relevance.json").read_text(encoding="utf-8"))

needs_captures = [
    pytest.mark.captures,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the labelled captures are not at {SHARED}"),
]


def _report(judge: LexiconClassifier, path: Path) -> dict[str, Any]:
    items = read_labelled(path.read_text(encoding="utf-8").splitlines(), name=path.name)
    return evaluate(items, judge).to_json()


def test_own_items(judge: LexiconClassifier) -> None:
    """The shipped items, on events of their own, are judged right."""
    report = _report(judge, ROOT / "tests" / "data" / "eval" / "own.jsonl")
    floors = FLOORS["own"]
    assert report["relevance"]["f1"] >= floors["f1"], report["misses"]
    assert report["topics"]["micro_f1"] >= floors["topics_micro_f1"]
    assert report["jurisdiction"]["accuracy"] >= floors["jurisdiction"]
    assert report["act"]["accuracy"] >= floors["act"]


@pytest.fixture(scope="module")
def report(judge: LexiconClassifier) -> dict[str, Any]:
    """Return the report on the development set."""
    return _report(judge, SHARED / "eval" / "dev.jsonl")


@pytest.fixture(scope="module")
def judged(judge: LexiconClassifier) -> list[tuple[dict[str, str], Classification]]:
    """Return the labelled real rows with their judgements."""
    return [(row, judge.classify(document)) for row, document in _real_items()]


class TestWrittenItems:
    """The labelled development set."""

    pytestmark = needs_captures

    @pytest.mark.parametrize("figure", ["f1", "precision", "recall"])
    def test_relevance(self, report: dict[str, Any], figure: str) -> None:
        """Relevance stays above its floors."""
        assert report["relevance"][figure] >= FLOORS["dev"][figure]

    @pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
    def test_languages(self, report: dict[str, Any], language: str) -> None:
        """No language is left behind."""
        assert report["by_language"][language]["f1"] >= FLOORS["dev_by_language"][language]

    def test_hard_items(self, report: dict[str, Any]) -> None:
        """Borderline items are told apart too."""
        assert report["hard"]["recall"] >= FLOORS["dev"]["hard_recall"]
        assert report["hard"]["false_positive_rate"] <= FLOORS["dev"]["hard_false_positive_rate"]

    def test_topics_jurisdiction_and_act(self, report: dict[str, Any]) -> None:
        """What about, whose, and what kind of act."""
        assert report["topics"]["macro_f1"] >= FLOORS["dev"]["topics_macro_f1"]
        assert report["topics"]["micro_f1"] >= FLOORS["dev"]["topics_micro_f1"]
        assert report["jurisdiction"]["accuracy"] >= FLOORS["dev"]["jurisdiction"]
        assert report["act"]["accuracy"] >= FLOORS["dev"]["act"]


class TestRealTitles:
    """Titles of official documents and ordinary headlines."""

    pytestmark = needs_captures

    def test_subject_not_manner(self, judge: LexiconClassifier) -> None:
        """Official titles about emerging technology are told from official titles about anything else."""
        rows = _rows("emerging_tech_titles_labelled.csv")
        policy = [row for row in rows if row["doc_type"] == "policy" and row["label"] != "1"]
        counts = count_yes((row["label"] == "2", _title(judge, row["title"]).relevant) for row in policy)
        assert counts.precision >= FLOORS["titles"]["precision"]
        assert counts.recall >= FLOORS["titles"]["recall"]

    def test_ordinary_headlines_are_left_alone(self, judge: LexiconClassifier) -> None:
        """Of twenty thousand headlines of sport, money, games and science hardly any is flagged."""
        flagged = [row["title"] for row in _rows("thucnews_titles_20k.csv") if _title(judge, row["title"]).relevant]
        assert len(flagged) <= FLOORS["headlines"]["flagged"], flagged


class TestRealItems:
    """Real feed items and policy pages with their texts."""

    pytestmark = needs_captures

    def test_all_rows_are_found(self, judged: list[tuple[dict[str, str], Classification]]) -> None:
        """The labels join to the captures."""
        assert len(judged) == 336

    def test_relevance(self, judged: list[tuple[dict[str, str], Classification]]) -> None:
        """Precision and recall over all file kinds."""
        counts: Counts = count_yes((row["relevant"] == "1", got.relevant) for row, got in judged)
        assert counts.precision >= FLOORS["real"]["precision"]
        assert counts.recall >= FLOORS["real"]["recall"]

    def test_jurisdiction_and_act(self, judged: list[tuple[dict[str, str], Classification]]) -> None:
        """Whose authority, and what kind of act."""
        relevant = [(row, got) for row, got in judged if row["relevant"] == "1"]
        assert (
            accuracy([(row["jurisdiction"], got.jurisdiction) for row, got in relevant])
            >= (FLOORS["real"]["jurisdiction"])
        )
        assert accuracy([(row["act"], got.act) for row, got in relevant]) >= FLOORS["real"]["act"]


def _rows(name: str) -> list[dict[str, str]]:
    with (CORPORA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _title(judge: LexiconClassifier, title: str) -> Classification:
    return judge.classify(Document(title=title))


def _real_items() -> Iterator[tuple[dict[str, str], Document]]:
    """Join the labels to the captures: by link and title, else by link, else by title."""
    entries: dict[str, list[tuple[str, str, str]]] = {}
    with (SHARED / "eval" / "real.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, link, title = row["file"], row["link"], _spaced(row["title"])
            found = entries.setdefault(name, list(_entries(name)))
            matches = [entry for entry in found if (link and entry[0] == link) or (not link and entry[1] == title)]
            for entry in sorted(matches, key=lambda entry: entry[1] != title)[:1]:
                address = entry[0] if name.startswith("corpora") else ""
                yield row, Document(title=entry[1], text=entry[2], url=address)


def _entries(name: str) -> Iterator[tuple[str, str, str]]:
    path = SHARED / "captures" / name
    if name.startswith("feeds/"):
        for entry in feedparser.parse(path.read_bytes()).entries:
            parts = entry.get("content") or [{}]
            text = parts[0].get("value") or entry.get("summary", "")
            yield entry.get("link", ""), _spaced(_plain(entry.get("title", ""))), _plain(text)
    else:
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            yield row.get("url", ""), _spaced(row["title"]), row.get("text") or ""


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", markup))


def _spaced(title: str) -> str:
    return " ".join(title.split())
