"""Turns labelled documents into the rows that a model is fitted to. Needs scipy."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from classifier.fit import Problem
from classifier.measuring import measure_subject
from classifier.weights import FEATURES
from classifier.wording import find_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from classifier.reading import Reading
    from core.classification import Document

    Read = Callable[[Document], Reading]

RELEVANT_SHARE = 0.4
"""Share of relevant items in the mix that scores are honest for: less than in training (46 %), more than in a feed."""
_TITLE_ONLY = 0.25
_SEEN_AS_SUCH = 0.3
"""Least strength of act and technology in a title for a relevant item to be recognisable by its title alone."""
_LEAST_ITEMS = 4
_LEAST_STORIES = 3
"""Runs of words that fewer items or stories have say more about these than about wording."""
_INDEX = {feature: index for index, feature in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled document."""

    document: Document
    relevant: bool
    story: str
    """Items of one event share it; folds keep them together."""
    importance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One view of one example, measured."""

    example: int
    """Index of the example."""
    strengths: Mapping[str, float]
    runs: frozenset[str]
    relevant: bool
    importance: float
    is_whole: bool
    """Whether it is the example as it came; the other views are trained on, and not judged."""


def make_rows(examples: Sequence[Example], read: Read) -> Iterator[list[Row]]:
    """Yield the rows of each example in turn.

    Half of an example's weight goes to a view without its source, which is unknown in many feeds; so that a model that
    knows only written pages does not take the voice for the act. A further view has the title alone, as lists do.
    """
    for index, example in enumerate(examples):
        anonymous = replace(example.document, voice=None, issuer="", url="")
        rows = [
            _row(index, example, read(example.document), share=0.5, is_whole=True),
            _row(index, example, read(anonymous), share=0.5, is_whole=False),
        ]
        titled = _row(index, example, read(replace(anonymous, text="")), share=_TITLE_ONLY, is_whole=False)
        if not example.relevant or _shows(titled.strengths):
            rows.append(titled)
        yield rows


def _row(index: int, example: Example, reading: Reading, *, share: float, is_whole: bool) -> Row:
    strengths = measure_subject(reading).strengths()
    return Row(
        example=index,
        strengths=strengths,
        runs=frozenset(find_wording(reading)) if "no-technology" not in strengths else frozenset(),
        relevant=example.relevant,
        importance=share * example.importance,
        is_whole=is_whole,
    )


def _shows(strengths: Mapping[str, float]) -> bool:
    """Tell whether a title shows an act on a technology by itself."""
    return strengths.get("joined.title", 0.0) >= _SEEN_AS_SUCH


def balanced(rows: Sequence[Row]) -> list[Row]:
    """Return rows whose importance makes `RELEVANT_SHARE` of the whole relevant, the relevant ones unchanged."""
    relevant = sum(row.importance for row in rows if row.relevant)
    other = sum(row.importance for row in rows if not row.relevant)
    if not relevant or not other:
        return list(rows)
    factor = relevant / other * (1 - RELEVANT_SHARE) / RELEVANT_SHARE
    return [row if row.relevant else replace(row, importance=row.importance * factor) for row in rows]


def choose_runs(rows: Iterable[Row], stories: Sequence[str]) -> tuple[str, ...]:
    """Return the runs of words that enough items of enough stories have, in order.

    Args:
        rows: Measured; those that are not whole are left aside.
        stories: The story of each example.
    """
    items: Counter[str] = Counter()
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.is_whole:
            items.update(row.runs)
            for run in row.runs:
                seen[run].add(stories[row.example])
    return tuple(
        sorted(run for run, count in items.items() if count >= _LEAST_ITEMS and len(seen[run]) >= _LEAST_STORIES)
    )


def make_problem(rows: Sequence[Row], runs: Sequence[str]) -> Problem:
    """Return rows as arrays, with these runs of words; each row's are divided by the root of their number."""
    features = np.zeros((len(rows), len(FEATURES)))
    for number, row in enumerate(rows):
        for feature, strength in row.strengths.items():
            features[number, _INDEX[feature]] = strength
    return Problem(
        features=csr_array(features),
        wording=_wording(rows, runs),
        relevant=np.array([row.relevant for row in rows], dtype=np.bool_),
        importance=np.array([row.importance for row in rows], dtype=np.float64),
    )


def _wording(rows: Sequence[Row], runs: Sequence[str]) -> csr_array:
    columns = {run: index for index, run in enumerate(runs)}
    pointers, indices, values = [0], list[int](), list[float]()
    for row in rows:
        known = sorted(columns[run] for run in row.runs if run in columns)
        indices += known
        values += [1 / math.sqrt(max(1, len(known)))] * len(known)
        pointers.append(len(indices))
    return csr_array((np.array(values), np.array(indices), np.array(pointers)), shape=(len(rows), len(runs)))
