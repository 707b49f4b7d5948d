"""Second opinions and what they cost are remembered, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from core.opinion import Opinion
from core.opinion_budget import Charge, OpinionMonth

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Item
    from storage.database import SqlDatabase

MONTH = "2023-06"
YES = Opinion(
    relevant=True,
    confidence=0.8,
    topics=("ai", "chips"),
    act="plan",
    reason="An authority's own plan.",
    translation="Notice on 𝕏",
    summary=("The first line.", "The second."),
)
NO = Opinion(relevant=False, confidence=0.7)


def test_an_opinion_comes_back_as_it_was_given(database: SqlDatabase, now: datetime) -> None:
    """Every field survives; a key that was never kept is absent; a second answer replaces the first."""
    with database.unit_of_work() as unit:
        unit.opinions.keep({"a": YES, "b": NO}, adviser="model-1", now=now)
        unit.opinions.keep({}, adviser="model-1", now=now)
        unit.commit()
    with database.reading() as unit:
        assert unit.opinions.recall(["a", "b", "c"]) == {"a": YES, "b": NO}
        assert unit.opinions.recall([]) == {}
    with database.unit_of_work() as unit:
        unit.opinions.keep({"a": NO}, adviser="model-2", now=now)
        unit.commit()
    with database.reading() as unit:
        assert unit.opinions.recall(["a"]) == {"a": NO}


def test_old_opinions_are_forgotten(database: SqlDatabase, now: datetime) -> None:
    """Those given before a moment go, the others stay."""
    with database.unit_of_work() as unit:
        unit.opinions.keep({"old": YES}, adviser="model", now=now - timedelta(days=2))
        unit.opinions.keep({"new": NO}, adviser="model", now=now)
        assert unit.opinions.forget(before=now) == 1
        unit.commit()
    with database.reading() as unit:
        assert unit.opinions.recall(["old", "new"]) == {"new": NO}


def test_a_month_adds_up(database: SqlDatabase, now: datetime) -> None:
    """Reserved is booked until it is settled, at what it cost; hits, faults and refusals are counted."""
    with database.unit_of_work() as unit:
        assert unit.opinions.month(MONTH) == OpinionMonth(month=MONTH)
        assert unit.opinions.reserve(MONTH, 600, budget=1000)
        assert unit.opinions.month(MONTH).spent == 600
        assert not unit.opinions.reserve(MONTH, 500, budget=1000)
        unit.opinions.settle(MONTH, Charge(reserved=600, cost=90, questions=3, tokens_in=70, tokens_out=9), now=now)
        assert unit.opinions.reserve(MONTH, 910, budget=1000)
        unit.opinions.settle(MONTH, Charge(reserved=910, cost=0, questions=1, fault="server: 500"), now=now)
        unit.opinions.note_hits(MONTH, 4)
        unit.opinions.note_hits("2023-07", 1)
        unit.commit()
    with database.reading() as unit:
        assert unit.opinions.month(MONTH) == OpinionMonth(
            month=MONTH,
            spent=90,
            calls=2,
            questions=4,
            cache_hits=4,
            faults=1,
            refused=1,
            tokens_in=70,
            tokens_out=9,
            last_fault="server: 500",
            last_fault_at=now,
        )
        assert unit.opinions.month("2023-07").cache_hits == 1


def test_parallel_reservations_never_exceed_the_budget(database: SqlDatabase) -> None:
    """Of 40 threads that want 30 each of 1,000 at once, 33 get it."""

    def reserve(_: int) -> bool:
        with database.unit_of_work() as unit:
            got = unit.opinions.reserve(MONTH, 30, budget=1000)
            unit.commit()
        return got

    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(reserve, range(40)))
    with database.reading() as unit:
        month = unit.opinions.month(MONTH)
    assert (sum(granted), month.spent, month.calls, month.refused) == (33, 990, 33, 7)


def test_words_of_a_model_are_kept_with_the_item(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Any]
) -> None:
    """Translation and summary come back with the classification, and are no part of the others."""
    told = make_classification(translation="Shanghai: action plan", summary=("One.", "Two."))
    with database.unit_of_work() as unit:
        with_words = unit.items.add(make_item(1, classification=told))
        without = unit.items.add(make_item(2, classification=make_classification()))
        unit.commit()
    with database.reading() as unit:
        items = unit.items.get_many([with_words, without])
    assert [item.classification for item in items] == [told, make_classification()]
