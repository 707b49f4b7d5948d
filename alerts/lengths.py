"""Measures and clips texts in the units in which services count. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.message import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _utf8(text: str) -> int:
    return len(text.encode())


_MEASURES: Mapping[Unit, Callable[[str], int]] = {Unit.CHARACTERS: len, Unit.UTF16: _utf16, Unit.BYTES: _utf8}


def length_of(text: str, unit: Unit) -> int:
    """Return how long a service finds a text that holds no lone surrogates."""
    return _MEASURES[unit](text)


def clip_to(text: str, limit: int, unit: Unit) -> str:
    """Return text no longer than `limit` in a unit, ending in `…` when something was left out.

    Args:
        text: One line.
        limit: 3 or more, the length of `…` in bytes.
        unit: In which it is counted.
    """
    if length_of(text, unit) <= limit:
        return text
    room = limit - length_of("…", unit)
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if length_of(text[:middle], unit) <= room else (low, middle)
    return text[:low].rstrip() + "…"
