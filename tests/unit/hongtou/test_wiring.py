"""What of the wiring decides something."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from config.loader import load_settings
from core.network import NetworkWatch
from core.outcome import Answer
from core.source import SourceId
from hongtou.fitting import build_archive
from hongtou.wiring import _look_again

if TYPE_CHECKING:
    from pathlib import Path

    from hongtou.rechecking import Rechecker


class CountingRechecker:
    """Counts its rounds."""

    def __init__(self) -> None:
        self.rounds = 0

    async def look_again(self) -> int:
        """Count."""
        self.rounds += 1
        return 0


async def test_nothing_is_looked_at_without_a_network() -> None:
    """A round is left out while our own network is down, and held again afterwards."""
    rechecker, network = CountingRechecker(), NetworkWatch(hosts=2)
    for host in ("a", "b"):
        network.observe(SourceId(host), host, Answer.DNS)
    await _look_again(cast("Rechecker", rechecker), network, lambda: True)
    assert rechecker.rounds == 0
    network.observe(SourceId("a"), "a", Answer.OK)
    await _look_again(cast("Rechecker", rechecker), network, lambda: True)
    assert rechecker.rounds == 1


async def test_nothing_is_looked_at_where_that_is_switched_off() -> None:
    """The switch is asked for each round, so that an edit counts from the next one on."""
    rechecker, switch = CountingRechecker(), [False]
    for is_on in (False, True, False):
        switch.append(is_on)
        await _look_again(cast("Rechecker", rechecker), NetworkWatch(hosts=2), lambda: switch[-1])
    assert rechecker.rounds == 1


@pytest.mark.parametrize("enabled", [True, False])
def test_pages_are_archived_only_when_asked_for(tmp_path: Path, *, enabled: bool) -> None:
    """By default there is no archive."""
    file = tmp_path / "hongtou.yaml"
    file.write_text(f"archive: {{enabled: {str(enabled).lower()}}}\n", encoding="utf-8")
    archive = build_archive(load_settings(file, environ={}))
    assert (archive is not None) is enabled


def test_an_archive_that_stays_as_it_is_goes_on(tmp_path: Path) -> None:
    """Another bound is another archive, in the same folder."""
    file = tmp_path / "hongtou.yaml"
    file.write_text("archive: {enabled: true}\n", encoding="utf-8")
    first = build_archive(load_settings(file, environ={}))
    assert build_archive(load_settings(file, environ={}), first) is first
    file.write_text("archive: {enabled: true, max_size: 2000000}\n", encoding="utf-8")
    assert build_archive(load_settings(file, environ={}), first) is not first
