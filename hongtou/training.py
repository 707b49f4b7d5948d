"""The train use case: fits the model to labelled items, and says how good its like is on events it has not seen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from string import digits
from typing import TYPE_CHECKING, Any

from classifier.fit_design import Example, make_rows
from classifier.fit_model import count_fits, fit_model, prior_of
from classifier.model import Fitted, hand_model, logistic
from classifier.model_file import program_digest
from core.evaluation import Reliability, count_yes, measure_reliability
from hongtou.evaluation import document_of, read_labelled, relevance_json, reliability_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from classifier.fit_design import Read
    from classifier.fit_model import Fit
    from classifier.model import Model
    from core.evaluation import Counts
    from hongtou.evaluation import LabelledItem

    Begin = Callable[[str, int], Callable[[], None]]
    """Starts a part of the work, by its name and number of steps; what it returns is called after each step."""

_WEIGHTS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """A fitted model, and how its like judges items whose events it has not seen."""

    model: Model
    items: int
    stories: int
    folds: int
    penalties: tuple[float, float]
    """Of features and of wording, as chosen."""
    relevance: Counts
    by_language: tuple[tuple[str, Counts], ...]
    by_kind: tuple[tuple[str, Counts], ...]
    hard: Counts
    reliability: Reliability

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `hongtou train --json`."""
        strongest = self.strongest()
        return {
            "items": self.items,
            "stories": self.stories,
            "folds": self.folds,
            "penalties": {"features": self.penalties[0], "wording": self.penalties[1]},
            "cross_validation": relevance_json(self.relevance),
            "by_language": {name: relevance_json(counts) for name, counts in self.by_language},
            "by_kind": {name: relevance_json(counts) for name, counts in self.by_kind},
            "hard": relevance_json(self.hard),
            "reliability": reliability_json(self.reliability),
            "weights": {feature: round(weight, 4) for feature, weight in strongest},
            "wording": {run: round(weight, 4) for run, weight in self.strongest_runs()},
        }

    def strongest(self) -> list[tuple[str, float]]:
        """Return the features that weigh most, calibrated, the heaviest first."""
        weights = [(feature, self.model.slope * weight) for feature, weight in self.model.weights.items()]
        return sorted(weights, key=lambda pair: -abs(pair[1]))[: 2 * _WEIGHTS_SHOWN]

    def strongest_runs(self) -> list[tuple[str, float]]:
        """Return the runs of words that weigh most, the heaviest first."""
        runs = self.model.wording.weights.items()
        return sorted(runs, key=lambda pair: (-abs(pair[1]), pair[0]))[:_WEIGHTS_SHOWN]


def read_training(folder: Path) -> tuple[LabelledItem, ...]:
    """Read the labelled items of a folder's `*.jsonl` files, by name.

    Raises:
        ConfigError: With every fault of the first file that has any; a folder without items is a fault too.
    """
    items: list[LabelledItem] = []
    for path in sorted(folder.glob("*.jsonl")):
        items += read_labelled(path.read_text(encoding="utf-8").splitlines(), name=path.name)
    return tuple(items) if items else read_labelled([], name=str(folder))


def training_digest(items: Iterable[LabelledItem]) -> str:
    """Return a digest of everything in the items that a model is fitted to, whatever their order."""
    rows = sorted(json.dumps(_fitted_parts(item), ensure_ascii=False) for item in items)
    return hashlib.sha256("\n".join(rows).encode(errors="surrogatepass")).hexdigest()[:16]


def _fitted_parts(item: LabelledItem) -> list[object]:
    published = item.published_at.isoformat() if item.published_at else ""
    return [item.title, item.text, item.url, published, item.voice, item.relevant, item.story]


def stale_parts(model: Model, items: Iterable[LabelledItem], lexicon_version: str) -> tuple[str, ...]:
    """Return what has changed since a model was fitted, of training items, lexicon and features."""
    fitted = model.fitted
    parts = {
        "training items": (fitted.training, training_digest(items)),
        "lexicon": (fitted.lexicon, lexicon_version),
        "features": (fitted.program, program_digest()),
    }
    return tuple(name for name, (before, now) in parts.items() if before != now)


def train(
    items: Sequence[LabelledItem], read: Read, *, lexicon_version: str, folds: int, begin: Begin
) -> TrainingReport:
    """Fit a model to items, around the hand-set weights.

    The order of the items does not matter, and the same items give the same model.

    Args:
        items: Labelled. The letters in front of an id's number tell whose hand wrote it.
        read: Prepares a document as the classifier does.
        lexicon_version: Of the lexicon it reads with.
        folds: Parts of the cross-validation, at least 2.
        begin: Shows progress.
    """
    items = sorted(items, key=lambda item: (item.id, item.title))
    examples = [_example(item) for item in items]
    stories = [example.story for example in examples]
    step = begin("reading", len(items))
    rows = []
    for views in make_rows(examples, read):
        rows += views
        step()
    hands = [item.id.rstrip(digits) for item in items]
    step = begin("fitting", count_fits(folds, hands, with_wording=True))
    fit = fit_model(rows, stories, prior_of(hand_model()), hands=hands, folds=folds, with_wording=True, tick=step)
    fitted = Fitted(
        items=len(items), training=training_digest(items), lexicon=lexicon_version, program=program_digest()
    )
    return _report(items, fit, model=replace(fit.model, fitted=fitted), folds=folds)


def _example(item: LabelledItem) -> Example:
    return Example(document=document_of(item), relevant=item.relevant, story=item.story or f"item:{item.id}")


def _report(items: Sequence[LabelledItem], fit: Fit, *, model: Model, folds: int) -> TrainingReport:
    judged = [(item, logistic(float(raw))) for item, raw in zip(items, fit.unseen, strict=True)]
    languages = dict.fromkeys(item.language for item in items)
    kinds = dict.fromkeys(item.kind for item in items if item.kind)
    return TrainingReport(
        model=model,
        items=len(items),
        stories=len({item.story or item.id for item in items}),
        folds=folds,
        penalties=(fit.penalties.features, fit.penalties.wording),
        relevance=_count(judged),
        by_language=tuple(
            (language, _count([pair for pair in judged if pair[0].language == language])) for language in languages
        ),
        by_kind=tuple((kind, _count([pair for pair in judged if pair[0].kind == kind])) for kind in kinds),
        hard=_count([pair for pair in judged if pair[0].hard]),
        reliability=measure_reliability([(item.relevant, score) for item, score in judged]),
    )


def _count(judged: Iterable[tuple[LabelledItem, float]]) -> Counts:
    return count_yes((item.relevant, score >= 0.5) for item, score in judged)
