"""Fits the weights of kinds of act to the items of `classifier/training`, and says how good they are on unseen stories.

Usage: `python -m benchmarks.fit_acts [--write]`; needs `hongtou[tune]`. The figures are accuracies over five folds of
stories, beside those of the votes alone; with `--write` the model fitted to all items goes into the file
`classifier/act_model.json`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

from benchmarks.facts import TRAINING, document
from classifier.act_kinds import lead_act, vote_acts
from classifier.act_model import FILE, ActModel, act_features
from classifier.lexicon_classifier import LexiconClassifier
from classifier.measuring import measure
from config.lexicon import load_lexicon
from core.classification import ACTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDS = 5
PENALTY = 3.3
"""On the squares of weights; chosen among 1 and 3.3 by accuracy on unseen stories and the own items together."""
_SMALL = 0.01
"""Weights below this decide nothing, and are left out of the file."""


def main() -> None:
    """Fit, print, and write when asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    judge = LexiconClassifier(load_lexicon(), threshold=0.0)
    rows = [
        json.loads(line) for file in sorted(TRAINING.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    rows = [row for row in rows if row["relevant"] and row["act"] != "none"]
    examples = [example(judge, row) for row in rows]
    acts = [row["act"] for row in rows]
    folds = [crc32((row["story"] or row["id"]).encode()) % FOLDS for row in rows]
    right = 0
    for fold in range(FOLDS):
        seen = [index for index, other in enumerate(folds) if other != fold]
        model = fit([examples[index][0] for index in seen], [acts[index] for index in seen])
        right += sum(model.choose(examples[i][0]) == acts[i] for i, other in enumerate(folds) if other == fold)
    votes = sum(leader == act for (_, leader), act in zip(examples, acts, strict=True))
    print(f"{len(rows)} items: votes alone {votes / len(rows):.3f}, model on unseen stories {right / len(rows):.3f}")
    if options.write:
        write(fit([features for features, _ in examples], acts), len(rows))


def example(judge: LexiconClassifier, row: dict[str, Any]) -> tuple[dict[str, float], str]:
    """Return the features of an item, and what the votes alone say."""
    reading = judge.read(document(row))
    measured = measure(reading)
    votes = vote_acts(reading, measured.deeds)
    leader = lead_act(votes, measured.deeds, is_official=measured.is_official)
    return act_features(reading, votes, leader), leader


def fit(examples: list[dict[str, float]], acts: list[str]) -> ActModel:
    """Fit multinomial weights under a ridge penalty; intercepts are free."""
    names = sorted({feature for features in examples for feature in features})
    labels = [act for act in ACTS if act in set(acts)]
    places = {name: index for index, name in enumerate(names)}
    design = np.zeros((len(examples), len(names) + 1))
    design[:, -1] = 1.0
    for row, features in enumerate(examples):
        for feature, strength in features.items():
            design[row, places[feature]] = strength
    target = np.array([labels.index(act) for act in acts])
    shape = (len(names) + 1, len(labels))
    solution = minimize(_loss, np.zeros(shape).ravel(), args=(design, target, shape), jac=True, method="L-BFGS-B")
    weights = solution.x.reshape(shape)
    return ActModel(
        {act: float(weights[-1, column]) for column, act in enumerate(labels)},
        {
            name: {act: float(weights[place, column]) for column, act in enumerate(labels)}
            for name, place in places.items()
        },
    )


def _loss(flat: Floats, design: Floats, target: NDArray[np.int64], shape: tuple[int, int]) -> tuple[float, Floats]:
    """Return the penalised log-loss and its gradient."""
    weights = flat.reshape(shape)
    scores = design @ weights
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    rows = np.arange(len(target))
    loss = -np.log(chances[rows, target]).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
    chances[rows, target] -= 1.0
    gradient = design.T @ chances
    gradient[:-1] += PENALTY * weights[:-1]
    return float(loss), gradient.ravel()


def write(model: ActModel, items: int) -> None:
    """Write the model where the program reads it, small weights left out, features by the alphabet."""
    kept = {
        feature: {act: round(weight, 3) for act, weight in by_act.items() if abs(weight) >= _SMALL}
        for feature, by_act in sorted(model.weights.items())
    }
    shown = {
        "items": items,
        "intercepts": {act: round(value, 3) for act, value in model.intercepts.items()},
        "weights": {feature: by_act for feature, by_act in kept.items() if by_act},
    }
    path = Path(__file__).parents[1] / "classifier" / FILE
    lines = json.dumps(shown, ensure_ascii=False, indent=1)
    path.write_text(lines + "\n", encoding="utf-8")
    print(f"wrote {path.name}: {len(kept)} features, {len(lines)} bytes")


if __name__ == "__main__":
    main()
