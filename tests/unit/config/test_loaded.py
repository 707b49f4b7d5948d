"""What loading gives, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.loaded import Loaded


def test_what_was_loaded_can_be_logged(load: Callable[..., Loaded]) -> None:
    """Its repr is short and holds neither sources, whose headers may be keys, nor addresses of channels."""
    loaded = load("channels: {desk: {url: 'json://hunter2'}}")
    assert "panews" not in repr(loaded)
    assert "hunter2" not in repr(loaded)
    assert loaded.hash in repr(loaded)


def test_what_was_loaded_cannot_change(load: Callable[..., Loaded]) -> None:
    """Every part works with the same configuration until the next one is loaded."""
    with pytest.raises(AttributeError):
        setattr(load(), "hash", "x")  # noqa: B010 - a plain assignment would not pass mypy
