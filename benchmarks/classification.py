"""What each part of the classifier adds; run with `python -m benchmarks.classification [--shared ../shared]`.

Prints a row for each way of judging: F1 on the training items by cross-validation over stories, and figures on sets
that nothing is fitted to: `own` and the blind sets, which are shipped, and, where they stand beside the checkout, the
written and real items, official titles and ordinary headlines. Then what a single group of features adds, and where
the time of one judgement goes. Meaning and a second opinion are measured by benchmarks of their own.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass, replace
from pathlib import Path
from string import digits
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.fit_design import Example, make_rows
from classifier.fit_model import fit_model, fold_of, prior_of
from classifier.lexicon_classifier import LexiconClassifier
from classifier.measuring import measure_subject
from classifier.model import Model, hand_model
from classifier.weights import FEATURES
from config.lexicon import load_lexicon
from core.classification import Document, Zone
from core.evaluation import Counts, count_yes
from core.lexicon import ConceptKind
from hongtou.captured import read_table
from hongtou.cli.eval_command import read_captured_feed
from hongtou.evaluation import document_of, read_labelled
from hongtou.training import read_training

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.reading import Reading
    from hongtou.evaluation import LabelledItem

ROOT = Path(__file__).parents[1]
FOLDS = 5
SUBJECTS = (ConceptKind.TECHNOLOGY, ConceptKind.PROGRAMME)
GROUPS = {
    "counter-vocabulary": ("signal.",),
    "act and technology together": ("joined.", "named."),
    "in passing, lists, title on other": ("technology.passing", "technology.enumerated", "title-on-other"),
    "source, number, named paper": ("authority-voice", "document-"),
    "forms": ("form.",),
    "norms": ("norm.",),
    "compilations": ("many.",),
}


@dataclass(frozen=True)
class Bench:
    """The sets, read once."""

    training: Sequence[LabelledItem]
    sets: dict[str, Sequence[LabelledItem]]
    read: Callable[[Document], Reading]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of the unshipped sets")
    parser.add_argument("--groups", action="store_true", help="also what each group of features adds (minutes)")
    arguments = parser.parse_args()
    judge = LexiconClassifier(load_lexicon(), threshold=0.5)
    bench = Bench(read_training(ROOT / "classifier" / "training"), read_sets(arguments.shared), judge.read)
    print("| what is used | cross-validation | " + " | ".join(bench.sets) + " |")
    print("|---" * (2 + len(bench.sets)) + "|")
    keywords(bench)
    bag_of_characters(bench)
    fitted(bench, groups=arguments.groups)
    speed(bench, judge)


def read_sets(shared: Path) -> dict[str, Sequence[LabelledItem]]:
    """Return the sets that nothing is fitted to, those that are there."""
    local = ROOT / "tests" / "data" / "eval"
    sets: dict[str, Sequence[LabelledItem]] = {"own": _labelled(local / "own.jsonl")}
    sets["blind"] = [item for path in sorted(local.glob("blind_*.jsonl")) for item in _labelled(path)]
    if not shared.is_dir():
        return sets
    corpora = shared / "captures" / "corpora"
    sets["written"] = _labelled(shared / "eval" / "dev.jsonl")
    sets["real"] = _table(shared / "eval" / "real.csv", shared)
    titles = _table(corpora / "emerging_tech_titles_labelled.csv", shared)
    sets["titles"] = [item for item in titles if item.kind == "policy"]
    with (corpora / "thucnews_titles_20k.csv").open(encoding="utf-8", newline="") as file:
        lines = [row["title"] for row in csv.DictReader(file)]
    empty = replace(titles[0], relevant=False, hard=False, kind="")
    sets["headlines"] = [replace(empty, id=str(number), title=title) for number, title in enumerate(lines)]
    return sets


def _labelled(path: Path) -> tuple[LabelledItem, ...]:
    return read_labelled(path.read_text(encoding="utf-8").splitlines(), name=path.name)


def _table(path: Path, shared: Path) -> tuple[LabelledItem, ...]:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return read_table(lines, name=path.name, captures=shared / "captures", read_feed=read_captured_feed)


def row(name: str, unseen: Counts, sets: dict[str, Counts]) -> None:
    """Print one row: F1 by cross-validation, and precision, recall and F1 of each set; of headlines what is flagged."""
    cells = [f"{unseen.f1:.3f}"]
    for title, counts in sets.items():
        figures = f"{counts.precision:.2f} / {counts.recall:.2f} / {counts.f1:.3f}"
        cells.append(f"{counts.false_positive_rate:.2%}" if title == "headlines" else figures)
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def keywords(bench: Bench) -> None:
    """Judge by the words of the lexicon alone."""
    for name, zones in {
        "a technology in the title": (Zone.TITLE,),
        "in title or lead": (Zone.TITLE, Zone.LEAD),
    }.items():

        def flags(item: LabelledItem, zones: tuple[Zone, ...] = zones) -> bool:
            return any(clause.of(*SUBJECTS) for clause in bench.read(document_of(item)).zone(*zones))

        row(name, _count(bench.training, flags), {key: _count(items, flags) for key, items in bench.sets.items()})


def _count(items: Sequence[LabelledItem], flags: Callable[[LabelledItem], bool]) -> Counts:
    return count_yes((item.relevant, flags(item)) for item in items)


def bag_of_characters(bench: Bench) -> None:
    """Judge by character n-grams alone: what a model without lexicon learns."""
    texts = [f"{item.title}\n{item.text}" for item in bench.training]
    relevant = np.array([item.relevant for item in bench.training])
    fold = fold_of([item.story or item.id for item in bench.training], FOLDS)
    unseen = Counts()
    for part in range(FOLDS):
        vectors, model = _bag(
            [text for text, one in zip(texts, fold, strict=True) if one != part], relevant[fold != part]
        )
        rest = [text for text, one in zip(texts, fold, strict=True) if one == part]
        flagged = model.predict(vectors.transform(rest))
        unseen += count_yes(zip(map(bool, relevant[fold == part]), map(bool, flagged), strict=True))
    vectors, model = _bag(texts, relevant)
    sets = {}
    for key, items in bench.sets.items():
        flagged = model.predict(vectors.transform([f"{item.title}\n{item.text}" for item in items]))
        sets[key] = count_yes((item.relevant, bool(flag)) for item, flag in zip(items, flagged, strict=True))
    row("character 1- to 4-grams, no lexicon", unseen, sets)


def _bag(texts: list[str], relevant: np.ndarray) -> tuple[TfidfVectorizer, LogisticRegression]:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=3, max_features=200_000, sublinear_tf=True)
    return vectors, LogisticRegression(C=4, max_iter=1_000).fit(vectors.fit_transform(texts), relevant)


def fitted(bench: Bench, *, groups: bool) -> None:
    """Judge by features: with weights set by hand, fitted, with wording; and without each group."""
    items = sorted(bench.training, key=lambda item: (item.id, item.title))
    stories = [item.story or f"item:{item.id}" for item in items]
    hands = [item.id.rstrip(digits) for item in items]
    examples = [
        Example(document=document_of(item), relevant=item.relevant, story=story)
        for item, story in zip(items, stories, strict=True)
    ]
    rows = [view for views in make_rows(examples, bench.read) for view in views]
    readings = {key: [bench.read(document_of(item)) for item in listed] for key, listed in bench.sets.items()}
    whole = [view for view in rows if view.is_whole]
    hand = hand_model()
    raw = [hand.prior + sum(hand.weights[name] * part for name, part in view.strengths.items()) for view in whole]
    unseen = count_yes((view.relevant, odds > 0) for view, odds in zip(whole, raw, strict=True))
    row("features, weights set by hand", unseen, _judge(bench, readings, hand))
    for name, wording in (("features, fitted weights", False), ("**and wording (shipped)**", True)):
        fit = fit_model(
            rows, stories, prior_of(hand), hands=hands, folds=FOLDS, with_wording=wording, tick=lambda: None
        )
        row(name, _unseen(items, fit.unseen), _judge(bench, readings, fit.model))
    for group, prefixes in GROUPS.items() if groups else ():
        gone = {name for name in FEATURES if name.startswith(prefixes)}
        kept = [
            replace(view, strengths={name: part for name, part in view.strengths.items() if name not in gone})
            for view in rows
        ]
        fit = fit_model(
            kept, stories, prior_of(hand), folds=FOLDS, with_wording=True, tick=lambda: None,
            feature_penalties=(fit.penalties.features,), wording_penalties=(fit.penalties.wording,),
        )  # fmt: skip
        weights = {name: 0.0 if name in gone else weight for name, weight in fit.model.weights.items()}
        row(
            f"without {group}", _unseen(items, fit.unseen), _judge(bench, readings, replace(fit.model, weights=weights))
        )


def _unseen(items: Sequence[LabelledItem], raw: np.ndarray) -> Counts:
    return count_yes((item.relevant, odds > 0) for item, odds in zip(items, raw, strict=True))


def _judge(bench: Bench, readings: dict[str, list[Reading]], model: Model) -> dict[str, Counts]:
    return {
        key: count_yes(
            (item.relevant, _log_odds(model, reading) > 0) for item, reading in zip(items, readings[key], strict=True)
        )
        for key, items in bench.sets.items()
    }


def _log_odds(model: Model, reading: Reading) -> float:
    return model.prior + sum(part.contribution for part in model.weigh(reading, measure_subject(reading)))


def speed(bench: Bench, judge: LexiconClassifier) -> None:
    """Print where the time of a judgement goes, on the longer training items; benchmarks/matching.py has the scan."""
    items = [item for item in bench.training if len(item.text.encode()) > 1_000]
    documents = [document_of(item) for item in items]
    size = sum(len(document.text.encode()) for document in documents) / len(documents)
    readings = [bench.read(document) for document in documents]
    measured = [measure_subject(reading) for reading in readings]
    model = hand_model()
    stages: dict[str, Callable[[], object]] = {
        "read and match": lambda: [bench.read(document) for document in documents],
        "measure": lambda: [measure_subject(reading) for reading in readings],
        "weigh": lambda: [model.weigh(*pair) for pair in zip(readings, measured, strict=True)],
        "classify, all of it": lambda: [judge.classify(document) for document in documents],
    }
    print(f"\n{len(documents)} documents of {size:.0f} bytes on average")
    for name, work in stages.items():
        start = time.perf_counter()
        work()
        taken = (time.perf_counter() - start) / len(documents)
        print(f"{name:20} {taken * 1e3:6.2f} ms a document")


if __name__ == "__main__":
    main()
