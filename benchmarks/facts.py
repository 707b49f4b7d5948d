"""What the classifier says besides relevance, measured: topics, act, jurisdiction, stage and days over labelled items.

Usage: `python -m benchmarks.facts [FILE.jsonl ...] [--confusion N]`; without a file the items of `classifier/training`.
Only items that are relevant to the reader count, each judged as if that were known: relevance has figures of its own.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

from classifier.lexicon_classifier import LexiconClassifier
from config.lexicon import load_lexicon
from core.classification import TOPICS, Classification, Document
from core.evaluation import Counts, accuracy, score_labels
from core.source import Voice

TRAINING = Path(__file__).parents[1] / "classifier" / "training"
Pair = tuple[dict[str, Any], Classification]


def main() -> None:
    """Judge the items and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--confusion", type=int, default=15)
    options = parser.parse_args()
    judge = LexiconClassifier(load_lexicon(), threshold=0.0)
    files = options.files or sorted(TRAINING.glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]
    pairs = [(row, judge.classify(document(row))) for row in rows if row["relevant"]]
    print(f"{len(rows)} items, {len(pairs)} relevant")
    show_topics(pairs)
    for name in ("zh", "zh-Hant", "en"):
        show_act([pair for pair in pairs if pair[0]["lang"] == name], name, confusion=0)
    show_act(pairs, "all", confusion=options.confusion)
    show_stage(pairs)
    for field in ("effective_on", "comments_until"):
        show_day(pairs, field)


def document(row: dict[str, Any]) -> Document:
    """Return what the classifier is given of a labelled item."""
    return Document(
        title=row["title"],
        text=row.get("body") or "",
        url=row.get("url") or "",
        language=row["lang"],
        published_at=datetime.fromisoformat(row["published"]) if row.get("published") else None,
        voice=Voice(row["voice"]) if row.get("voice") in set(Voice) else None,
    )


def show_topics(pairs: list[Pair]) -> None:
    """Print F1, precision and recall by topic."""
    scores = score_labels([(row["topics"], got.topics) for row, got in pairs], TOPICS)
    print(f"topics: macro-F1 {scores.macro_f1:.3f}, micro-F1 {scores.micro_f1:.3f}")
    print("  " + "  ".join(f"{label} {counts.f1:.2f}{_sides(counts)}" for label, counts in scores.by_label))


def _sides(counts: Counts) -> str:
    return f" ({counts.precision:.2f}/{counts.recall:.2f})"


def show_act(pairs: list[Pair], name: str, *, confusion: int) -> None:
    """Print the accuracy of act and jurisdiction, and the commonest mistakes of acts."""
    right = accuracy([(row["act"], got.act) for row, got in pairs])
    where = accuracy([(row["jurisdiction"], got.jurisdiction) for row, got in pairs])
    print(f"{name}: act {right:.3f}, jurisdiction {where:.3f} ({len(pairs)})")
    wrong = Counter((row["act"], got.act) for row, got in pairs if row["act"] != got.act)
    for (expected, given), count in wrong.most_common(confusion):
        print(f"  {count:3} {expected} given as {given}")


def show_stage(pairs: list[Pair]) -> None:
    """Print the accuracy of the stage, and its mistakes."""
    known = [(row["stage"], got.stage.value if got.stage else None) for row, got in pairs if "stage" in row]
    wrong = Counter(pair for pair in known if pair[0] != pair[1])
    print(
        f"stage: accuracy {accuracy(known):.3f}; " + ", ".join(f"{a}->{b} {n}" for (a, b), n in wrong.most_common(12))
    )


def show_day(pairs: list[Pair], field: str) -> None:
    """Print how many days are right, of those given and of those there are."""
    known = [(row, getattr(got, field)) for row, got in pairs if field in row]
    days = [(date.fromisoformat(row[field]) if row[field] else None, got) for row, got in known]
    given = [pair for pair in days if pair[1]]
    expected = [pair for pair in days if pair[0]]
    right = sum(a == b for a, b in given)
    print(f"{field}: precision {right}/{len(given)}, recall {right}/{len(expected)}")


if __name__ == "__main__":
    main()
