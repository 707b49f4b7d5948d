"""The classes of answers, and what follows from each."""

from __future__ import annotations

import pytest

from core.listing import Listing
from core.outcome import Answer, Validators


@pytest.mark.parametrize("answer", Answer)
def test_a_success_is_neither_passing_fault_nor_network_fault(answer: Answer) -> None:
    """No answer is a success and a fault at once."""
    assert not (answer.is_success and (answer.is_transient or answer.is_network))


def test_network_faults_are_passing() -> None:
    """What may be our own network's fault is tried again."""
    assert all(answer.is_transient for answer in Answer if answer.is_network)


def test_refusals_are_not_passing() -> None:
    """Challenges, robots rules and missing pages are not tried again at once."""
    lasting = (Answer.BLOCKED, Answer.ROBOTS, Answer.GONE, Answer.ADDRESS, Answer.TLS, Answer.PARSE, Answer.CRASHED)
    assert not any(answer.is_transient for answer in lasting)


def test_an_empty_list_is_no_success() -> None:
    """A well-formed list without a row is told apart from one without news."""
    assert not Answer.EMPTY.is_success
    assert Answer.NOT_MODIFIED.is_success


def test_a_listing_has_no_validators_unless_given() -> None:
    """A list from a server that sends none is asked for unconditionally next time."""
    assert Listing(entries=()).validators == Validators()


def test_an_index_page_in_place_of_an_article_is_asked_for_again() -> None:
    """Passing faults and soft 404s of a page are tried again; refusals and lasting faults are not."""
    later = {answer for answer in Answer if answer.may_be_had_later}
    assert later == {answer for answer in Answer if answer.is_transient} | {Answer.SOFT_404}
    assert Answer.BLOCKED not in later
