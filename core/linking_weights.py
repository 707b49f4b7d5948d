"""How much each feature of a pair weighs: log-odds, added up."""

from __future__ import annotations

BIAS = -4.03
WEIGHTS = {
    "copy": 4.0,
    "number": 5.0,
    "number-apart": -1.0,
    "paper": 2.0,
    "paper-neutral": 0.99,
    "paper-apart": -1.0,
    "act": 0.71,
    "stage-apart": -0.2,
    "draft": -0.09,
    "topics": 0.58,
    "topics-apart": -1.57,
    "concepts-apart": -0.42,
    "deeds": 0.02,
    "names-share": 0.4,
    "actors-apart": -1.36,
    "places": 1.2,
    "places-share": 0.11,
    "places-apart": -0.95,
    "words": 3.46,
    "meanings": 4.08,
    "meanings-share": 1.23,
    "figures": 2.57,
    "figures-share": 3.66,
    "roundup": -5.28,
    "rounds": 1.39,
    "rounds-apart": -2.13,
    "years-apart": -1.0,
    "money-apart": -0.8,
    "days": -0.8,
    "late": -4.59,
    "other-language": 0.88,
    "jurisdiction": 0.28,
    "jurisdiction-above": -0.96,
    "jurisdiction-apart": -1.28,
    "both-official": -2.14,
    "forwards-apart": -1.91,
}  # fmt: skip
JOIN = 0.6
"""Probability from which an item joins a story."""
BRIDGE = 0.9
"""Probability from which a further story is the same event too, and merged."""
