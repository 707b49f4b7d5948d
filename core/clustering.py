"""Figures of how well items were put together: B-cubed and pairs. Pure.

Clusterings are given as one label an item: items with equal labels are together.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from core.evaluation import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class BCubed:
    """B-cubed figures (Bagga and Baldwin 1998): the mean over items, so that large clusters do not drown small ones."""

    precision: float
    """Mean share of the items put together with an item that belong with it; 1 for no items."""
    recall: float
    """Mean share of the items that belong with an item that were put together with it; 1 for no items."""

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(expected: Sequence[Hashable], given: Sequence[Hashable]) -> BCubed:
    """Score the clusters given to items, in the same order as the expected ones.

    Raises:
        ValueError: The sequences differ in length.
    """
    together = Counter(zip(expected, given, strict=True))
    belong, put = Counter(expected), Counter(given)
    count = len(expected)
    if not count:
        return BCubed(precision=1.0, recall=1.0)
    # An item of a cell of n shares its cluster with n right items, itself counted.
    precision = sum(n * n / put[cluster] for (_, cluster), n in together.items()) / count
    recall = sum(n * n / belong[story] for (story, _), n in together.items()) / count
    return BCubed(precision=precision, recall=recall)


def count_pairs(
    expected: Mapping[str, Hashable],
    given: Mapping[str, Hashable],
    *,
    among: Callable[[str, str], bool] = lambda _one, _other: True,
) -> Counts:
    """Count pairs of items that are together, of those pairs that `among` lets count.

    Args:
        expected: Cluster by item id.
        given: The same for at least all items of `expected`.
        among: Which pairs are of interest, such as those in different languages.

    Raises:
        KeyError: An item was given no cluster.
    """
    counts = Counts()
    for one, other in combinations(expected, 2):
        if not among(one, other):
            continue
        belong, put = expected[one] == expected[other], given[one] == given[other]
        counts += Counts(
            true_positives=int(belong and put),
            false_positives=int(put and not belong),
            false_negatives=int(belong and not put),
            true_negatives=int(not belong and not put),
        )
    return counts
