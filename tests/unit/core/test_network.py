"""Our own dead network is told apart from sources that fail."""

from __future__ import annotations

import pytest

from core.network import NetworkWatch
from core.outcome import Answer

FAULTS = [answer for answer in Answer if answer.is_network]


@pytest.mark.parametrize("answer", FAULTS)
def test_four_silent_sources_blame_the_network(answer: Answer) -> None:
    """Three sources in a row may be down by themselves, four are not."""
    watch = NetworkWatch(sources=9)
    for source in "abc":
        watch.observe(source, answer)
    assert not watch.is_down
    watch.observe("d", answer)
    assert watch.is_down


def test_one_silent_source_is_one_witness() -> None:
    """A host that is down does not take the others with it, however often it is asked."""
    watch = NetworkWatch(sources=9)
    for _ in range(20):
        watch.observe("a", Answer.TIMEOUT)
    assert not watch.is_down


@pytest.mark.parametrize("answer", [answer for answer in Answer if not answer.is_network])
def test_any_answer_clears_the_network(answer: Answer) -> None:
    """An answer of any other class came over a network that works."""
    watch = NetworkWatch(sources=9)
    for source in "abcd":
        watch.observe(source, Answer.DNS)
    watch.observe("e", answer)
    assert not watch.is_down
    watch.observe("a", Answer.DNS)
    assert not watch.is_down


@pytest.mark.parametrize(("sources", "needed"), [(0, 1), (1, 1), (2, 2), (400, 4)])
def test_few_sources_need_few_witnesses(sources: int, needed: int) -> None:
    """Who watches two sources learns from two."""
    watch = NetworkWatch(sources=sources)
    for number in range(needed):
        assert not watch.is_down
        watch.observe(str(number), Answer.REFUSED)
    assert watch.is_down
