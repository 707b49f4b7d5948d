"""The ports are seams: what the tests put there fits them as the real adapters do."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from core import near_duplicate_repository, opinion_repository, ports, repositories

if TYPE_CHECKING:
    from core.ports import Clock
    from tests.conftest import FakeClock


def test_the_shared_clock_is_a_clock(clock: FakeClock) -> None:
    """The fake clock gives aware UTC and moves only when told to."""
    as_port: Clock = clock
    begin = as_port.now()
    assert begin.tzinfo is UTC
    assert as_port.now() == begin
    assert clock.advance(minutes=5) == clock.now() == begin + timedelta(minutes=5)
    assert clock.advance(timedelta(days=1)) == begin + timedelta(days=1, minutes=5)


def test_every_port_says_what_it_promises() -> None:
    """Each protocol and each of its methods carries its contract as a docstring."""
    protocols = [
        port
        for module in (ports, repositories, near_duplicate_repository, opinion_repository)
        for port in vars(module).values()
        if getattr(port, "_is_protocol", False) and port.__module__ == module.__name__
    ]
    assert len(protocols) >= 17
    for port in protocols:
        members = [member for name, member in vars(port).items() if callable(member) and not name.startswith("_")]
        assert port.__doc__
        assert all(member.__doc__ for member in members)
