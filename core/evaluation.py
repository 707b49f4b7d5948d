"""Figures of a classifier's quality from pairs of expected and given answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often a yes was right, wrong, or missing."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the counts of both together."""
        return Counts(
            true_positives=self.true_positives + other.true_positives,
            false_positives=self.false_positives + other.false_positives,
            false_negatives=self.false_negatives + other.false_negatives,
            true_negatives=self.true_negatives + other.true_negatives,
        )

    @property
    def items(self) -> int:
        """How many were counted."""
        return self.true_positives + self.false_positives + self.false_negatives + self.true_negatives

    @property
    def precision(self) -> float:
        """Share of given yeses that are right; 1 when none was given."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of expected yeses that were given; 1 when none was expected."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 when there is nothing to find and nothing was given."""
        wrong = self.false_positives + self.false_negatives
        return _share(2 * self.true_positives, 2 * self.true_positives + wrong)

    @property
    def false_positive_rate(self) -> float:
        """Share of the items that expect a no but were given a yes; 0 when there are none."""
        negatives = self.false_positives + self.true_negatives
        return self.false_positives / negatives if negatives else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def count_yes(pairs: Iterable[tuple[bool, bool]]) -> Counts:
    """Count pairs of (expected, given)."""
    counts = Counts()
    for expected, given in pairs:
        counts += Counts(
            true_positives=int(expected and given),
            false_positives=int(given and not expected),
            false_negatives=int(expected and not given),
            true_negatives=int(not expected and not given),
        )
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScores:
    """How well sets of labels were given."""

    macro_f1: float
    """Mean F1 over the labels that occur in the expected or the given sets; 1 when none does.

    A label that occurs in neither says nothing about the classifier: counting it as 1 would lift the mean of a small
    set, counting it as 0 would lower it.
    """
    micro_f1: float
    """F1 over all single decisions."""
    by_label: tuple[tuple[str, Counts], ...]
    """Counts of each label that occurs, in the order of `labels`."""


def score_labels(pairs: Sequence[tuple[Iterable[str], Iterable[str]]], labels: Iterable[str]) -> LabelScores:
    """Score pairs of (expected, given) label sets over known labels."""
    sets = [(frozenset(expected), frozenset(given)) for expected, given in pairs]
    by_label = [(label, count_yes((label in expected, label in given) for expected, given in sets)) for label in labels]
    occurring = [(label, counts) for label, counts in by_label if _occurs(counts)]
    total = sum((counts for _, counts in occurring), Counts())
    macro = sum(counts.f1 for _, counts in occurring) / len(occurring) if occurring else 1.0
    return LabelScores(macro_f1=macro, micro_f1=total.f1, by_label=tuple(occurring))


def _occurs(counts: Counts) -> bool:
    return counts.true_positives + counts.false_positives + counts.false_negatives > 0


def accuracy(pairs: Sequence[tuple[object, object]]) -> float:
    """Return the share of equal pairs; 1 when there are none."""
    return _share(sum(expected == given for expected, given in pairs), len(pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Items whose scores lie close together, and how many of them are right to flag."""

    low: float
    high: float
    """Scores from `low`, below `high`; the last bin includes 1."""
    items: int
    mean_score: float
    """0 when the bin is empty, like the next."""
    relevant_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Whether scores are honest: of the items scored 0.8, eight in ten should be relevant."""

    bins: tuple[ReliabilityBin, ...]
    calibration_error: float
    """Mean distance of score and share over the bins, weighted by their items (ECE); 0 at best."""
    brier: float
    """Mean squared distance of score and answer; 0 at best, 0.25 for a coin's."""


def measure_reliability(pairs: Sequence[tuple[bool, float]], *, bins: int = 10) -> Reliability:
    """Compare answers with scores, in bins of equal width.

    Args:
        pairs: (relevant, score from 0 to 1).
        bins: Number of bins, at least 1.
    """
    parts: list[list[tuple[bool, float]]] = [[] for _ in range(bins)]
    for relevant, score in pairs:
        parts[min(bins - 1, int(score * bins))].append((relevant, score))
    rows = tuple(_reliability_bin(part, index / bins, (index + 1) / bins) for index, part in enumerate(parts))
    total = max(1, len(pairs))
    return Reliability(
        bins=rows,
        calibration_error=sum(row.items * abs(row.mean_score - row.relevant_share) for row in rows) / total,
        brier=sum((score - relevant) ** 2 for relevant, score in pairs) / total,
    )


def _reliability_bin(part: Sequence[tuple[bool, float]], low: float, high: float) -> ReliabilityBin:
    items = max(1, len(part))
    return ReliabilityBin(
        low=low,
        high=high,
        items=len(part),
        mean_score=sum(score for _, score in part) / items,
        relevant_share=sum(relevant for relevant, _ in part) / items,
    )
