"""Sources as data, and what is remembered of them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from core.source import PollBounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.source import Poll, Source, SourceState


def test_the_first_sync_ends_when_a_poll_was_stored(
    make_poll: Callable[..., Poll], make_state: Callable[..., SourceState], now: datetime
) -> None:
    """A poll is a first sync until the state says when the first one was stored."""
    assert make_poll().is_first_sync
    assert not make_poll(state=make_state(first_synced_at=now)).is_first_sync


def test_a_source_cannot_be_changed(make_source: Callable[..., Source]) -> None:
    """What is configured stays as it was read."""
    with pytest.raises(FrozenInstanceError):
        make_source().enabled = False  # type: ignore[misc]


def test_sources_do_not_share_their_headers(make_source: Callable[..., Source]) -> None:
    """Each source has headers and form fields of its own."""
    assert make_source().headers is not make_source().headers


def test_default_bounds_are_in_order() -> None:
    """The shortest gap is shorter than the longest one."""
    assert PollBounds().min_interval < PollBounds().max_interval
