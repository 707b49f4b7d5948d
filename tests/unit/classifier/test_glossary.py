"""Tests of the words for glosses."""

from __future__ import annotations

import re

import pytest

from classifier.glossary import Term, Word, _shipped, build_glossary
from core.lexicon import Concept, ConceptKind, Lexicon

HAN = re.compile(r"[\u3400-\u9fff]")


def _lexicon(*concepts: Concept) -> Lexicon:
    return Lexicon(concepts=concepts, version="x")


def test_names_of_the_lexicon_are_words() -> None:
    """A body by all its names, a technology by its best, a small place by names that hold the same word."""
    glossary = build_glossary(
        _lexicon(
            Concept(id="a", kind=ConceptKind.AUTHORITY, zh=("甪鱻局", "甪局"), en=("Office of Fish",)),
            Concept(id="t", kind=ConceptKind.TECHNOLOGY, zh=("鱻链", "麤链"), en=("fish chain",)),
            Concept(id="p", kind=ConceptKind.PLACE, zh=("甪直区", "甪直", "鱻湾"), en=("Luzhi",), weight=0.8),
            Concept(id="n", kind=ConceptKind.TECHNOLOGY, zh=("麤",)),
            Concept(id="v", kind=ConceptKind.ACT, zh=("鱻发",), en=("issues",)),
        )
    )
    assert glossary.terms["甪局"] == Term(Word.NAME, "Office of Fish")
    assert glossary.terms["鱻链"] == Term(Word.NOUN, "fish chain")
    assert glossary.terms["甪直"].english == "Luzhi"
    assert not {"麤链", "鱻湾", "麤", "鱻发"} & set(glossary.terms)


def test_the_file_wins_over_the_lexicon() -> None:
    """What the file says of a word is taken."""
    glossary = build_glossary(_lexicon(Concept(id="x", kind=ConceptKind.TECHNOLOGY, zh=("产业",), en=("wrong",))))
    assert glossary.terms["产业"].english == "industry"


@pytest.mark.parametrize("section", ["papers", "remarks", "verbs", "both", "nouns", "particles"])
def test_the_file_is_whole(section: str) -> None:
    """Every entry is Chinese to English: papers have a place for their subject, words that are both have both."""
    entries = _shipped()[section]
    assert len(entries) > 30
    assert all(HAN.search(word) and not HAN.search(english) for word, english in entries.items())
    if section == "papers":
        assert all(english.count("{}") == 1 for english in entries.values())
    if section == "both":
        assert all(english.count("/") == 1 for english in entries.values())
    if section in {"verbs", "nouns"}:
        assert all(english.strip() for english in entries.values())


def test_the_file_is_large_enough() -> None:
    """It holds the common words of headlines: two thousand and more."""
    assert sum(len(part) for part in _shipped().values()) > 2000
