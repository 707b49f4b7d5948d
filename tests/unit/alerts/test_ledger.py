"""What is remembered of parts on their way."""

from __future__ import annotations

from alerts.ledger import Ledger


def test_the_same_part_is_known_again() -> None:
    """A name stands for one part; others share nothing with it."""
    ledger = Ledger()
    ledger.reached("a").add("x")
    assert ledger.reached("a") == {"x"}
    assert ledger.reached("b") == set()


def test_a_dropped_part_begins_anew() -> None:
    """After a part was told, its name is a new one; dropping twice is nothing."""
    ledger = Ledger()
    ledger.reached("a").add("x")
    ledger.drop("a")
    ledger.drop("a")
    assert ledger.reached("a") == set()


def test_memory_is_bounded_by_the_least_recently_used() -> None:
    """Of more than 200 parts the one not asked for the longest goes."""
    ledger = Ledger()
    for number in range(200):
        ledger.reached(str(number)).add("x")
    ledger.reached("0")
    ledger.reached("new")
    assert ledger.reached("0") == {"x"}
    assert ledger.reached("1") == set()
