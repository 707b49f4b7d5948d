"""Fits the weights by which items are put into stories, and says how good they are on unseen ones.

Usage: `python -m benchmarks.fit_stories [--write] [--ablate] [--file FILE.jsonl]`; needs `hongtou[tune]`. Every pair of
an item and a candidate that it would be compared with is an example: of one event or not. The items written for the
classifier are put among those written for stories, to confuse. Figures are of five folds of stories, each judged by
weights that have not seen it; with `--file` also of one file's stories by the weights fitted to the others.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from config.loader import load_settings
from core import linking
from core.linking_features import FEATURES, compare
from core.stories import LinkDecision
from hongtou.evaluating_relations import read_related
from hongtou.evaluating_stories import measure_stories
from hongtou.evaluation import read_labelled
from hongtou.linking_files import link, read_arrivals
from hongtou.logs import configure_logging
from hongtou.parts import build_classifier, build_copy_finder
from hongtou.story_finding import StoryFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from core.story_traits import StoryCandidate, StoryTraits
    from hongtou.evaluating_relations import Related
    from hongtou.evaluating_stories import StoryReport
    from hongtou.evaluation import LabelledItem
    from hongtou.linking_files import Arrival

    Floats = NDArray[np.float64]
    Decide = Callable[[StoryTraits, Sequence[StoryCandidate]], LinkDecision]

ROOT = Path(__file__).parents[1]
TRAINING = sorted((ROOT / "classifier" / "training").glob("*.jsonl"))
STORIES = sorted((ROOT / "classifier" / "story_training").glob("*.jsonl"))
FOLDS = 5
PENALTY = 0.3
"""On the squares of weights; of 0.3, 1 and 3 the best on unseen stories."""
PRIOR = {
    "copy": 8.0, "number": 8.0, "number-cited": 2.5, "number-apart": -1.0, "paper": 3.0, "paper-neutral": 1.0,
    "paper-apart": -6.0, "paper-stage": -4.0, "stage-apart": -2.0, "rounds-apart": -3.0, "forwards-apart": -2.0,
    "years-apart": -1.0, "places-apart": -1.0, "roundup": -4.0, "jurisdiction-apart": -1.0,
}  # fmt: skip
"""Weights that the penalty draws to, where our items have too few examples; others are drawn to nought."""
_LEAST = {"days": -0.2, "late": -2.0}
"""Nearly all our items tell an event within a day of it. Real reports come over four days, all of which are as likely,
and papers are found later still: time alone must not decide."""
_GIVEN = {"elsewhere": -20.0}
"""Acts of two places are two events, in however like words: a story that holds both hides one. Our items have few that
are as short and as alike as the headlines of a dozen cities."""
_WEIGHTS = ROOT / "core" / "linking_weights.py"


class Example(NamedTuple):
    """A pair of an item and one that it was compared with."""

    new: str
    old: str
    features: Mapping[str, float]
    same: bool


class Weights(NamedTuple):
    """Log-odds."""

    bias: float
    by_feature: dict[str, float]


class Set(NamedTuple):
    """Items with labels, read once."""

    arrivals: tuple[Arrival, ...]
    finder: StoryFinder
    related: Related
    meant: Mapping[str, str]
    """Event by id, of the items that measure: the others are there to confuse."""


def main() -> None:
    """Fit, print, and write when asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    configure_logging("warning", "console")
    own = read_set()
    examples = make_examples(own)
    print(f"{len(own.arrivals)} items, {len(examples)} pairs, {sum(one.same for one in examples)} of one event")
    show("unseen stories", run_unseen(own, examples))
    for file in STORIES:
        ids = {json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()}
        kept = fit([one for one in examples if one.new not in ids and one.old not in ids])
        show(f"{file.stem}, by the others", run(own, _always(kept), among=ids))
    if options.ablate:
        show_ablation(own, examples)
    fitted = fit(examples)
    if options.file:
        show(options.file.stem, run(read_set([options.file]), _always(fitted)))
    if options.write:
        write(fitted)


def read_set(files: Iterable[Path] | None = None) -> Set:
    """Read the items of files, or our own: those written for stories, among those written for the classifier."""
    loaded = load_settings(None, environ={})
    finder = StoryFinder(
        LexiconStoryReader(load_lexicon()),
        linking.decide,
        window=loaded.settings.stories.within,
        lineage=loaded.settings.stories.lineage,
    )
    lines = [line for file in files or STORIES for line in file.read_text(encoding="utf-8").splitlines()]
    others = [] if files else [line for file in TRAINING for line in file.read_text(encoding="utf-8").splitlines()]
    items = read_labelled(lines)
    confusing = [replace(item, story="") for item in read_labelled(others)] if others else []
    arrivals = read_arrivals(
        [*items, *confusing],
        build_classifier(loaded),
        copies=build_copy_finder(loaded),
        stories=finder,
    )
    meant = {item.id: item.story or f"alone {item.id}" for item in items}
    return Set(arrivals, finder, read_related(lines), meant)


def make_examples(own: Set) -> list[Example]:
    """Return all pairs that are compared when every item before was put where it belongs."""
    examples: list[Example] = []
    ids = {id(one.marks.traits): one.item.id for one in own.arrivals}
    stored = {id(one.stored.traits): one.item.id for one in own.arrivals}

    def decide(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        new = ids[id(traits)]
        joined = None
        for candidate in candidates:
            old = stored[id(candidate.traits)]
            if new not in own.meant and old not in own.meant:
                continue
            same = own.meant.get(new, new) == own.meant.get(old, old)
            features = compare(traits, candidate.traits, is_copy=candidate.is_copy)
            examples.append(Example(new, old, features, same))
            joined = candidate.story_id if same else joined
        return LinkDecision(story_id=joined)

    link(own.arrivals, _deciding(own.finder, decide))
    return examples


def _deciding(finder: StoryFinder, decide: Decide) -> StoryFinder:
    return StoryFinder(finder._reader, decide, window=finder.window, lineage=finder.lineage)  # noqa: SLF001


def fit(examples: Sequence[Example], without: frozenset[str] = frozenset()) -> Weights:
    """Fit weights of the meant signs under a ridge penalty; the bias is free."""
    names = [name for name in FEATURES if name not in without]
    design = np.array([[example.features.get(name, 0.0) for name in names] + [1.0] for example in examples])
    same = np.array([example.same for example in examples], dtype=np.float64)
    meant = np.array([*(PRIOR.get(name, 0.0) for name in names), 0.0])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        gap = 1 / (1 + np.exp(-odds)) - same
        off = weights - meant
        off[-1] = 0.0
        pull = PENALTY * off
        value = np.logaddexp(0.0, odds).sum() - odds @ same + 0.5 * off @ pull
        return float(value), design.T @ gap + pull

    bounds = [*map(_bounds, names), (None, None)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = {name: round(float(weight), 2) for name, weight in zip(names, found.x, strict=False)}
    return Weights(round(float(found.x[-1]), 2), {name: weight for name, weight in weights.items() if weight})


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in _LEAST:
        return _LEAST[name], 0.0
    if name in _GIVEN:
        return _GIVEN[name], _GIVEN[name]
    sign = FEATURES[name]
    return (0.0 if sign > 0 else None), (0.0 if sign < 0 else None)


def run_unseen(own: Set, examples: Sequence[Example], without: frozenset[str] = frozenset()) -> StoryReport:
    """Put all items into stories, each by weights that were fitted without its story's fold."""
    fold = {name: crc32(event.encode()) % FOLDS for name, event in own.meant.items()}
    fitted = [
        fit([one for one in examples if number not in (fold.get(one.new), fold.get(one.old))], without)
        for number in range(FOLDS)
    ]
    return run(own, lambda name: fitted[fold.get(name, 0)])


def _always(weights: Weights) -> Callable[[str], Weights]:
    return lambda _: weights


def run(own: Set, weights_of: Callable[[str], Weights], *, among: set[str] | None = None) -> StoryReport:
    """Put items into stories, each by weights of its own, and measure those that are meant to measure."""
    ids = {id(one.marks.traits): one.item.id for one in own.arrivals}

    def decide(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        weights = weights_of(ids[id(traits)])
        return linking.decide(traits, candidates, bias=weights.bias, weights=weights.by_feature)

    linked = link(own.arrivals, _deciding(own.finder, decide))
    items: list[LabelledItem] = [one.item for one in own.arrivals if one.item.id in (among or own.meant)]
    told = {linked.stories[item.id] for item in items}
    kept = {item.id for item in items}
    strays = sum(linked.stories[one.item.id] in told and one.item.id not in own.meant for one in own.arrivals)
    if strays:
        print(f"  {strays} items that belong to no story were put into one")
    ties = tuple(tie for tie in linked.ties if tie.later in told and tie.earlier in told)
    stories = {name: story for name, story in linked.stories.items() if name in kept}
    return measure_stories(items, replace(linked, ties=ties, stories=stories), related=own.related)


def show(name: str, report: StoryReport) -> None:
    """Print the figures of a run."""
    whole, told, across = report.all_items, report.story_items, report.cross_language
    print(
        f"{name}: B-cubed {whole.precision:.3f}/{whole.recall:.3f} F1 {whole.f1:.3f} (of stories {told.f1:.3f}); "
        f"pairs P {report.pairs.precision:.3f} R {report.pairs.recall:.3f}; "
        f"across languages P {across.precision:.3f} R {across.recall:.3f}; "
        f"offered {report.offered.value:.3f}, across {report.offered_across.value:.3f}; "
        f"neighbours joined {len(report.neighbours_joined)} of {report.neighbours}"
    )
    if report.relations:
        figures = ", ".join(
            f"{one.relation} {one.found}/{one.right}/{one.expected}" for one in report.relations.figures
        )
        print(f"  relations (found/right/expected): {figures}; P {report.relations.precision:.3f}")


def show_ablation(own: Set, examples: Sequence[Example]) -> None:
    """Print the figures without each group of features."""
    groups: dict[str, set[str]] = {}
    for name in FEATURES:
        groups.setdefault(name.partition("-")[0], set()).add(name)
    for group, names in groups.items():
        show(f"without {group}", run_unseen(own, examples, frozenset(names)))


def write(weights: Weights) -> None:
    """Write the weights into the file that the linker reads them from."""
    lines = [f'    "{name}": {weight},' for name, weight in weights.by_feature.items()]
    text = _WEIGHTS.read_text(encoding="utf-8")
    text = re.sub(r"BIAS = \S+", f"BIAS = {weights.bias}", text)
    text = re.sub(r"WEIGHTS = \{.*?\n\}", lambda _: "WEIGHTS = {\n" + "\n".join(lines) + "\n}", text, flags=re.DOTALL)
    _WEIGHTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
