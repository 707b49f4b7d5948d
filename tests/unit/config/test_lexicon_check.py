"""Tests of the checks over all concepts."""

from __future__ import annotations

import pytest

from config.lexicon_check import check_concepts
from core.lexicon import Concept, ConceptKind

TECH = ConceptKind.TECHNOLOGY


def _tech(concept_id: str = "tech.x", **changes: object) -> Concept:
    values: dict[str, object] = {"kind": TECH, "zh": ("区块链",), "en": ("blockchain",), "topics": ("blockchain",)}
    return Concept(id=concept_id, **(values | changes))  # type: ignore[arg-type]


def _problems(*concepts: Concept) -> list[str]:
    places = {concept.id: f"a.yaml:{line}" for line, concept in enumerate(concepts, start=1)}
    return [str(problem) for problem in check_concepts({concept.id: concept for concept in concepts}, places)]


def test_a_sound_concept_has_no_problem() -> None:
    """Both languages, a topic, a guard that guards."""
    assert _problems(_tech(not_in=("区块链接",))) == []


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        (_tech("Tech"), "is no id"),
        (_tech(zh=()), "tech.x.zh: is missing"),
        (_tech(en=()), "tech.x.en: is missing"),
        (_tech(en=("A",)), "'A' is too short"),
        (_tech(not_in=("供应链",)), "'供应链' holds none of the concept's names"),
        (_tech(topics=("bitcoin",)), "'bitcoin' is no topic"),
        (_tech(topics=()), "tech.x.topics: is missing"),
        (_tech(act="decree"), "'decree' is no act"),
        (_tech(jurisdiction="cn"), "is for authorities and places only"),
        (_tech(kind=ConceptKind.AUTHORITY, jurisdiction="China"), "'China' is no code"),
        (_tech(kind=ConceptKind.PLACE), "tech.x.jurisdiction: is missing"),
        (_tech(kind=ConceptKind.MARKET, signal="noise"), "'noise' is no signal"),
    ],
)
def test_faults(concept: Concept, message: str) -> None:
    """Each fault is told with its key."""
    found = _problems(concept)
    assert any(message in problem for problem in found), found


def test_one_chinese_character_is_a_name() -> None:
    """镓 is a name; a single Latin letter is none."""
    assert _problems(_tech(zh=("镓",))) == []


def test_a_name_shared_within_a_kind_is_ambiguous() -> None:
    """Whatever its case or width; both places are named."""
    found = _problems(_tech("tech.a"), _tech("tech.b", zh=("分布式账本",), en=("ＢlockChain",)))
    assert found == ["a.yaml:2: tech.b: 'blockchain' is also a name of tech.a (a.yaml:1); give it to one of the two"]


def test_a_name_shared_between_kinds_is_fine() -> None:
    """试点 is an act and a paper."""
    act = Concept(id="act.x", kind=ConceptKind.ACT, zh=("区块链",), en=("blockchain",))
    assert _problems(_tech(), act) == []
