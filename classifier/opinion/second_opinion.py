"""A classifier that asks for a second opinion where another is unsure; whatever goes wrong, the first one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore, Event, Lock
from typing import TYPE_CHECKING

import structlog

from classifier.opinion.joining import Joiner
from classifier.opinion.pages import question_of
from core.errors import StorageError
from core.opinion import AdviceFault, Band, Usage, Wish, wish_of
from core.opinion_budget import Breaker, month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from classifier.opinion.ledger import Ledger
    from core.classification import Classification, Document
    from core.opinion import Advice, Adviser, Opinion, Question
    from core.ports import Classifier, Clock

log = structlog.get_logger(__name__)

_BUDGET = "budget"
_FREE = Usage(tokens_in=0, tokens_out=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRules:
    """When to ask, and what the answer counts."""

    threshold: float
    """Score from which an item is relevant."""
    band: Band
    """Scores at which a verdict is asked for."""
    weight: float = 1.0
    """Factor on the log-odds of an opinion."""
    translate: bool = False
    """Whether flagged Chinese items are translated and summarised."""
    max_text: int = 6000
    """Characters of a text that are shown."""
    batch: int = 4
    """Documents in one request, where several wait."""
    concurrency: int = 2
    """Requests under way at once; as many more may wait, and what comes beyond that goes without."""
    max_age: timedelta = timedelta(days=30)
    """Documents published longer ago than this are not worth a question: nobody is told of them."""
    patience: timedelta = timedelta(seconds=20)
    """Longest wait for a turn."""


class SecondOpinion:
    """Implements `core.ports.Classifier` and `core.ports.BatchClassifier` on top of another. Safe in any thread.

    Blocks while it asks, for as long as the adviser takes. Whatever goes wrong, the first classifier's answer stands.
    """

    def __init__(
        self,
        inner: Classifier,
        *,
        lenient: Classifier,
        adviser: Adviser,
        ledger: Ledger,
        rules: OpinionRules,
        clock: Clock,
        spends: bool = True,
        tell: Callable[[str, str], None] = lambda _cause, _text: None,
    ) -> None:
        """Ask nothing yet.

        Args:
            inner: The first classifier.
            lenient: The same with a threshold no higher than the band's lower end: it says what an item is about
                that only the second opinion makes relevant.
            adviser: Who is asked.
            ledger: Memory and budget.
            rules: When to ask, and what it counts.
            clock: Tells how old a document is, and when to leave a faulty adviser alone.
            spends: Whether to ask at all; else only remembered opinions count.
            tell: Told once of what only a person can mend: a word for the cause, and a sentence.
        """
        self._inner = inner
        self._adviser = adviser
        self._ledger = ledger
        self._rules = rules
        self._clock = clock
        self._spends = spends
        self._tell = tell
        self._version = f"{inner.version}+opinion.{adviser.version}"
        self._joiner = Joiner(lenient, threshold=rules.threshold, weight=rules.weight, adviser=adviser.name)
        self._turns = BoundedSemaphore(rules.concurrency)
        self._places = BoundedSemaphore(2 * rules.concurrency)
        self._lock = Lock()
        self._breaker = Breaker()
        self._told: set[str] = set()
        self._stopped = Event()

    @property
    def version(self) -> str:
        """Versions of the first classifier, the model and the prompt."""
        return self._version

    def classify(self, document: Document) -> Classification:
        """Judge one document."""
        return self.classify_many([document])[0]

    def classify_many(self, documents: Sequence[Document]) -> tuple[Classification, ...]:
        """Judge documents, several in one request where several are unsure; in the order given."""
        judged = [self._inner.classify(document) for document in documents]
        wishes = {index: wish for index, one in enumerate(judged) if (wish := self._wish(documents[index], one))}
        try:
            opinions = self._opinions({index: documents[index] for index in wishes})
            for index, opinion in opinions.items():
                told = self._joiner.join(documents[index], judged[index], opinion, wish=wishes[index])
                judged[index] = told
        except StorageError as error:
            self._tell_once("storage", "second opinion: memory and budget cannot be used, going on without", str(error))
        except Exception:  # a fault of the second opinion must not cost the first
            log.exception("second opinion failed")
        return tuple(judged)

    def stop(self) -> None:
        """Begin no further request, for a program that is about to end; returns at once. Memory still counts."""
        self._stopped.set()

    def _wish(self, document: Document, judged: Classification) -> Wish | None:
        wish = wish_of(document, judged, self._rules.band, translate=self._rules.translate)
        return wish if self._spends or wish is Wish.VERDICT else None

    def _opinions(self, documents: Mapping[int, Document]) -> dict[int, Opinion]:
        """Return opinions by index: remembered ones, and of the others those that can be had."""
        rules = self._rules
        if not documents:
            return {}
        questions = {
            index: question_of(document, translate=rules.translate, max_text=rules.max_text)
            for index, document in documents.items()
        }
        keys = {index: question.key(self._adviser.version) for index, question in questions.items()}
        remembered = self._ledger.recall(list(keys.values()), count=self._spends)
        found = {index: remembered[key] for index, key in keys.items() if key in remembered}
        missing = [index for index in questions if index not in found and self._is_worth_it(documents[index])]
        for start in range(0, len(missing), rules.batch):
            part = missing[start : start + rules.batch]
            asked = self._ask({keys[index]: questions[index] for index in part})
            found |= {index: asked[keys[index]] for index in part if keys[index] in asked}
        return found

    def _is_worth_it(self, document: Document) -> bool:
        if document.silent or not self._spends:
            return False
        published = document.published_at
        return published is None or self._clock.now() - published <= self._rules.max_age

    def _ask(self, questions: Mapping[str, Question]) -> Mapping[str, Opinion]:
        """Ask about at least one question, by key, when the adviser is well, there is a turn, and money for it."""
        if not self._places.acquire(blocking=False):
            log.debug("second opinion: too many wait, going on without")
            return {}
        try:
            if not self._turns.acquire(timeout=self._rules.patience.total_seconds()):
                return {}
            try:
                return {} if self._is_paused() else self._ask_within_budget(questions)
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def _ask_within_budget(self, questions: Mapping[str, Question]) -> Mapping[str, Opinion]:
        asked = tuple(questions.values())
        reservation = self._ledger.reserve(self._adviser.most_tokens(asked))
        if reservation is None:
            month = month_of(self._clock.now())
            detail = f"the budget of {month} does not hold another request; the next month has its own"
            self._tell_once(f"{_BUDGET} of {month}", "second opinion: no money, going on without", detail)
            return {}
        advice = self._adviser.ask(asked)
        opinions = {
            key: opinion for key, opinion in zip(questions, advice.opinions, strict=True) if opinion is not None
        }
        self._ledger.settle(
            reservation,
            _owed(advice),
            questions=len(asked),
            opinions=opinions,
            adviser=self._adviser.version,
            fault=f"{advice.fault}: {advice.detail}" if advice.fault else "",
        )
        self._note(advice)
        return opinions

    def _is_paused(self) -> bool:
        with self._lock:
            return self._stopped.is_set() or self._breaker.is_open(self._clock.now())

    def _note(self, advice: Advice) -> None:
        """Remember how the adviser does, and log each cause once until it is well again."""
        if advice.fault is None:
            with self._lock:
                was_faulty = self._breaker.failures > 0
                self._breaker = self._breaker.after_success()
                self._told -= {*AdviceFault, "storage"}
            if was_faulty:
                log.info("second opinion: well again", model=self._adviser.name)
            return
        with self._lock:
            now = self._clock.now()
            self._breaker = self._breaker.after_fault(advice.fault, now=now, retry_after=advice.retry_after)
        self._tell_once(advice.fault.value, "second opinion: fault, going on without", advice.detail)

    def _tell_once(self, cause: str, event: str, detail: str) -> None:
        with self._lock:
            if cause in self._told:
                return
            self._told.add(cause)
        write = log.error if cause == AdviceFault.KEY else log.warning
        write(event, cause=cause, detail=detail or None, model=self._adviser.name)
        if cause == AdviceFault.KEY or cause.startswith(_BUDGET):
            self._tell(cause, detail)


def _owed(advice: Advice) -> Usage | None:
    """Return what a request took; nothing where the provider did no work, None where nobody knows."""
    if advice.usage is not None:
        return advice.usage
    return None if advice.fault is None or advice.fault.may_be_charged else _FREE
