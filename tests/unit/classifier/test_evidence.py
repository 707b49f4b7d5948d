"""Tests of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.evidence import hit_evidence, mention_evidence, pattern_evidence
from core.classification import Zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def test_hit_evidence_names_concept_and_place(read: Callable[..., Reading]) -> None:
    """It shows the very characters, as they were written."""
    reading = read("談ＡＩ治理")
    clause = reading.clauses[0]
    part = hit_evidence(reading, clause, clause.hits[0], 1.5)
    assert (part.concept, part.kind, part.zone, part.text, part.contribution) == (
        "tech.ai", "technology", Zone.TITLE, "ＡＩ", 1.5)  # fmt: skip


def test_pattern_evidence_has_no_concept(read: Callable[..., Reading]) -> None:
    """Patterns are named as such."""
    part = pattern_evidence(read("关于某事的通知"), "official-title", Zone.TITLE, (0, 2), 2.0)
    assert (part.concept, part.kind, part.text) == ("pattern.official-title", "pattern", "关于")


def test_mentions_come_once_a_zone_and_for_information(read: Callable[..., Reading]) -> None:
    """What counted already is not told again; the rest adds nothing."""
    reading = read("区块链与人工智能", "人工智能，人工智能。")
    counted = (hit_evidence(reading, reading.clauses[0], reading.clauses[0].hits[0], 1.0),)
    mentions = mention_evidence(reading, counted)
    assert [(part.concept, part.zone) for part in mentions] == [("tech.ai", Zone.TITLE), ("tech.ai", Zone.LEAD)]
    assert all(part.contribution == 0 for part in mentions)
