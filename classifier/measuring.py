"""Everything that is measured of a document, before a model weighs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.act_features import find_acts, find_joined, find_named, official_title
from classifier.actors import find_deed
from classifier.features import SUBJECTS, find_subjects
from classifier.manner import find_manner
from classifier.signals import find_signals

if TYPE_CHECKING:
    from classifier.actors import Deed
    from classifier.evidence import Measure
    from classifier.reading import Reading


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in a document."""

    measures: tuple[Measure, ...]
    """Each feature at most once."""
    deeds: tuple[Deed, ...]
    """Of every clause in which somebody with authority does something, in order."""
    is_official: bool
    """Whether the title has the form of an authority's own paper."""

    def strengths(self) -> dict[str, float]:
        """Return the strength of every feature that was seen."""
        return {measure.feature: measure.strength for measure in self.measures}


def measure(reading: Reading) -> Measured:
    """Measure every feature of a document."""
    deeds = tuple(find_deed(reading, clause) for clause in reading.clauses)
    official = official_title(reading)
    measures = (
        *find_subjects(reading, deeds, is_official=official is not None),
        *find_acts(reading, deeds, official),
        *find_joined(reading, deeds, official),
        *find_named(reading),
        *find_manner(reading, deeds),
        *find_signals(reading, deeds),
    )
    return Measured(measures, tuple(deed for deed in deeds if deed.strength > 0), official is not None)


def measure_subject(reading: Reading) -> Measured:
    """Measure what decides: a document that names no technology can never count, whatever authorities do in it.

    Nothing else of such a document is measured, which spares three of four ordinary ones most of the work.
    """
    if any(clause.of(*SUBJECTS) for clause in reading.clauses):
        return measure(reading)
    return Measured(tuple(find_subjects(reading, (), is_official=False)), (), is_official=False)
