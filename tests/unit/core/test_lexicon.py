"""Tests of lexicon values."""

from __future__ import annotations

from core.lexicon import Concept, ConceptKind, Former, Lexicon

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


def test_former_names_still_find_and_never_title() -> None:
    """They are among the names, last, and never the best English one."""
    body = Concept(
        id="org.x", kind=ConceptKind.AUTHORITY, zh=("总局",), former=(Former(zh="旧局", en="OB"), Former(en="X"))
    )
    assert body.names == ("总局", "旧局", "OB", "X")
    assert body.english == "总局"


def test_family_says_who_competes() -> None:
    """Technologies with programmes, authorities with places, counter-signals each with their own."""
    families = {
        kind: Concept(id="x.y", kind=kind, signal="price" if kind == "market" else "").family for kind in ConceptKind
    }
    assert families == {
        "technology": "subject", "programme": "subject", "authority": "where", "place": "where",
        "act": "act", "instrument": "instrument", "market": "price",
    }  # fmt: skip
