"""The budget is kept and opinions are remembered, in a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from classifier.opinion.ledger import Reservation, StoredLedger
from core.opinion import Opinion, Usage
from core.opinion_budget import OpinionMonth, Prices
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

YES = Opinion(relevant=True, confidence=0.9)
PRICES = Prices(tokens_in=0.001, tokens_out=0.002)
"""A millionth a token sent, two a token received."""


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty database in a file."""
    with SqlDatabase(f"sqlite:///{empty_file}") as made:
        yield made


@pytest.fixture
def ledger(database: SqlDatabase, clock: Any) -> StoredLedger:
    """A ledger of a thousand millionths a month."""
    return StoredLedger(database, prices=PRICES, budget=1000, keep=timedelta(days=90), clock=clock)


def month(database: SqlDatabase, name: str = "2023-06") -> OpinionMonth:
    """Return the figures of a month."""
    with database.reading() as uow:
        return uow.opinions.month(name)


def test_a_request_is_reserved_and_settled(ledger: StoredLedger, database: SqlDatabase) -> None:
    """At most before, at what it took after; its opinions are remembered."""
    reservation = ledger.reserve(Usage(tokens_in=500, tokens_out=100))
    assert reservation == Reservation(month="2023-06", amount=700)
    assert month(database).spent == 700
    assert ledger.reserve(Usage(tokens_in=301, tokens_out=0)) is None
    usage = Usage(tokens_in=200, tokens_out=10)
    ledger.settle(reservation, usage, questions=2, opinions={"a": YES}, adviser="m.1")
    found = month(database)
    assert (found.spent, found.calls, found.questions, found.refused) == (220, 1, 2, 1)
    assert ledger.recall(["a", "b"], count=False) == {"a": YES}
    assert month(database).cache_hits == 0
    assert ledger.recall(["a"], count=True) == {"a": YES}
    assert ledger.recall(["b"], count=True) == {}
    assert month(database).cache_hits == 1


def test_what_may_be_owed_stays_booked(ledger: StoredLedger, database: SqlDatabase) -> None:
    """A request whose end nobody knows costs all that was reserved."""
    reservation = ledger.reserve(Usage(tokens_in=500, tokens_out=0))
    assert reservation is not None
    ledger.settle(reservation, None, questions=1, opinions={}, adviser="m.1", fault="timeout: no answer")
    assert (month(database).spent, month(database).faults, month(database).last_fault) == (500, 1, "timeout: no answer")


def test_a_request_over_midnight_is_booked_where_it_was_reserved(
    ledger: StoredLedger, database: SqlDatabase, clock: Any
) -> None:
    """The new month begins with its whole budget."""
    reservation = ledger.reserve(Usage(tokens_in=900, tokens_out=0))
    assert reservation is not None
    clock.advance(days=20)
    assert ledger.reserve(Usage(tokens_in=1000, tokens_out=0)) is not None
    ledger.settle(reservation, Usage(tokens_in=100, tokens_out=0), questions=1, opinions={}, adviser="m.1")
    assert (month(database).spent, month(database, "2023-07").spent) == (100, 1000)


def test_parallel_requests_never_exceed_the_budget(ledger: StoredLedger, database: SqlDatabase) -> None:
    """Each takes as much as it reserved; whenever one looks, no more than the budget is booked."""
    most = Usage(tokens_in=70, tokens_out=0)
    booked: list[int] = []

    def ask(n: int) -> bool:
        reservation = ledger.reserve(most)
        booked.append(month(database).spent)
        if reservation is None:
            return False
        usage = None if n % 3 == 0 else Usage(tokens_in=70 - n, tokens_out=0)
        ledger.settle(reservation, usage, questions=1, opinions={}, adviser="m.1")
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(ask, range(40)))
    assert 14 <= granted < 40
    assert max(booked) <= 1000
    assert month(database).spent <= 1000
    assert month(database).refused == 40 - granted


def test_a_budget_of_nothing_pays_for_free_models_only(database: SqlDatabase, clock: Any) -> None:
    """Prices of 0 never use a budget up."""
    free = StoredLedger(
        database, prices=Prices(tokens_in=0, tokens_out=0), budget=0, keep=timedelta(days=1), clock=clock
    )
    assert free.reserve(Usage(tokens_in=10**6, tokens_out=10**6)) is not None
    paid = StoredLedger(database, prices=PRICES, budget=0, keep=timedelta(days=1), clock=clock)
    assert paid.reserve(Usage(tokens_in=1, tokens_out=0)) is None


def test_old_opinions_are_pruned(ledger: StoredLedger, clock: Any) -> None:
    """After the time for which they are kept."""
    reservation = ledger.reserve(Usage(tokens_in=1, tokens_out=0))
    assert reservation is not None
    ledger.settle(reservation, None, questions=1, opinions={"a": YES}, adviser="m.1")
    clock.advance(days=89)
    assert ledger.prune() == 0
    clock.advance(days=2)
    assert ledger.prune() == 1
    assert ledger.recall(["a"], count=False) == {}
