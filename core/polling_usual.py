"""What is usual for kinds of sources, before anything is known of one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.polling_model import UsualRhythm
from core.source import Voice

if TYPE_CHECKING:
    from core.source import Source

_OFFICE_DAYS = (1.3, 1.3, 1.3, 1.3, 1.3, 0.25, 0.25, 0.15, 1.3)
_OFFICE_HOURS = (
    *(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.5, 2.4, 2.6, 2.3),
    *(0.9, 0.9, 1.9, 2.4, 2.6, 2.4, 1.6, 0.8, 0.6, 0.4, 0.25, 0.15),
)
_PRESS_DAYS = (1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75, 0.8, 1.1)
_PRESS_HOURS = (
    *(0.5, 0.4, 0.3, 0.3, 0.3, 0.4, 0.6, 0.8, 1.2, 1.4, 1.5, 1.4),
    *(1.2, 1.2, 1.4, 1.5, 1.5, 1.5, 1.4, 1.2, 1.1, 1.1, 1.0, 0.8),
)
_PER_DAY = {Voice.AUTHORITY: (4.0, 2.0, 1.0), Voice.PRESS: (20.0, 8.0, 3.0)}
"""Items a day by tier: first, second, others. Flashes, whose list has their whole text, have five times as many."""
_FLASHES = 5.0


def usual_rhythm(source: Source) -> UsualRhythm:
    """Return what is usual for a source of this voice, tier and kind of list.

    The numbers are orders of magnitude: each counts as an event or two, and a first list with dates outweighs them.
    """
    per_day = _PER_DAY[source.voice][min(source.tier, 3) - 1]
    if source.voice is Voice.AUTHORITY:
        return UsualRhythm(per_day=per_day, days=_OFFICE_DAYS, hours=_OFFICE_HOURS)
    if not source.fetch_articles:
        per_day *= _FLASHES
    return UsualRhythm(per_day=per_day, days=_PRESS_DAYS, hours=_PRESS_HOURS)
