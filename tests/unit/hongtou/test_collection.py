"""Nothing is collected while much is made that stays."""

from __future__ import annotations

import gc

import pytest

from hongtou.collection import uncollected


def test_nothing_is_collected_meanwhile_and_then_as_before() -> None:
    """Collection is off within, and on after, also after a fault."""
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 // 0
    assert gc.isenabled()


def test_what_was_off_stays_off() -> None:
    """Two that overlap do not switch each other on."""
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()


def test_what_is_there_forever_is_not_looked_at_again() -> None:
    """What stays until the process ends is set apart."""
    before = gc.get_freeze_count()
    with uncollected(forever=True):
        stays = [[object()] for _ in range(1_000)]
    try:
        assert gc.get_freeze_count() >= before + len(stays)
    finally:
        gc.unfreeze()
