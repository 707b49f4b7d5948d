"""Every feature with the weight it is believed to have before any data is seen, and the side it may speak for.

Log-odds, set by hand from what the labelling guide asks (an act of an authority, about an emerging technology). The
fit starts from them and leaves them as far as the training items say; docs/classification.md tells what each is for.
They add up: a document starts at `PRIOR`, and each weight is multiplied by a strength between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lexicon import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIOR = -2.85
"""Before anything is read."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is thought of one feature before any data."""

    weight: float
    """Log-odds at full strength."""
    side: int
    """1: may only speak for; -1: only against; 0: either."""
    least: float = 0.0
    """For one-sided features: the least size of the weight, whatever the data say."""

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Return the lowest and highest weight allowed; None is unbounded."""
        if self.side == 0:
            return None, None
        return (self.least, None) if self.side > 0 else (None, -self.least)


def _for(weight: float) -> Belief:
    return Belief(weight, 1)


def _against(weight: float, least: float = 0.0) -> Belief:
    return Belief(-weight, -1, least)


def _either() -> Belief:
    return Belief(0.0, 0)


_SIGNAL_TITLE = {
    "price": 2.2, "product": 1.5, "funding-round": 2.2, "company": 1.5, "procurement": 3.5, "contest": 1.5,
    "training": 2.5, "job": 2.5, "visit": 2.2, "opinion": 2.8, "exhibition": 1.8, "crime": 1.5, "advert": 3.0,
    "usage": 1.6, "personnel": 2.5, "service": 1.5, "research": 1.8, "conflict": 2.5, "background": 0.0,
}  # fmt: skip
_SIGNAL_LEAD = {
    "price": 0.8, "product": 0.7, "funding-round": 0.8, "company": 0.6, "procurement": 1.5, "contest": 0.6,
    "training": 0.8, "job": 0.8, "visit": 1.0, "opinion": 0.5, "exhibition": 0.8, "crime": 0.8, "advert": 1.0,
    "usage": 0.8, "personnel": 0.8, "service": 0.5, "research": 0.6, "conflict": 1.0, "background": 0.0,
}  # fmt: skip

BELIEFS: Mapping[str, Belief] = {
    # What about: the best-placed technology counts.
    "technology.title": _for(2.0),
    "technology.document-title": _for(1.7),
    "technology.lead": _for(1.3),
    "technology.body": _for(0.3),
    "technology.repeated": _for(0.4),
    "technology.also-lead": _either(),
    "technology.share": _for(0.0),
    "technology.enumerated": _against(1.0),
    "technology.passing": _against(1.1),
    # Without a technology nothing is flagged, whatever the rest says: the lexicon says what about.
    "no-technology": _against(4.0, least=4.0),
    "title-on-other": _against(1.7),
    # What act: the best-placed act counts.
    "official-title": _for(2.0),
    "act.title": _for(1.9),
    "act.opening": _for(1.7),
    "act.lead": _for(1.4),
    "act.body": _for(0.3),
    "act.another": _for(0.0),
    "authority.title": _for(0.0),
    "authority.lead": _for(0.0),
    "no-act": _against(1.0),
    # Both in one clause, or title and lead together.
    "joined.title": _for(2.0),
    "joined.opening": _for(2.2),
    "joined.lead": _for(1.4),
    "joined.body": _for(0.3),
    "joined.act-title": _for(1.3),
    "joined.act-lead": _for(1.0),
    "joined.often": _for(0.0),
    "named.authority-title": _for(0.0),
    "named.authority-opening": _for(0.0),
    "named.place-title": _for(0.0),
    "named.place-opening": _for(0.0),
    # Who says so, and how.
    "authority-voice": _for(0.3),
    "authority-voice.on-technology": _for(0.0),
    "document-number": _for(0.4),
    "document-title": _for(0.2),
    "form.title-only": _either(),
    "form.latin": _either(),
    "form.length": _either(),
    "form.quoted": _either(),
    "form.question": _against(0.0),
    "form.figures": _against(0.0),
    "form.digest": _against(0.0),
    "form.first-person": _against(0.0),
    "form.other-actor": _against(0.0),
    "form.past": _against(0.0),
    "norm.title": _for(0.0),
    "norm.lead": _for(0.0),
    "many.papers": _against(0.0),
    "many.years": _against(0.0),
    "many.actors": _against(0.0),
    # Counter-vocabulary, which may never speak for.
    **{f"signal.{signal}.title": _against(_SIGNAL_TITLE[signal]) for signal in SIGNALS},
    **{f"signal.{signal}.lead": _against(_SIGNAL_LEAD[signal]) for signal in SIGNALS},
    "signal.body": _against(0.5),
}
"""By feature, in the order of the model file."""

FEATURES: tuple[str, ...] = tuple(BELIEFS)
"""Names of all features."""
