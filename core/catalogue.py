"""Looks sources up in a catalogue. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.source import Source


def source_for_url(url: str, sources: Iterable[Source]) -> Source | None:
    """Return the source that most likely published an address: same host, longest common path with its list.

    Args:
        url: Address of an article; empty finds nothing.
        sources: The catalogue, in any order; ties go to the first.
    """
    host = host_of(url)
    if not host:
        return None
    same_host = [source for source in sources if host_of(source.url) == host]
    return max(same_host, key=lambda source: _common_prefix(source.url, url), default=None)


def _common_prefix(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
