"""How much each feature of a pair weighs: log-odds, added up."""

from __future__ import annotations

BIAS = -4.65
WEIGHTS = {
    "copy": 8.0,
    "number": 8.0,
    "number-cited": 2.5,
    "number-apart": -1.0,
    "paper": 2.93,
    "paper-neutral": 1.6,
    "paper-apart": -1.01,
    "paper-stage": -4.31,
    "act": 0.26,
    "act-apart": -0.19,
    "stage-apart": -0.12,
    "draft": -0.07,
    "topics": 0.59,
    "topics-apart": -1.7,
    "concepts-apart": -0.7,
    "deeds": 0.14,
    "deeds-apart": -0.02,
    "names-share": 0.28,
    "names-apart": -1.04,
    "actors-apart": -1.43,
    "places": 1.86,
    "places-apart": -0.75,
    "words": 3.41,
    "meanings": 4.14,
    "meanings-share": 1.5,
    "figures": 2.46,
    "figures-share": 3.85,
    "roundup": -6.02,
    "rounds": 1.58,
    "rounds-apart": -1.49,
    "years-apart": -1.0,
    "money-apart": -0.75,
    "days": -0.2,
    "late": -2.0,
    "other-language": 0.73,
    "jurisdiction": 0.3,
    "jurisdiction-above": -0.84,
    "jurisdiction-apart": -1.34,
    "both-official": -3.9,
    "elsewhere": -20.0,
    "forwards-apart": -1.92,
}  # fmt: skip
JOIN = 0.45
"""Probability from which an item joins a story: of 0.35 to 0.7 the best by B-cubed F1 on unseen stories of our own that
leaves no neighbours joined in the development set."""
BRIDGE = 0.9
"""Probability from which a further story is the same event too, and merged."""
