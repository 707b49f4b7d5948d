"""Our own dead network is told apart from sources that fail."""

from __future__ import annotations

import pytest

from core.network import NetworkWatch
from core.outcome import Answer
from core.source import SourceId

FAULTS = [answer for answer in Answer if answer.is_network]
OURS = [Answer.ADDRESS, Answer.CRASHED]


def observe(watch: NetworkWatch, sources: str, answer: Answer) -> frozenset[SourceId]:
    """Let each source, on a host of its own, answer; return whom the last answer clears."""
    cleared: frozenset[SourceId] = frozenset()
    for name in sources:
        cleared = watch.observe(SourceId(name), f"{name}.example", answer)
    return cleared


@pytest.mark.parametrize("answer", FAULTS)
def test_four_silent_hosts_blame_the_network(answer: Answer) -> None:
    """Three hosts in a row may be down by themselves, four are not."""
    watch = NetworkWatch(hosts=9)
    observe(watch, "abc", answer)
    assert not watch.is_down
    observe(watch, "d", answer)
    assert watch.is_down


def test_who_failed_before_it_was_known_is_cleared_once() -> None:
    """The answer that shows that the network is down clears the sources that were blamed for it."""
    watch = NetworkWatch(hosts=9)
    assert observe(watch, "abc", Answer.DNS) == frozenset()
    assert observe(watch, "d", Answer.DNS) == {"a", "b", "c"}
    assert observe(watch, "e", Answer.DNS) == frozenset()


def test_one_silent_host_is_one_witness() -> None:
    """A host that is down does not take the others with it, however many sources it has and often it is asked."""
    watch = NetworkWatch(hosts=9)
    for number in range(20):
        watch.observe(SourceId(str(number % 6)), "one.example", Answer.TIMEOUT)
    assert not watch.is_down


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer not in (*FAULTS, *OURS)])
def test_any_answer_clears_the_network(answer: Answer) -> None:
    """An answer of any other class came over a network that works."""
    watch = NetworkWatch(hosts=9)
    observe(watch, "abcd", Answer.DNS)
    observe(watch, "e", answer)
    assert not watch.is_down
    observe(watch, "a", Answer.DNS)
    assert not watch.is_down


@pytest.mark.parametrize("answer", OURS)
def test_what_we_refuse_ourselves_says_nothing(answer: Answer) -> None:
    """An address that is never contacted neither clears the network nor blames it."""
    watch = NetworkWatch(hosts=9)
    observe(watch, "abcd", answer)
    assert not watch.is_down
    observe(watch, "efgh", Answer.DNS)
    observe(watch, "i", answer)
    assert watch.is_down


@pytest.mark.parametrize(("hosts", "needed"), [(0, 2), (1, 2), (2, 2), (3, 3), (400, 4)])
def test_few_hosts_need_few_witnesses(hosts: int, needed: int) -> None:
    """Who watches two hosts learns from two; a single host is never enough."""
    watch = NetworkWatch(hosts=hosts)
    for name in "abcd"[:needed]:
        assert not watch.is_down
        observe(watch, name, Answer.REFUSED)
    assert watch.is_down


def test_the_number_of_hosts_may_change() -> None:
    """With fewer hosts fewer witnesses are needed, from the next answer on."""
    watch = NetworkWatch(hosts=9)
    for host in "ab":
        watch.observe(SourceId(host), host, Answer.DNS)
    watch.resize(hosts=2)
    assert not watch.is_down
    watch.observe(SourceId("b"), "b", Answer.DNS)
    assert watch.is_down
