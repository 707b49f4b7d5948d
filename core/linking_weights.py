"""How much each feature of a pair weighs: log-odds, added up."""

from __future__ import annotations

BIAS = -3.88
WEIGHTS = {
    "copy": 4.0,
    "number": 5.0,
    "number-cited": 2.0,
    "number-apart": -1.0,
    "paper": 2.0,
    "paper-neutral": 0.99,
    "paper-apart": -1.0,
    "act": 0.67,
    "stage-apart": -0.29,
    "draft": -0.14,
    "topics": 0.62,
    "topics-apart": -1.57,
    "concepts-apart": -0.39,
    "deeds": 0.2,
    "names-share": 0.34,
    "actors-apart": -1.35,
    "places": 1.26,
    "places-apart": -0.73,
    "words": 3.33,
    "meanings": 3.79,
    "meanings-share": 1.31,
    "figures": 1.88,
    "figures-share": 4.22,
    "roundup": -5.25,
    "rounds": 1.33,
    "rounds-apart": -2.18,
    "years-apart": -1.0,
    "money-apart": -0.83,
    "days": -0.8,
    "late": -4.65,
    "other-language": 0.87,
    "jurisdiction": 0.33,
    "jurisdiction-above": -0.9,
    "jurisdiction-apart": -1.3,
    "both-official": -2.18,
    "forwards-apart": -1.94,
}  # fmt: skip
JOIN = 0.6
"""Probability from which an item joins a story."""
BRIDGE = 0.9
"""Probability from which a further story is the same event too, and merged."""
