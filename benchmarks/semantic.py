"""What the `semantic` extra is worth: for relevance, for stories, and what it costs.

Usage: `python -m benchmarks.semantic relevance [FILE.jsonl ...] [--fit]`, `… stories FILE.jsonl ...` or `… speed`, with
the extra and scipy installed. Relevance is cross-validated on `classifier/training`, by stories and by files (each file
has a hand of its own), and then judged on the files given. `--fit` writes `classifier/embedding/semantic_model.json`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from classifier.embedding.semantic_model import SHIPPED, SemanticModel, load_semantic, semantic_to_json
from classifier.embedding.semantic_weigher import SemanticWeigher
from classifier.embedding.text_vectors import TextVectors, embedded_text
from classifier.embedding.use_embedder import UseEmbedder
from classifier.fit import Penalties, Prior, Problem, fit_weights
from classifier.fit_design import RELEVANT_SHARE, Example, make_rows
from classifier.fit_model import fit_model, fold_of, prior_of
from classifier.lexicon_classifier import LexiconClassifier
from classifier.model import hand_model
from config.lexicon import load_lexicon
from core.embedding import Centring, mean_of
from core.evaluation import count_yes
from hongtou.evaluation import document_of, read_labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from core.embedding import Embedder
    from hongtou.evaluation import LabelledItem

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TRAINING = Path(__file__).parents[1] / "classifier" / "training"
FOLDS = 5
LIMIT = 1.5
"""Most that meaning may add or take: as much as wording may."""
PENALTIES = (1.0, 2.0, 4.0, 8.0, 16.0)
WINDOW = timedelta(days=10)


def main() -> None:
    """Run the part that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("relevance", "stories", "speed"))
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_intermixed_args()
    started = time.perf_counter()
    embedder = UseEmbedder()
    print(f"{embedder.version}: loaded in {time.perf_counter() - started:.2f} s")
    if options.part == "speed":
        measure_speed(embedder)
    elif options.part == "stories":
        for file in options.files:
            measure_stories(read_file(file), embedder, name=file.stem)
    else:
        measure_relevance(embedder, options.files, write=options.fit)


def read_file(path: Path) -> tuple[LabelledItem, ...]:
    """Return the labelled items of a file."""
    return read_labelled(path.read_text(encoding="utf-8").splitlines(), name=path.name)


def is_chinese(item: LabelledItem) -> bool:
    """Tell whether an item is in Chinese."""
    return item.language.startswith("zh")


def embed(items: Sequence[LabelledItem], embedder: Embedder) -> list[tuple[float, ...]]:
    """Return the vectors of items as the model gives them."""
    return list(embedder.embed([embedded_text(item.title, item.text, is_chinese=is_chinese(item)) for item in items]))


def centring_of(items: Sequence[LabelledItem], vectors: Sequence[tuple[float, ...]]) -> Centring:
    """Return the means of the two languages."""
    pairs = list(zip(items, vectors, strict=True))
    return Centring(
        means={
            "zh": mean_of([vector for item, vector in pairs if is_chinese(item)]),
            "en": mean_of([vector for item, vector in pairs if not is_chinese(item)]),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The training items as numbers, one row each."""

    vectors: Floats
    """Centred, shape (items, dimensions)."""
    before: Floats
    """Log-odds by the lexicon's model, each by a fit that did not see the item's story; shape (items,)."""
    relevant: Flags
    named: Flags
    """Whether the item names a technology."""
    importance: Floats


def fit_head(data: Data, rows: Flags, penalty: float) -> tuple[float, Floats]:
    """Return offset and weights of vectors, on top of what the lexicon's model says of the rows."""
    rows = rows & data.named
    problem = Problem(
        features=data.before[rows, None],
        wording=csr_array(data.vectors[rows]),
        relevant=data.relevant[rows],
        importance=data.importance[rows],
    )
    # What the lexicon says is taken as it is: its one weight is held at 1.
    prior = Prior(intercept=0.0, weights=np.ones(1), bounds=[(1.0, 1.0)])
    solution = fit_weights(problem, prior, Penalties(features=1.0, wording=penalty))
    return solution.intercept, solution.wording


def raised(data: Data, rows: Flags, head: tuple[float, Floats]) -> Floats:
    """Return the log-odds of rows with what meaning adds."""
    added = np.clip(head[0] + data.vectors[rows] @ head[1], -LIMIT, LIMIT)
    return np.asarray(data.before[rows] + np.where(data.named[rows], added, 0.0))


def unseen(data: Data, parts: NDArray[np.int64], penalty: float) -> Floats:
    """Return the log-odds of every item by heads that did not see its part."""
    log_odds = data.before.copy()
    for part in range(int(parts.max()) + 1):
        log_odds[parts == part] = raised(data, parts == part, fit_head(data, parts != part, penalty))
    return log_odds


def loss_of(data: Data, log_odds: Floats) -> tuple[float, float]:
    """Return mean log-loss, weighted to the mix, and its standard error."""
    losses = np.logaddexp(0.0, -np.where(data.relevant, 1.0, -1.0) * log_odds)
    mean = float(np.average(losses, weights=data.importance))
    share = data.importance / data.importance.sum()
    return mean, float(np.sqrt(np.sum((share * (losses - mean)) ** 2)))


def measure_relevance(embedder: Embedder, files: Sequence[Path], *, write: bool) -> None:
    """Cross-validate, fit, and judge files without and with meaning."""
    sources = [(file.stem, item) for file in sorted(TRAINING.glob("*.jsonl")) for item in read_file(file)]
    items = [item for _, item in sources]
    names = sorted({name for name, _ in sources})
    plain = LexiconClassifier(load_lexicon(), threshold=0.5)
    examples = [
        Example(document=document_of(item), relevant=item.relevant, story=item.story or f"item:{item.id}")
        for item in items
    ]
    rows = [row for views in make_rows(examples, plain.read) for row in views]
    stories = [example.story for example in examples]
    fit = fit_model(rows, stories, prior_of(hand_model()), folds=FOLDS, with_wording=True, tick=lambda: None)
    raw = embed(items, embedder)
    centring = centring_of(items, raw)
    relevant = np.array([item.relevant for item in items])
    balance = relevant.sum() / (~relevant).sum() * (1 - RELEVANT_SHARE) / RELEVANT_SHARE
    data = Data(
        vectors=np.array(
            [
                centring.centred(vector, "zh" if is_chinese(item) else "en")
                for item, vector in zip(items, raw, strict=True)
            ]
        ),
        before=fit.unseen,
        relevant=relevant,
        named=np.array(["no-technology" not in row.strengths for row in rows if row.is_whole]),
        importance=np.where(relevant, 1.0, balance),
    )
    show("training, without", data.relevant, data.before, data)
    by_story = fold_of(stories, FOLDS)
    by_file = np.array([names.index(name) for name, _ in sources], dtype=np.int64)
    tried: list[tuple[float, float, float]] = []
    for penalty in PENALTIES:
        log_odds = unseen(data, by_story, penalty)
        show(f"training by story, penalty {penalty}", data.relevant, log_odds, data)
        log_odds = unseen(data, by_file, penalty)
        show(f"training by file,  penalty {penalty}", data.relevant, log_odds, data)
        tried.append((*loss_of(data, log_odds), penalty))
    least = min(tried)
    chosen = max(penalty for loss, _, penalty in tried if loss <= least[0] + least[1])
    print(f"chosen penalty: {chosen}, the greatest within a standard error of the least loss by file")
    offset, weights = fit_head(data, np.ones(len(items), dtype=np.bool_), chosen)
    model = SemanticModel(
        embedder=embedder.version, offset=offset, weights=tuple(map(float, weights)), limit=LIMIT, centring=centring
    )
    if write:
        SHIPPED.write_text(semantic_to_json(model), encoding="utf-8")
    lexicon = load_lexicon()
    without = LexiconClassifier(lexicon, threshold=0.5, model=fit.model)
    further = SemanticWeigher(embedder, model, threshold=0.5)
    with_meaning = LexiconClassifier(lexicon, threshold=0.5, model=fit.model, further=further)
    for file in files:
        judge(file, without, "without")
        judge(file, with_meaning, "with")


def show(name: str, relevant: Flags, log_odds: Floats, data: Data) -> None:
    """Print precision, recall, F1 and loss."""
    counts = count_yes(zip(map(bool, relevant), map(bool, log_odds >= 0), strict=True))
    loss, error = loss_of(data, log_odds)
    print(
        f"{name:34} P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f} loss {loss:.4f} ± {error:.4f}",
        flush=True,
    )


def judge(file: Path, classifier: LexiconClassifier, name: str) -> None:
    """Print how a classifier judges the items of a file, and for how many meaning was asked."""
    items = read_file(file)
    given = [classifier.classify(document_of(item)) for item in items]
    counts = count_yes((item.relevant, got.relevant) for item, got in zip(items, given, strict=True))
    asked = sum(any(part.kind == "semantic" for part in got.evidence) for got in given)
    brier = sum((got.score - item.relevant) ** 2 for item, got in zip(items, given, strict=True)) / len(items)
    print(
        f"{file.stem:20} {name:8} P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f}"
        f" wrong {counts.false_positives}+{counts.false_negatives} Brier {brier:.4f} asked {asked / len(items):.1%}",
        flush=True,
    )


def measure_stories(items: Sequence[LabelledItem], embedder: Embedder, *, name: str) -> None:
    """Print how well likeness tells pairs of one story from others, within ten days, by the shipped centring."""
    dated = [(item.published_at, item) for item in items if item.published_at]
    items = [item for _, item in dated]
    vectors = TextVectors(embedder, load_semantic().centring)
    made = np.array(vectors.vectors([(item.title, item.text, is_chinese(item)) for item in items]))
    alike = made @ made.T
    pairs = [
        (one, other)
        for one, other in combinations(range(len(items)), 2)
        if abs(dated[one][0] - dated[other][0]) <= WINDOW
    ]
    groups: dict[str, Callable[[int, int], bool]] = {
        "one language": lambda one, other: is_chinese(items[one]) == is_chinese(items[other]),
        "two languages": lambda one, other: is_chinese(items[one]) != is_chinese(items[other]),
    }
    for group, belongs in groups.items():
        chosen = [pair for pair in pairs if belongs(*pair)]
        same = [bool(items[one].story) and items[one].story == items[other].story for one, other in chosen]
        for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            counts = count_yes(zip(same, (alike[pair] >= least for pair in chosen), strict=True))
            print(
                f"{name:20} {group:14} likeness {least:.2f}: P {counts.precision:.3f} R {counts.recall:.3f}"
                f" F1 {counts.f1:.3f} of {sum(same)} pairs among {len(chosen)}"
            )


def measure_speed(embedder: Embedder) -> None:
    """Print texts a second of processor time, one at a time and many at once."""
    items = read_file(TRAINING / "mainland.jsonl")[:256]
    texts = [embedded_text(item.title, item.text, is_chinese=is_chinese(item)) for item in items]
    for name, batches in (("titles and leads at once", [texts]), ("one at a time", [[text] for text in texts])):
        started = time.process_time()
        for batch in batches:
            embedder.embed(batch)
        print(f"{name}: {len(texts) / (time.process_time() - started):.0f} texts/s")


if __name__ == "__main__":
    main()
