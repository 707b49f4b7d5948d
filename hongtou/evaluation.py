"""The eval use case: judge labelled items and measure relevance, topics, jurisdiction and act; list the misses.

Items are read from JSON lines in the format of docs/classification.md. It knows the classifier by its port only.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.classification import ACTS, TOPICS, Document, Stage
from core.errors import ConfigError, ConfigProblem
from core.evaluation import (
    Counts,
    LabelScores,
    Reliability,
    accuracy,
    count_yes,
    measure_reliability,
    score_labels,
)
from core.source import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from core.classification import Classification
    from core.ports import Classifier
    from core.source import Source

    SourceFinder = Callable[[str, str], Source | None]
    """Finds a known source by a labelled item's `source` id and `url`; None when there is none."""

_TEXT_FIELDS = ("id", "source", "url", "lang", "published", "title", "body", "act", "story", "kind", "voice")
_STAGES = frozenset(stage.value for stage in Stage)
_FACTS = frozenset({"stage", "effective_on", "comments_until"})
_EVIDENCE_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledItem:
    """One item with what a reader said of it."""

    id: str
    title: str
    text: str
    url: str
    source: str
    language: str
    published_at: datetime | None
    relevant: bool
    hard: bool
    """A borderline item, by the reader."""
    topics: tuple[str, ...]
    jurisdiction: str | None
    act: str
    story: str = ""
    """Items of one event share it; empty for an item on its own."""
    kind: str = ""
    """What sort of item it is (`official`, `flash`, …), in free words; figures are given for each."""
    voice: Voice | None = None
    """Who speaks, where no source is known that tells."""
    told: frozenset[str] = frozenset()
    """Of `stage`, `effective_on`, `comments_until`, those that the reader spoke of, be it to say that there is none."""
    stage: Stage | None = None
    effective_on: date | None = None
    comments_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An item on which the classifier and the reader differ."""

    item: LabelledItem
    got: Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """All figures over one set of labelled items."""

    classifier: str
    items: int
    relevance: Counts
    by_language: tuple[tuple[str, Counts], ...]
    """Relevance by the items' language, in order of first appearance."""
    hard: Counts
    """Relevance over the items marked hard."""
    topics: LabelScores
    """Over all items: an item that is not relevant has no topics."""
    jurisdiction_accuracy: float
    """Over the items that are relevant to the reader."""
    act_accuracy: float
    """Over the same items."""
    by_kind: tuple[tuple[str, Counts], ...]
    """Relevance by the items' kind, in order of first appearance; empty where no item has one."""
    reliability: Reliability
    """Of the scores."""
    facts: tuple[tuple[str, int, float], ...]
    """(name, items, accuracy) of stage, effective day and last day for comments, over relevant items that tell it."""
    misses: tuple[Miss, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `hongtou eval --json`."""
        return {
            "classifier": self.classifier,
            "items": self.items,
            "relevance": relevance_json(self.relevance),
            "topics": {
                "macro_f1": round(self.topics.macro_f1, 4),
                "micro_f1": round(self.topics.micro_f1, 4),
                "by_topic": {label: round(counts.f1, 4) for label, counts in self.topics.by_label},
            },
            "jurisdiction": {"accuracy": round(self.jurisdiction_accuracy, 4)},
            "act": {"accuracy": round(self.act_accuracy, 4)},
            "facts": {name: {"items": items, "accuracy": round(share, 4)} for name, items, share in self.facts},
            "by_language": {language: relevance_json(counts) for language, counts in self.by_language},
            "by_kind": {kind: relevance_json(counts) for kind, counts in self.by_kind},
            "hard": {
                "positives": self.hard.true_positives + self.hard.false_negatives,
                "recall": round(self.hard.recall, 4),
                "negatives": self.hard.false_positives + self.hard.true_negatives,
                "false_positive_rate": round(self.hard.false_positive_rate, 4),
            },
            "reliability": reliability_json(self.reliability),
            "misses": [_miss_json(miss) for miss in self.misses],
        }


def reliability_json(reliability: Reliability) -> dict[str, Any]:
    """Return the documented JSON object of a reliability table."""
    return {
        "calibration_error": round(reliability.calibration_error, 4),
        "brier": round(reliability.brier, 4),
        "bins": [{name: round(value, 4) for name, value in asdict(row).items()} for row in reliability.bins],
    }


def relevance_json(counts: Counts) -> dict[str, Any]:
    """Return the documented JSON object of counts."""
    figures = {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "false_positive_rate": counts.false_positive_rate,
    }
    return {name: round(value, 4) for name, value in figures.items()} | {"counts": asdict(counts)}


def _miss_json(miss: Miss) -> dict[str, Any]:
    item, got = miss.item, miss.got
    return {
        "id": item.id,
        "title": item.title,
        "expected": _answer(item.relevant, item.topics, jurisdiction=item.jurisdiction, act=item.act),
        "got": _answer(got.relevant, got.topics, jurisdiction=got.jurisdiction, act=got.act),
        "score": round(got.score, 4),
        "reason": got.reason,
        "evidence": [
            asdict(part) | {"zone": part.zone.value, "contribution": round(part.contribution, 3)}
            for part in got.evidence[:_EVIDENCE_SHOWN]
        ],
    }


def _answer(relevant: bool, topics: Sequence[str], *, jurisdiction: str | None, act: str) -> dict[str, Any]:  # noqa: FBT001 - a pair of answers reads best in the order of the report
    return {"relevant": relevant, "topics": list(topics), "jurisdiction": jurisdiction, "act": act}


def evaluate(
    items: Iterable[LabelledItem], classifier: Classifier, *, find_source: SourceFinder | None = None
) -> EvaluationReport:
    """Judge every item and compare.

    Args:
        items: What to judge.
        classifier: By whom.
        find_source: Tells the known source of an item, so that it is judged with the source's voice, issuer and
            jurisdiction as in operation; without it the classifier sees title, text and address only.
    """
    judged = [(item, classifier.classify(document_of(item, find_source))) for item in items]
    relevant = [(item, got) for item, got in judged if item.relevant]
    languages = dict.fromkeys(item.language for item, _ in judged if item.language)
    return EvaluationReport(
        classifier=classifier.version,
        items=len(judged),
        relevance=_count(judged),
        by_language=tuple(
            (language, _count([pair for pair in judged if pair[0].language == language])) for language in languages
        ),
        hard=_count([pair for pair in judged if pair[0].hard]),
        topics=score_labels([(item.topics, got.topics) for item, got in judged], TOPICS),
        jurisdiction_accuracy=accuracy([(item.jurisdiction, got.jurisdiction) for item, got in relevant]),
        act_accuracy=accuracy([(item.act, got.act) for item, got in relevant]),
        by_kind=tuple(_by_kind(judged)),
        reliability=measure_reliability([(item.relevant, got.score) for item, got in judged]),
        facts=tuple(_facts(relevant)),
        misses=tuple(Miss(item=item, got=got) for item, got in judged if item.relevant != got.relevant),
    )


def _facts(relevant: Sequence[tuple[LabelledItem, Classification]]) -> Iterator[tuple[str, int, float]]:
    """Yield how often each fact of a paper was told right, where the reader said anything about it."""
    facts: dict[str, Callable[[LabelledItem | Classification], object]] = {
        "stage": lambda one: one.stage,
        "effective_on": lambda one: one.effective_on,
        "comments_until": lambda one: one.comments_until,
    }
    for name, fact in facts.items():
        pairs = [(fact(item), fact(got)) for item, got in relevant if name in item.told]
        if pairs:
            yield name, len(pairs), accuracy(pairs)


def _by_kind(judged: Sequence[tuple[LabelledItem, Classification]]) -> Iterator[tuple[str, Counts]]:
    """Yield counts of every kind, and before them those of all kinds that share what stands before a comma."""
    kinds = dict.fromkeys(item.kind for item, _ in judged if item.kind)
    for group in dict.fromkeys(kind.partition(", ")[0] for kind in kinds):
        members = [kind for kind in kinds if kind.partition(", ")[0] == group]
        if members != [group]:
            yield group, _count(pair for pair in judged if pair[0].kind in members)
        for kind in members:
            yield kind, _count(pair for pair in judged if pair[0].kind == kind)


def _count(judged: Iterable[tuple[LabelledItem, Classification]]) -> Counts:
    return count_yes((item.relevant, got.relevant) for item, got in judged)


def document_of(item: LabelledItem, find_source: SourceFinder | None = None) -> Document:
    """Return what the classifier is given of an item: with its source's context where the source is known."""
    source = find_source(item.source, item.url) if find_source else None
    return Document(
        title=item.title,
        text=item.text,
        url=item.url,
        language=item.language,
        published_at=item.published_at,
        voice=source.voice if source else item.voice,
        issuer=source.issuer if source else item.source if item.voice is Voice.AUTHORITY else "",
        jurisdiction=source.jurisdiction if source else "",
    )


def read_labelled(lines: Iterable[str], *, name: str = "labelled items") -> tuple[LabelledItem, ...]:
    """Read labelled items, one JSON object a line; empty lines are skipped.

    Args:
        lines: Of the file, in order.
        name: How to call the file in messages.

    Raises:
        ConfigError: With every fault of every line, as file:line; an empty file is a fault too.
    """
    items: list[LabelledItem] = []
    problems: list[ConfigProblem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            items.append(_item(line, number))
        except _LineError as error:
            problems.append(ConfigProblem(where=f"{name}:{number}", key=error.key, message=str(error)))
    if not items and not problems:
        problems.append(ConfigProblem(where=name, key="", message="holds no items; one JSON object a line is expected"))
    if problems:
        raise ConfigError(problems)
    return tuple(items)


class _LineError(ValueError):
    """One line is no labelled item."""

    def __init__(self, message: str, *, key: str = "") -> None:
        self.key = key
        super().__init__(message)


def _item(line: str, number: int) -> LabelledItem:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise _LineError(f"is no JSON: {error.msg} at column {error.colno}") from None
    if not isinstance(row, dict):
        raise _LineError("must be a JSON object")
    texts = {field: _text(row, field) for field in _TEXT_FIELDS}
    if not texts["title"].strip():
        raise _LineError("is required", key="title")
    if not isinstance(row.get("relevant"), bool):
        raise _LineError("must be true or false", key="relevant")
    act = texts["act"] or "none"
    if act not in ACTS:
        raise _LineError(f"{act!r} is no act; use one of {', '.join(ACTS)}", key="act")
    return LabelledItem(
        id=texts["id"] or f"line-{number}",
        title=texts["title"],
        text=texts["body"],
        url=texts["url"],
        source=texts["source"],
        language=texts["lang"],
        published_at=_moment(texts["published"]),
        relevant=row["relevant"],
        hard=row.get("hard") is True,
        topics=_topics(row),
        jurisdiction=_text(row, "jurisdiction") or None,
        act=act,
        story=texts["story"],
        kind=texts["kind"],
        voice=_voice(texts["voice"]),
        told=frozenset(_FACTS & row.keys()),
        stage=_stage(row),
        effective_on=_day(row, "effective_on"),
        comments_until=_day(row, "comments_until"),
    )


def _voice(text: str) -> Voice | None:
    """Return who speaks; whoever is no authority is heard like the press."""
    if not text:
        return None
    return Voice.AUTHORITY if text == Voice.AUTHORITY.value else Voice.PRESS


def _stage(row: dict[str, Any]) -> Stage | None:
    value = row.get("stage")
    if value is not None and value not in _STAGES:
        raise _LineError(f"{value!r} is no stage; use {', '.join(sorted(_STAGES))}", key="stage")
    return Stage(value) if value else None


def _day(row: dict[str, Any], key: str) -> date | None:
    value = _text(row, key)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise _LineError(f"{value!r} is no day; use YYYY-MM-DD", key=key) from None


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _LineError("must be a text", key=key)
    return value


def _topics(row: dict[str, Any]) -> tuple[str, ...]:
    value = row.get("topics") or []
    if not isinstance(value, list):
        raise _LineError("must be a list of topics", key="topics")
    unknown = [topic for topic in value if topic not in TOPICS]
    if unknown:
        raise _LineError(f"{unknown[0]!r} is no topic; use {', '.join(TOPICS)}", key="topics")
    return tuple(value)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _LineError(f"{text!r} is no time; use ISO 8601 with an offset", key="published") from None
