"""Fits the weights by which items are put into stories, and says how good they are on unseen ones.

Usage: `python -m benchmarks.fit_stories [--write] [--ablate]`; needs `hongtou[tune]`. Every pair of an item and a
candidate that its keys find is an example: of one event or not. Items that belong to no story of the set are put among
them, so that there is as much to confuse as on a busy day. Weights keep the sign that they are meant to have.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

from benchmarks.story_runs import (
    ROOT,
    STORIES,
    TRAINING,
    Labelled,
    Shelf,
    default_reader,
    link_all,
    load,
    read_all,
    score,
)
from core import linking
from core.linking_features import FEATURES, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from core.stories import LinkDecision
    from core.story_traits import StoryCandidate, StoryTraits

    Floats = NDArray[np.float64]

FOLDS = 5
PENALTY = 1.0
"""On the squares of weights."""
PRIOR = {
    "copy": 4.0, "number": 5.0, "number-apart": -1.0, "paper": 2.0, "paper-neutral": 1.0, "paper-apart": -1.0,
    "stage-apart": -2.0, "rounds-apart": -3.0, "forwards-apart": -2.0, "years-apart": -1.0, "places-apart": -1.0,
    "roundup": -4.0, "jurisdiction-apart": -1.0,
}  # fmt: skip
"""Weights that the penalty draws to, where our items have too few examples; others are drawn to nought."""
_LEAST_OF_DAYS = -0.8
"""Nearly all our items tell an event within a day of it; real reports come over four days, so time must not decide."""
FILE = ROOT / "core" / "linking_weights.py"


class Example(NamedTuple):
    """A pair."""

    new: Labelled
    old: Labelled
    features: Mapping[str, float]
    same: bool


class Weights(NamedTuple):
    """Log-odds."""

    bias: float
    by_feature: dict[str, float]


def main() -> None:
    """Fit, print, and write when asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ablate", action="store_true")
    options = parser.parse_args()
    items = own_items()
    examples = make_examples(items)
    print(f"{len(items)} items, {len(examples)} pairs, {sum(example.same for example in examples)} of one event")
    show_unseen(items, examples)
    if options.ablate:
        show_ablation(items, examples)
    if options.write:
        write(fit(examples))


def own_items() -> list[Labelled]:
    """Return the items written for stories, judged and read, among those written for the classifier."""
    reader, judge = default_reader()
    others = [row | {"story": f"other {row['id']}"} for row in load(TRAINING)]
    return read_all([*load(STORIES), *others], reader, judge)


def is_other(item: Labelled) -> bool:
    """Tell whether an item is there to confuse only: which of these tell one event was never said."""
    return item.story.startswith("other ")


def make_examples(items: Sequence[Labelled]) -> list[Example]:
    """Return all pairs that keys find, as items arrive."""
    shelf = Shelf()
    examples: list[Example] = []
    for item in items:
        for place in shelf.find(item):
            old = shelf.items[place]
            if is_other(item) and is_other(old):
                continue
            features = compare(item.marks.traits, old.marks.traits, is_copy=item.copy_of == old.id)
            examples.append(Example(item, old, features, item.story == old.story))
        shelf.put(item)
    return examples


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

    bounds = [_bounds(name) for name in names]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = {name: round(float(weight), 2) for name, weight in zip(names, found.x, strict=False)}
    return Weights(round(float(found.x[-1]), 2), {name: weight for name, weight in weights.items() if weight})


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name == "days":
        return _LEAST_OF_DAYS, 0.0
    sign = FEATURES[name]
    return (0.0 if sign > 0 else None), (0.0 if sign < 0 else None)


def fold_of(item: Labelled) -> int:
    """Return the fold of an item: stories that are akin may lie in different ones."""
    return crc32(item.story.encode()) % FOLDS


def unseen_weights(examples: Sequence[Example], without: frozenset[str] = frozenset()) -> list[Weights]:
    """Return weights by fold, each fitted to pairs of which neither item is of the fold."""
    return [
        fit([one for one in examples if fold not in (fold_of(one.new), fold_of(one.old))], without)
        for fold in range(FOLDS)
    ]


def show_unseen(items: Sequence[Labelled], examples: Sequence[Example]) -> None:
    """Print how items are put into stories by weights that have not seen the story."""
    by_fold = unseen_weights(examples)
    print(f"unseen stories: {run_unseen(items, by_fold)}")


def run_unseen(items: Sequence[Labelled], by_fold: Sequence[Weights]) -> str:
    """Put all items into stories, each by the weights of its own fold, and return the figures."""
    order = iter(items)

    def by(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        weights = by_fold[fold_of(next(order))]
        return linking.decide(traits, candidates, bias=weights.bias, weights=weights.by_feature)

    story, _ = link_all(items, by)
    meant = [item for item in items if not is_other(item)]
    told = {story[item.id] for item in meant}
    strays = sum(is_other(item) and story[item.id] in told for item in items)
    return f"{score(meant, story)}; {strays} strays"


def show_ablation(items: Sequence[Labelled], examples: Sequence[Example]) -> None:
    """Print the figures without each group of features."""
    groups: dict[str, set[str]] = {}
    for name in FEATURES:
        groups.setdefault(re.split("-", name)[0], set()).add(name)
    for group, names in groups.items():
        by_fold = unseen_weights(examples, frozenset(names))
        print(f"without {group}: {run_unseen(items, by_fold)}")


def write(weights: Weights) -> None:
    """Write the weights into the file that the linker reads them from."""
    lines = [f'    "{name}": {weight},' for name, weight in weights.by_feature.items()]
    text = FILE.read_text(encoding="utf-8")
    text = re.sub(r"BIAS = \S+", f"BIAS = {weights.bias}", text)
    text = re.sub(r"WEIGHTS = \{.*?\n\}", lambda _: "WEIGHTS = {\n" + "\n".join(lines) + "\n}", text, flags=re.DOTALL)
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
