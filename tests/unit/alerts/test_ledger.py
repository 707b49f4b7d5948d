"""What is remembered of messages on their way."""

from __future__ import annotations

from alerts.ledger import Ledger
from core.alert import Message


def message(words: str) -> Message:
    """Make a message of some words."""
    return Message(subject="s", text=words, html="", markdown="")


def test_the_same_message_has_one_progress() -> None:
    """Equal messages share their progress, different ones do not."""
    ledger = Ledger()
    ledger.progress(message("a")).parts.add(0)
    ledger.progress(message("a")).targets_of(0).add("x")
    assert ledger.progress(message("a")).parts == {0}
    assert ledger.progress(message("a")).targets_of(0) == {"x"}
    assert ledger.progress(message("\ud800")).parts == set()


def test_a_forgotten_message_begins_anew() -> None:
    """After a message was told, the same words are a new message; forgetting twice is nothing."""
    ledger = Ledger()
    ledger.progress(message("a")).parts.add(0)
    ledger.forget(message("a"))
    ledger.forget(message("a"))
    assert ledger.progress(message("a")).parts == set()


def test_memory_is_bounded_by_the_least_recently_used() -> None:
    """Of more than 200 messages the one not asked for the longest goes."""
    ledger = Ledger()
    for number in range(200):
        ledger.progress(message(str(number))).parts.add(0)
    ledger.progress(message("0"))
    ledger.progress(message("new"))
    assert ledger.progress(message("0")).parts == {0}
    assert ledger.progress(message("1")).parts == set()
