"""Weighs what speaks for each kind of act: the votes of papers and verbs, and everyday cues; weights from a file.

The model is multinomial: an act's score is the sum of its weights for the features seen, and the highest wins. Votes
are trusted from the start, and cues only as far as labelled items bear them out (`python -m benchmarks.fit_acts`).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from classifier.act_cues import find_cues
from core.classification import ACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.reading import Reading

FILE = "act_model.json"
_SHARE = 3.0
_LEADER = 2.0
_CUE = 0.4
"""How freely a family of features may weigh: the penalty on a weight falls with the square of this."""


@dataclass(frozen=True, slots=True)
class ActModel:
    """Weights of a multinomial model."""

    intercepts: Mapping[str, float]
    """By act; acts that no item had are missing and are never chosen."""
    weights: Mapping[str, Mapping[str, float]]
    """By feature, then act; what is missing weighs nothing."""

    def choose(self, features: Mapping[str, float], *, leader: str = "", lead: float = 0.0) -> str:
        """Return the act with the highest score, the first of `ACTS` among equals.

        Args:
            features: What was seen, by name.
            leader: An act that stays unless another beats it by `lead`.
            lead: In log-odds, 0 or more.
        """
        scores = dict(self.intercepts)
        if leader in scores:
            scores[leader] += lead
        for feature, strength in features.items():
            for act, weight in self.weights.get(feature, {}).items():
                scores[act] += weight * strength
        return max(scores, key=lambda act: (scores[act], -ACTS.index(act)))


def act_features(reading: Reading, votes: Mapping[str, float], leader: str) -> dict[str, float]:
    """Return the features of a document.

    Args:
        reading: The document.
        votes: Votes by act, all above 0.
        leader: The act that the votes chose.
    """
    total = sum(votes.values())
    shares = {f"share:{act}": _SHARE * vote / total for act, vote in votes.items()}
    sizes = {f"votes:{act}": _SHARE * math.log1p(vote) for act, vote in votes.items()}
    cues = {cue: _CUE * strength for cue, strength in find_cues(reading).items()}
    return {**shares, **sizes, **cues, f"leader:{leader}": _LEADER}


@cache
def load_act_model() -> ActModel:
    """Return the model that comes with the program."""
    document = json.loads(shipped_act_model())
    return ActModel(document["intercepts"], document["weights"])


@cache
def shipped_act_model() -> str:
    """Return the file of the model that comes with the program, as JSON."""
    return resources.files("classifier").joinpath(FILE).read_text(encoding="utf-8")
