"""The tune use case: fits threshold and weights to the user's labels, and shows what would change; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from classifier.fit_design import Row
from classifier.fit_tuning import PENALTIES, fit_tuned
from classifier.measuring import measure_subject
from classifier.model import WORDING, Fitted, logistic
from classifier.model_file import program_digest
from core.errors import ConfigError, ConfigProblem
from core.evaluation import Counts, count_yes
from hongtou.evaluation import document_of, relevance_json
from hongtou.training import training_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.fit_design import Read
    from classifier.fit_tuning import Tuned
    from classifier.model import Model
    from hongtou.evaluation import LabelledItem, SourceFinder
    from hongtou.training import Begin

LEAST_LABELS = 30
LEAST_OF_EACH = 8
"""Fewer labels, or fewer of one answer, say more about chance than about what a user wants."""
_FOLDS = 5
_MOVES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A label that would be judged otherwise."""

    item: LabelledItem
    before: float
    after: float
    """Scores, by the model fitted to all labels, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningReport:
    """What tuning would do."""

    model: Model
    threshold: float
    """Which goes with the model."""
    labels: int
    before: Counts
    """By model and threshold in use."""
    after: Counts
    """By models and thresholds that did not see the label's story."""
    moves: tuple[tuple[str, float, float], ...]
    """(feature, weight before, after) of those that move most, the farthest first."""
    flips: tuple[Flip, ...]
    """In the order of the labels."""

    @property
    def helps(self) -> bool:
        """Whether labels that were not seen are judged better than before."""
        return self.after.f1 > self.before.f1

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `hongtou tune --json`."""
        return {
            "labels": self.labels,
            "before": relevance_json(self.before),
            "after": relevance_json(self.after),
            "helps": self.helps,
            "threshold": self.threshold,
            "weights": {name: {"before": round(old, 4), "after": round(new, 4)} for name, old, new in self.moves},
            "flips": [
                {"id": flip.item.id, "title": flip.item.title, "relevant": flip.item.relevant}
                | {"before": round(flip.before, 4), "after": round(flip.after, 4)}
                for flip in self.flips
            ],
        }


def tune(
    labels: Sequence[LabelledItem],
    read: Read,
    model: Model,
    *,
    threshold: float,
    lexicon_version: str,
    find_source: SourceFinder | None,
    begin: Begin,
) -> TuningReport:
    """Fit to labels, around a model.

    Args:
        labels: The user's.
        read: Prepares a document as the classifier does.
        model: In use; the fit starts from it.
        threshold: In use.
        lexicon_version: Of the lexicon that `read` uses.
        find_source: Tells the known source of a label, for its voice.
        begin: Shows progress.

    Raises:
        ConfigError: There are too few labels.
    """
    _refuse_few(labels)
    step = begin("reading", len(labels))
    rows, given = [], []
    for index, item in enumerate(labels):
        row, wording = _measured(index, item, read, model, find_source=find_source)
        rows.append(row)
        given.append(wording)
        step()
    stories = [item.story or " ".join(item.title.split()) for item in labels]
    step = begin("fitting", _FOLDS * len(PENALTIES) + 1)
    tuned = fit_tuned(rows, given, stories, model, threshold=threshold, folds=_FOLDS, tick=step)
    fitted = Fitted(
        items=len(labels), training=training_digest(labels), lexicon=lexicon_version, program=program_digest()
    )
    return _report(labels, rows, given, model, tuned=replace(tuned, model=replace(tuned.model, fitted=fitted)),
                   threshold=threshold)  # fmt: skip


def _refuse_few(labels: Sequence[LabelledItem]) -> None:
    yes = sum(item.relevant for item in labels)
    least = min(yes, len(labels) - yes)
    if len(labels) >= LEAST_LABELS and least >= LEAST_OF_EACH:
        return
    message = (
        f"are too few to tune to: {len(labels)} ({yes} yes, {len(labels) - yes} no), where {LEAST_LABELS} are needed"
        f" and {LEAST_OF_EACH} of either answer; `hongtou label` asks for more"
    )
    raise ConfigError([ConfigProblem(where="labels", key="", message=message)])


def _measured(
    index: int, item: LabelledItem, read: Read, model: Model, *, find_source: SourceFinder | None
) -> tuple[Row, float]:
    """Return a label as a row, and what its wording gives it."""
    reading = read(document_of(item, find_source))
    measured = measure_subject(reading)
    wording = sum(part.contribution for part in model.weigh(reading, measured) if part.concept == WORDING)
    row = Row(
        example=index,
        strengths=measured.strengths(),
        runs=frozenset(),
        relevant=item.relevant,
        importance=1.0,
        is_whole=True,
    )
    return row, wording


def _report(
    labels: Sequence[LabelledItem],
    rows: Sequence[Row],
    given: Sequence[float],
    model: Model,
    *,
    tuned: Tuned,
    threshold: float,
) -> TuningReport:
    before = [_score(model, row, wording) for row, wording in zip(rows, given, strict=True)]
    after = [_score(tuned.model, row, wording) for row, wording in zip(rows, given, strict=True)]
    moves = [(feature, model.slope * model.weights[feature], weight) for feature, weight in tuned.model.weights.items()]
    return TuningReport(
        model=tuned.model,
        threshold=tuned.threshold,
        labels=len(labels),
        before=count_yes((item.relevant, score >= threshold) for item, score in zip(labels, before, strict=True)),
        after=count_yes((item.relevant, flag) for item, flag in zip(labels, tuned.flagged, strict=True)),
        moves=tuple(sorted(moves, key=lambda move: -abs(move[2] - move[1]))[:_MOVES_SHOWN]),
        flips=tuple(
            Flip(item=item, before=old, after=new)
            for item, old, new in zip(labels, before, after, strict=True)
            if (old >= threshold) != (new >= tuned.threshold)
        ),
    )


def _score(model: Model, row: Row, wording: float) -> float:
    weighed = sum(model.weights[feature] * strength for feature, strength in row.strengths.items())
    return logistic(model.prior + model.slope * weighed + wording)
