"""Why a source is asked when it is, in words for a person. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.calendar import HOURS, DayKind, cell_of

if TYPE_CHECKING:
    from core.polling import Lately, Terms, Wait

_KNOWN_EVENTS = 3.0
"""News from which a source's own history says more than what is usual."""
_MUCH_PUSH = 0.5
_MUCH_PACE = 1.5
_NEAR = 1e-6


def reason_of(terms: Terms, wait: Wait, *, now: float, recent: Lately) -> str:
    """Say why a source is left alone for as long as it is.

    Args:
        terms: On what terms it is asked.
        wait: How long it is left alone.
        now: The present in hours since 1970.
        recent: What the last hours say, as of `core.polling.lately`.

    Returns:
        Parts joined by semicolons: how much is expected, what raises or lowers it now, and which bound holds.
    """
    publication = terms.publication
    cell = cell_of(int(now), publication.zone, terms.calendar)
    parts = [f"{publication.per_day():.2g} items a day" if publication.events >= _KNOWN_EVENTS else "little known yet"]
    kind = DayKind(cell // HOURS)
    if kind in (DayKind.HOLIDAY, DayKind.MAKE_UP):
        parts.append("a public holiday" if kind is DayKind.HOLIDAY else "a make-up workday")
    parts.append(_pace(publication.rates[cell] / max(publication.per_day() / HOURS, 1e-9)))
    if publication.burst * recent.push > _MUCH_PUSH:
        parts.append("fresh news draws more")
    elif not 1 / _MUCH_PACE < recent.pace < _MUCH_PACE:
        parts.append(f"{'more' if recent.pace > 1 else 'less'} than expected in the last hours")
    if wait.hours <= terms.least_h + _NEAR:
        parts.append("its shortest gap")
    elif wait.hours >= terms.most_h - _NEAR:
        parts.append("its longest gap")
    else:
        parts.append(f"{wait.items:.2g} items expected by then")
    return "; ".join(parts)


def _pace(factor: float) -> str:
    if factor >= 1.5:
        return f"a busy hour ({factor:.1f} times its average)"
    return f"a slow hour ({factor:.1f} times its average)" if factor <= 0.67 else "an average hour"
