"""Tests of lexicon values."""

from __future__ import annotations

from core.lexicon import Concept, ConceptKind, Lexicon

AI = Concept(id="tech.ai", kind=ConceptKind.TECHNOLOGY, zh=("人工智能",), en=("=AI", "artificial intelligence"))
SH = Concept(id="place.sh", kind=ConceptKind.PLACE, zh=("上海",))
LEXICON = Lexicon(concepts=(AI, SH), version="1")


def test_names_are_chinese_first() -> None:
    """All names in one tuple, as written."""
    assert AI.names == ("人工智能", "=AI", "artificial intelligence")


def test_english_name_falls_back() -> None:
    """English without its case mark, else Chinese, else the id."""
    assert AI.english == "AI"
    assert SH.english == "上海"
    assert Concept(id="x.y", kind=ConceptKind.ACT).english == "x.y"


def test_lexicon_finds_by_kind_and_id() -> None:
    """Kinds select, ids find one or none."""
    assert LEXICON.of(ConceptKind.PLACE, ConceptKind.ACT) == (SH,)
    assert LEXICON.get("tech.ai") is AI
    assert LEXICON.get("tech.none") is None
