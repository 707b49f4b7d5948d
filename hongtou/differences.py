"""What an edit of the configuration changes for watched sources, and whether it changes anything at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.outcome import Validators

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.source import Source, SourceId, SourceState
    from hongtou.live import Effective


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Which watched sources came, went, and moved to another address."""

    added: tuple[SourceId, ...]
    removed: tuple[SourceId, ...]
    moved: tuple[SourceId, ...]


def compare(old: Mapping[SourceId, Source], new: Mapping[SourceId, Source]) -> Difference:
    """Return what became of watched sources."""
    return Difference(
        added=tuple(source_id for source_id in new if source_id not in old),
        removed=tuple(source_id for source_id in old if source_id not in new),
        moved=tuple(
            source_id for source_id in new if source_id in old and _address(new[source_id]) != _address(old[source_id])
        ),
    )


def _address(source: Source) -> tuple[object, ...]:
    """Return what says where and how a list is got."""
    return source.kind, source.url, source.params, source.form, source.rows, source.paths, source.fallback_urls


def after_move(state: SourceState, *, now: datetime) -> SourceState:
    """Return a source's state after its address changed: due now, and without the old server's validators."""
    return replace(state, next_due_at=now, validators=Validators(), body_hash="")


def is_same(one: Effective, other: Effective) -> bool:
    """Whether two configurations come to the same."""
    a, b = one.loaded, other.loaded
    return (
        (a.settings, a.watched, a.routes, a.channels) == (b.settings, b.watched, b.routes, b.channels)
        and a.sources == b.sources
        and one.rules.classifier.version == other.rules.classifier.version
    )
