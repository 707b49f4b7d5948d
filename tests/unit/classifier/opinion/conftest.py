"""A first classifier, an adviser, and a ledger that do as they are told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from classifier.opinion.ledger import Reservation
from core.opinion import Advice, Opinion, Question, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.classification import Classification, Document

YES = Opinion(relevant=True, confidence=0.9, topics=("ai",), act="plan", reason="A plan of a city.")


class FakeClassifier:
    """Gives every document the same classification, relevant from its threshold."""

    def __init__(self, judged: Classification, threshold: float = 0.5) -> None:
        self.judged = judged
        self.threshold = threshold
        self.fault: Exception | None = None
        self.version = "fake-1"

    def classify(self, document: Document) -> Classification:
        """Return the classification."""
        del document
        if self.fault:
            raise self.fault
        if self.judged.score >= self.threshold:
            return replace(self.judged, relevant=True)
        return replace(self.judged, relevant=False, topics=(), act="none", reason="Too little.", gloss="")


@dataclass
class FakeAdviser:
    """Answers with one opinion, or as told."""

    opinion: Opinion | None = YES
    advice: Callable[[Sequence[Question]], Advice] | None = None
    asked: list[tuple[Question, ...]] = field(default_factory=list)
    name: str = "model"
    version: str = "model.1"
    running: int = 0
    most_running: int = 0
    gate: threading.Event | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def most_tokens(self, questions: Sequence[Question]) -> Usage:
        """Return a thousand tokens a question."""
        return Usage(tokens_in=1000 * len(questions), tokens_out=0)

    def ask(self, questions: Sequence[Question]) -> Advice:
        """Answer."""
        with self.lock:
            self.asked.append(tuple(questions))
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        if self.gate is not None:
            self.gate.wait(5)
        with self.lock:
            self.running -= 1
        if self.advice is not None:
            return self.advice(questions)
        return Advice(opinions=(self.opinion,) * len(questions), usage=Usage(tokens_in=500, tokens_out=0))


@dataclass
class FakeLedger:
    """Remembers in a dictionary, and has as much money as it is given."""

    left: int = 100
    """Requests that the budget still holds."""
    memory: dict[str, Opinion] = field(default_factory=dict)
    hits: int = 0
    settled: list[tuple[Usage | None, int, str]] = field(default_factory=list)
    fault: Exception | None = None

    def recall(self, keys: Sequence[str], *, count: bool) -> Mapping[str, Opinion]:
        """Return what is remembered."""
        if self.fault:
            raise self.fault
        found = {key: self.memory[key] for key in keys if key in self.memory}
        self.hits += len(found) if count else 0
        return found

    def reserve(self, most: Usage) -> Reservation | None:
        """Give one request's money."""
        if self.left == 0:
            return None
        self.left -= 1
        return Reservation(month="2023-06", amount=most.tokens_in)

    def settle(
        self,
        reservation: Reservation,
        usage: Usage | None,
        *,
        questions: int,
        opinions: Mapping[str, Opinion],
        adviser: str,
        fault: str = "",
    ) -> None:
        """Remember what was brought."""
        del reservation, adviser
        self.memory.update(opinions)
        self.settled.append((usage, questions, fault))


@pytest.fixture
def adviser() -> FakeAdviser:
    """An adviser that calls everything relevant."""
    return FakeAdviser()


@pytest.fixture
def ledger() -> FakeLedger:
    """A ledger with money."""
    return FakeLedger()


@pytest.fixture
def unsure(make_classification: Callable[..., Classification]) -> FakeClassifier:
    """A first classifier that is just not convinced."""
    return FakeClassifier(make_classification(score=0.4, relevant=False, gloss="A plan"))


@pytest.fixture
def make_question() -> Callable[..., Question]:
    """Maker of questions."""

    def make(**fields: Any) -> Question:
        defaults: dict[str, Any] = {"title": "某市印发计划", "text": "正文。", "issuer": "", "voice": "press"}
        return Question(**{**defaults, "published_on": "2023-06-15", "translate": False, **fields})

    return make
