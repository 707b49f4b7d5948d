"""Tests of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier.evidence import at_hits, at_span, hit_evidence, mention_evidence, pattern_evidence
from core.classification import Zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


def test_hit_evidence_names_concept_and_place(read: Callable[..., Reading]) -> None:
    """It shows the very characters, as they were written."""
    reading = read("談ＡＩ治理")
    clause = reading.clauses[0]
    hit = next(hit for hit in clause.hits if hit.concept.id == "tech.ai")
    part = hit_evidence(reading, clause, hit)
    assert (part.concept, part.kind, part.zone, part.text, part.contribution) == (
        "tech.ai", "technology", Zone.TITLE, "ＡＩ", 0.0)  # fmt: skip


def test_pattern_evidence_has_no_concept(read: Callable[..., Reading]) -> None:
    """Patterns are named as such."""
    part = pattern_evidence(read("关于某事的通知"), "official-title", Zone.TITLE, (0, 2))
    assert (part.concept, part.kind, part.text) == ("pattern.official-title", "pattern", "关于")


def test_mentions_come_once_a_zone_and_for_information(read: Callable[..., Reading]) -> None:
    """What counted already is not told again; the rest adds nothing."""
    reading = read("区块链与人工智能", "人工智能，人工智能。")
    counted = (hit_evidence(reading, reading.clauses[0], reading.clauses[0].hits[0]),)
    mentions = mention_evidence(reading, counted)
    assert [(part.concept, part.zone) for part in mentions] == [("tech.ai", Zone.TITLE), ("tech.ai", Zone.LEAD)]
    assert all(part.contribution == 0 for part in mentions)


def test_a_measure_shares_its_weight_among_its_places(read: Callable[..., Reading]) -> None:
    """Three words that make one act carry a third each, and together what the feature weighs at its strength."""
    reading = read("上海市政府发布区块链方案")
    clause = reading.clauses[0]
    parts = list(at_hits("act.title", 0.5, reading, clause, clause.hits[:3]).weighed(3.0))
    assert [part.contribution for part in parts] == [0.5, 0.5, 0.5]
    assert len({part.concept for part in parts}) == 3


def test_a_span_measure_is_named_after_its_feature(read: Callable[..., Reading]) -> None:
    """What no concept stands for is a pattern."""
    measure = at_span("official-title", 1.0, read("关于某事的通知"), Zone.TITLE, (0, 2))
    assert [(part.concept, part.text) for part in measure.places] == [("pattern.official-title", "关于")]
