"""When another opinion is asked for, what becomes of it, and that nothing gets worse for a fault."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from classifier.opinion.second_opinion import OpinionRules, SecondOpinion
from core.classification import Document
from core.errors import StorageError
from core.opinion import Advice, AdviceFault, Band, Opinion, Usage
from core.ports import BatchClassifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.opinion import Question

DOCUMENT = Document(title="某市印发区块链产业行动计划", text="正文。", language="zh")
RULES = OpinionRules(threshold=0.5, band=Band(low=0.25, high=0.75))
NO = Opinion(relevant=False, confidence=0.9, reason="Only a fair.")
LOWEST = 0.01


@pytest.fixture
def make(unsure: Any, adviser: Any, ledger: Any, clock: Any) -> Callable[..., SecondOpinion]:
    """Maker of second opinions on the fakes; fields of the rules by name."""

    def make_(*, spends: bool = True, tell: Any = lambda *_: None, **rules: Any) -> SecondOpinion:
        lenient = type(unsure)(unsure.judged, LOWEST)
        return SecondOpinion(
            unsure,
            lenient=lenient,
            adviser=adviser,
            ledger=ledger,
            rules=replace(RULES, **rules),
            clock=clock,
            spends=spends,
            tell=tell,
        )

    return make_


def test_an_opinion_tips_a_score_near_the_threshold(make: Any, unsure: Any) -> None:
    """What the lexicon knows of the item comes back with it; evidence, reason and version name the second opinion."""
    judged = make().classify(DOCUMENT)
    assert judged.relevant
    assert judged.score == pytest.approx(0.857, abs=0.001)
    assert (judged.topics, judged.act, judged.gloss) == (("blockchain",), "plan", "A plan")
    assert set(unsure.judged.evidence) < set(judged.evidence)
    (proof,) = [one for one in judged.evidence if one.kind == "second-opinion"]
    assert (proof.concept, proof.text, proof.contribution) == ("opinion.model", "", pytest.approx(2.197, abs=0.001))
    assert judged.evidence[0] == proof
    assert judged.reason == (
        "A plan of an authority about blockchain. "
        "A second opinion (model) was asked and says relevant, 90% sure: “A plan of a city.”"
    )
    assert judged.classifier == "fake-1+opinion.model"


def test_labels_of_the_model_fill_gaps_only(make: Any, unsure: Any, make_classification: Any) -> None:
    """Where the lexicon has no topic or act, the model's count."""
    unsure.judged = make_classification(score=0.4, topics=(), act="none")
    judged = make().classify(DOCUMENT)
    assert (judged.topics, judged.act) == (("ai",), "plan")


def test_an_opinion_can_take_a_flag_away(make: Any, unsure: Any, adviser: Any, make_classification: Any) -> None:
    """Nothing is left of what is said of relevant items only; the reason tells both."""
    unsure.judged = make_classification(score=0.55, gloss="A fair")
    adviser.opinion = NO
    judged = make().classify(DOCUMENT)
    assert not judged.relevant
    assert (judged.topics, judged.act, judged.gloss, judged.stage) == ((), "none", "", None)
    assert "says not relevant, 90% sure: “Only a fair.”" in judged.reason
    assert judged.evidence[0].contribution < 0


@pytest.mark.parametrize(("score", "verdict"), [(0.6, True), (0.3, False)])
def test_an_opinion_can_agree(
    make: Any, unsure: Any, adviser: Any, make_classification: Any, score: float, verdict: bool
) -> None:
    """The labels stay as they were, and the score moves away from the threshold."""
    unsure.judged = make_classification(score=score)
    first = unsure.classify(DOCUMENT)
    adviser.opinion = Opinion(relevant=verdict, confidence=0.8)
    judged = make().classify(DOCUMENT)
    assert (judged.relevant, judged.topics, judged.act) == (first.relevant, first.topics, first.act)
    assert abs(judged.score - 0.5) > abs(score - 0.5)
    assert judged.reason.endswith(f"says {'relevant' if verdict else 'not relevant'}, 80% sure.")


@pytest.mark.parametrize("score", [0.1, 0.9])
def test_nobody_is_asked_beyond_the_band(
    make: Any, unsure: Any, adviser: Any, make_classification: Any, score: float
) -> None:
    """The first classification comes back as it is."""
    unsure.judged = make_classification(score=score)
    assert make().classify(DOCUMENT) == unsure.classify(DOCUMENT)
    assert adviser.asked == []


def test_a_flagged_chinese_item_is_translated(make: Any, unsure: Any, adviser: Any, make_classification: Any) -> None:
    """Also beyond the band, where the model's verdict counts for nothing; an English item is not."""
    unsure.judged = make_classification(score=0.95)
    words: dict[str, Any] = {"translation": "A city issues a plan", "summary": ("One.", "Two.")}
    adviser.opinion = replace(NO, **words)
    judged = make(translate=True).classify(DOCUMENT)
    assert judged == replace(unsure.classify(DOCUMENT), **words)
    assert make(translate=True).classify(replace(DOCUMENT, language="en")).translation == ""
    assert len(adviser.asked) == 1
    assert adviser.asked[0][0].translate


def test_what_is_not_flagged_is_not_translated(make: Any, adviser: Any) -> None:
    """Words about an item that is not relevant are dropped."""
    adviser.opinion = replace(NO, translation="A fair", summary=("One.",))
    judged = make(translate=True).classify(DOCUMENT)
    assert (judged.translation, judged.summary) == ("", ())


def test_the_same_question_is_asked_once(make: Any, adviser: Any, ledger: Any) -> None:
    """Another look at the same words is answered from memory; edited words are a new question."""
    second = make()
    assert second.classify(DOCUMENT) == second.classify(DOCUMENT)
    assert (len(adviser.asked), ledger.hits) == (1, 1)
    second.classify(replace(DOCUMENT, text="改过的正文。"))
    adviser.version = "model.2"
    second.classify(DOCUMENT)
    assert len(adviser.asked) == 3


def test_without_money_or_interest_nobody_is_asked(make: Any, unsure: Any, adviser: Any, ledger: Any, now: Any) -> None:
    """Silent documents, old ones, and all of them when the budget is used up."""
    first = unsure.classify(DOCUMENT)
    assert make().classify(replace(DOCUMENT, silent=True)) == first
    assert make().classify(replace(DOCUMENT, published_at=now - timedelta(days=31))) == first
    ledger.left = 0
    assert make().classify(DOCUMENT) == first
    assert adviser.asked == []
    ledger.left = 1
    assert make().classify(replace(DOCUMENT, published_at=now - timedelta(days=29))) != first


def test_without_spending_only_memory_counts(make: Any, unsure: Any, adviser: Any, ledger: Any) -> None:
    """For the archive: what was asked once counts again, nothing is asked anew, and no hit is counted."""
    thrifty = make(spends=False, translate=True)
    assert thrifty.classify(DOCUMENT) == unsure.classify(DOCUMENT)
    told = make(translate=True).classify(DOCUMENT)
    assert thrifty.classify(DOCUMENT) == told
    assert (len(adviser.asked), ledger.hits) == (1, 0)


def test_several_are_asked_about_in_one_request(make: Any, adviser: Any, ledger: Any) -> None:
    """As many as a batch holds; each gets its own answer, and those that lack one stay as they were."""
    documents = [replace(DOCUMENT, title=f"第{n}号") for n in range(5)]

    def advise(questions: Sequence[Question]) -> Advice:
        opinions = [None if "3" in one.title else adviser.opinion for one in questions]
        return Advice(opinions=tuple(opinions), usage=Usage(tokens_in=9, tokens_out=9))

    adviser.advice = advise
    second = make(batch=2)
    judged = second.classify_many(documents)
    assert [one.relevant for one in judged] == [True, True, True, False, True]
    assert [len(part) for part in adviser.asked] == [2, 2, 1]
    assert isinstance(second, BatchClassifier)
    assert [questions for _, questions, _ in ledger.settled] == [2, 2, 1]


def test_two_copies_in_one_batch_share_an_answer(make: Any, adviser: Any) -> None:
    """The same words are one question."""
    assert [one.relevant for one in make().classify_many([DOCUMENT, DOCUMENT])] == [True, True]
    assert [len(part) for part in adviser.asked] == [1]


@pytest.mark.parametrize(
    ("fault", "usage", "booked"),
    [
        (AdviceFault.TIMEOUT, None, None),
        (AdviceFault.SERVER, None, Usage(tokens_in=0, tokens_out=0)),
        (AdviceFault.SCHEMA, Usage(tokens_in=7, tokens_out=1), Usage(tokens_in=7, tokens_out=1)),
    ],
)
def test_a_fault_leaves_the_first_judgement(
    make: Any,
    unsure: Any,
    adviser: Any,
    ledger: Any,
    fault: AdviceFault,
    usage: Usage | None,
    booked: Usage | None,
) -> None:
    """What may be owed is booked: all that was reserved after a time-out, nothing after a refusal, else the count."""
    adviser.advice = lambda _: Advice(opinions=(None,), usage=usage, fault=fault, detail="it went wrong")
    assert make().classify(DOCUMENT) == unsure.classify(DOCUMENT)
    assert ledger.settled == [(booked, 1, f"{fault}: it went wrong")]


def test_a_faulty_adviser_is_left_alone_and_told_once(make: Any, adviser: Any, clock: Any) -> None:
    """After three faults for a minute; its recovery is told, and the next fault again."""
    fault = Advice(opinions=(None,), fault=AdviceFault.SERVER, detail="500")
    adviser.advice = lambda _: fault
    second = make()

    def ask(times: int) -> int:
        before = len(adviser.asked)
        for n in range(times):
            second.classify(replace(DOCUMENT, text=f"{clock.now()} {n}"))
        return len(adviser.asked) - before

    with structlog.testing.capture_logs() as logs:
        assert ask(6) == 3
        clock.advance(seconds=61)
        assert ask(3) == 1
        adviser.advice = None
        clock.advance(seconds=121)
        assert ask(3) == 3
        clock.advance(seconds=1)
        adviser.advice = lambda _: fault
        assert ask(1) == 1
    assert [(entry["log_level"], entry.get("cause")) for entry in logs] == [
        ("warning", "server"),
        ("info", None),
        ("warning", "server"),
    ]


def test_a_refused_key_is_an_error_told_once(make: Any, adviser: Any, clock: Any) -> None:
    """It is tried again after an hour, without telling it again."""
    adviser.advice = lambda _: Advice(opinions=(None,), fault=AdviceFault.KEY, detail="the key is refused")
    told: list[str] = []
    second = make(tell=lambda cause, _: told.append(cause))
    with structlog.testing.capture_logs() as logs:
        for n in range(4):
            second.classify(replace(DOCUMENT, text=str(n)))
            clock.advance(minutes=40)
    assert (len(adviser.asked), told) == (2, ["key"])
    assert [(entry["log_level"], entry["detail"]) for entry in logs] == [("error", "the key is refused")]


def test_a_used_up_budget_is_told_once_a_month(make: Any, ledger: Any, clock: Any) -> None:
    """Also when small questions still fit in between."""
    ledger.left = 0
    told: list[str] = []
    second = make(tell=lambda cause, _: told.append(cause))
    with structlog.testing.capture_logs() as logs:
        for n in range(6):
            second.classify(replace(DOCUMENT, text=str(n)))
            clock.advance(days=6)
    assert told == [entry["cause"] for entry in logs] == ["budget of 2023-06", "budget of 2023-07"]


@pytest.mark.parametrize("fault", [StorageError("The database is locked."), RuntimeError("a bug")])
def test_memory_that_fails_leaves_the_first_judgement(make: Any, unsure: Any, ledger: Any, fault: Exception) -> None:
    """A locked database and a bug alike; both are logged."""
    ledger.fault = fault
    with structlog.testing.capture_logs() as logs:
        assert make().classify(DOCUMENT) == unsure.classify(DOCUMENT)
    assert len(logs) == 1


def test_a_fault_of_the_first_classifier_comes_through(make: Any, unsure: Any) -> None:
    """The use case keeps the item and tries again; a second opinion hides nothing."""
    unsure.fault = ValueError("broken")
    with pytest.raises(ValueError, match="broken"):
        make().classify(DOCUMENT)


def test_waiting_is_bounded(make: Any, adviser: Any) -> None:
    """Of ten at once two are asked, two wait for a turn, and the others go on without."""
    adviser.gate = threading.Event()
    second = make(concurrency=2, patience=timedelta(seconds=4))
    done: list[int] = []

    def judge(n: int) -> bool:
        relevant = second.classify(replace(DOCUMENT, text=str(n))).relevant
        done.append(n)
        if len(done) == 6:
            adviser.gate.set()
        return bool(relevant)

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(judge, range(10)))
    assert (sum(results), adviser.most_running) == (4, 2)


def test_patience_ends(make: Any, adviser: Any) -> None:
    """Who waits too long for a turn goes on without."""
    adviser.gate = threading.Event()
    second = make(concurrency=1, patience=timedelta(seconds=0.05))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(second.classify, DOCUMENT)
        while not adviser.asked:
            pass
        assert not pool.submit(second.classify, replace(DOCUMENT, text="b")).result().relevant
        adviser.gate.set()
        assert first.result().relevant


def test_a_program_that_ends_asks_no_more(make: Any, adviser: Any) -> None:
    """Who waits for a turn goes on without at once; what is remembered still counts."""
    adviser.gate = threading.Event()
    second = make(concurrency=1)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(second.classify, DOCUMENT)
        while not adviser.asked:
            pass
        waiting = pool.submit(second.classify, replace(DOCUMENT, text="b"))
        second.stop()
        adviser.gate.set()
        assert (first.result().relevant, waiting.result().relevant) == (True, False)
    assert len(adviser.asked) == 1
    assert second.classify(DOCUMENT).relevant


def test_the_version_names_all_that_judges(make: Any) -> None:
    """First classifier, model and prompt."""
    assert make().version == "fake-1+opinion.model.1"
