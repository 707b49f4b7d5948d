"""What one fetch of a source's list says, before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.outcome import Validators

if TYPE_CHECKING:
    from datetime import timedelta

    from core.closing import ClosedTimes
    from core.item import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one fetch of a source's list says, before anything is decided about it."""

    entries: tuple[Entry, ...]
    """In the order of the list."""
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    """Hex digest of the raw body, to skip an unchanged list that has no validators."""
    ttl: timedelta | None = None
    """The wait that the feed or the server's Cache-Control asks for; None when it says nothing."""
    closed: ClosedTimes | None = None
    """When the feed asks to be left alone; None when it does not."""
    degraded: str = ""
    """Why the list was read in another way than its source says, in one sentence; empty when it was not."""
    skipped: int = 0
    """Rows that had neither a title nor a link and were left out."""
