"""What is remembered of messages on their way."""

from __future__ import annotations

from alerts.ledger import Ledger
from core.alert import Message


def message(words: str) -> Message:
    """Make a message of some words."""
    return Message(subject="s", text=words, html="", markdown="")


def test_the_same_message_is_known_again() -> None:
    """Equal messages share what is known, part by part; different ones do not."""
    ledger = Ledger()
    ledger.served(message("a"), 0).add("x")
    assert ledger.served(message("a"), 0) == {"x"}
    assert ledger.served(message("a"), 1) == set()
    assert ledger.served(message("\ud800"), 0) == set()


def test_a_forgotten_message_begins_anew() -> None:
    """After a message was told, the same words are a new message; forgetting twice is nothing."""
    ledger = Ledger()
    ledger.served(message("a"), 0).add("x")
    ledger.forget(message("a"))
    ledger.forget(message("a"))
    assert ledger.served(message("a"), 0) == set()


def test_memory_is_bounded_by_the_least_recently_used() -> None:
    """Of more than 200 messages the one not asked for the longest goes."""
    ledger = Ledger()
    for number in range(200):
        ledger.served(message(str(number)), 0).add("x")
    ledger.served(message("0"), 0)
    ledger.served(message("new"), 0)
    assert ledger.served(message("0"), 0) == {"x"}
    assert ledger.served(message("1"), 0) == set()
