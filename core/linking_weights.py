"""How much each feature of a pair weighs: log-odds, added up."""

from __future__ import annotations

BIAS = -6.0
WEIGHTS = {
    "copy": 6.0, "number": 6.0, "number-apart": -1.5, "paper": 3.0, "paper-neutral": 2.0, "paper-cited": 0.5,
    "paper-apart": -1.5, "act": 0.7, "act-apart": -0.8, "stage-apart": -2.5, "topics": 1.0, "topics-apart": -1.0,
    "relevant-apart": -0.5, "concepts": 2.0, "concepts-share": 1.5, "concepts-apart": -1.0, "deeds": 0.8,
    "deeds-share": 1.0, "names": 3.0, "names-share": 1.5, "names-apart": -0.7, "actors": 1.5, "actors-share": 1.0,
    "actors-apart": -1.5, "places": 0.8, "places-share": 0.8, "places-apart": -2.0, "words": 0.8, "words-share": 6.0,
    "meanings": 0.8, "meanings-share": 5.0, "figures": 2.5, "rounds": 0.8, "rounds-apart": -3.0, "years-apart": -1.5,
    "money-apart": -0.5, "days": -1.2, "other-language": 0.5, "jurisdiction": 0.5, "jurisdiction-above": -1.0,
    "jurisdiction-apart": -2.0, "both-official": -1.0, "forwards-apart": -1.5, "draft": 0.3,
}  # fmt: skip
JOIN = 0.6
"""Probability from which an item joins a story."""
BRIDGE = 0.9
"""Probability from which a further story is the same event too, and merged."""
