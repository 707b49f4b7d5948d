"""The linear model: what every feature and every run of words weighs. It reads and writes no file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from classifier.evidence import pattern_evidence
from classifier.weights import BELIEFS, PRIOR
from classifier.wording import find_wording
from core.classification import Evidence, Zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from classifier.measuring import Measured
    from classifier.reading import Reading

WORDING = "pattern.wording"
"""Concept of the evidence that wording gives."""
_RUNS_SHOWN = 3
"""Runs of words that are shown by themselves; the rest is one sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What runs of words weigh."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """Log-odds of each run; those of one document are divided by the root of their number."""
    limit: float = 0.0
    """Most that wording may add or take in all, before calibration: it is never enough by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What the model was fitted with; all empty for a model set by hand."""

    items: int = 0
    training: str = ""
    """Digest of the training items."""
    lexicon: str = ""
    """Version of the lexicon that measured them."""
    program: str = ""
    """Digest of the features and what is believed of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Log-odds by feature. A document's are `prior` plus what `weigh` yields."""

    intercept: float
    weights: Mapping[str, float]
    """One for each of `classifier.weights.FEATURES`."""
    slope: float = 1.0
    offset: float = 0.0
    """Calibration: true log-odds are slope * raw + offset (Platt, on scores of items that the fit did not see)."""
    wording: Wording = field(default_factory=Wording)
    fitted: Fitted = field(default_factory=Fitted)

    @property
    def prior(self) -> float:
        """Log-odds before anything is read."""
        return self.slope * self.intercept + self.offset

    def weigh(self, reading: Reading, measured: Measured) -> tuple[Evidence, ...]:
        """Return evidence whose contributions and `prior` add up to the log-odds, in no order.

        Args:
            reading: The document.
            measured: Its features. Its runs of words count only where they name a technology.
        """
        evidence = [
            part
            for measure in measured.measures
            if self.weights[measure.feature]
            for part in measure.weighed(self.slope * self.weights[measure.feature])
        ]
        if self.wording.weights and all(measure.feature != "no-technology" for measure in measured.measures):
            evidence += self._weigh_wording(reading)
        return tuple(evidence)

    def _weigh_wording(self, reading: Reading) -> Iterator[Evidence]:
        """Yield the strongest runs where they stand, and all others as one sum."""
        wording = find_wording(reading)
        known = {run: self.wording.weights[run] for run in wording if run in self.wording.weights}
        total = sum(known.values()) / math.sqrt(len(known)) if known else 0.0
        if not total:
            return
        scale = self.slope * min(1.0, self.wording.limit / abs(total)) / math.sqrt(len(known))
        shown = sorted(known, key=lambda run: (-abs(known[run]), run))[:_RUNS_SHOWN]
        for run in shown:
            zone, start, end = wording[run]
            yield replace(pattern_evidence(reading, "wording", zone, (start, end)), contribution=scale * known.pop(run))
        if known:
            rest = pattern_evidence(reading, "wording", Zone.TITLE, (0, 0))
            yield replace(rest, contribution=scale * sum(known.values()))


def hand_model() -> Model:
    """Return the model that is believed in before any data: no wording, no calibration."""
    return Model(intercept=PRIOR, weights={feature: belief.weight for feature, belief in BELIEFS.items()})


def logistic(log_odds: float) -> float:
    """Return the probability of log-odds; exact also where they are large."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1 + odds)
