"""Tests of finding concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.folding import fold
from classifier.matching import LexiconMatcher
from core.lexicon import Concept, ConceptKind, Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

TECH = ConceptKind.TECHNOLOGY


def _concept(concept_id: str, *names: str, kind: ConceptKind = TECH, **more: object) -> Concept:
    return Concept(id=concept_id, kind=kind, zh=names, **more)  # type: ignore[arg-type]


def _found(concepts: Sequence[Concept], text: str) -> list[tuple[str, str]]:
    matcher = LexiconMatcher(Lexicon(concepts=tuple(concepts), version="1"))
    return [(hit.concept.id, text[hit.start : hit.end]) for hit in matcher.find(text)]


@pytest.mark.parametrize("text", ["AI政策", "看AI", "用ＡＩ监管", "(AI)", "AIs", "the AI's", "AI"])
def test_latin_names_are_found_beside_chinese_and_punctuation(text: str) -> None:
    """A Chinese character is no part of a Latin word, and an ending `s` is a plural."""
    assert [found[0] for found in _found([_concept("t.ai", "AI")], text)] == ["t.ai"]


@pytest.mark.parametrize("text", ["said", "AIDS", "brAIn", "ai", "5AI", "CHAIN"])
def test_latin_names_are_not_found_inside_words_or_in_the_wrong_case(text: str) -> None:
    """Names in capitals match capitals only, and never a part of a word."""
    assert _found([_concept("t.ai", "AI")], text) == []


def test_other_latin_names_match_any_case_and_their_plurals() -> None:
    """Words ending in y are found in the plural too."""
    concept = _concept("t.c", "cryptocurrency")
    assert _found([concept], "Cryptocurrencies and a CRYPTOCURRENCY") == [
        ("t.c", "Cryptocurrencies"), ("t.c", "CRYPTOCURRENCY")]  # fmt: skip


def test_plural_in_es_follows_letters_and_no_plural_follows_digits() -> None:
    """`indexes` is a plural; `6Gs` is none."""
    assert _found([_concept("t.i", "index")], "two indexes") == [("t.i", "index")]
    assert _found([_concept("t.g", "web3")], "web3s") == []


def test_exact_case_can_be_asked_for() -> None:
    """A leading `=` keeps `Fed` apart from `fed`."""
    assert _found([_concept("o.fed", "=Fed")], "the Fed fed them") == [("o.fed", "Fed")]


def test_traditional_and_full_width_spellings_need_no_entry() -> None:
    """One name finds all spellings, with offsets on the original."""
    assert _found([_concept("t.b", "区块链")], "談區塊鏈") == [("t.b", "區塊鏈")]


def test_guards_suppress_a_name_inside_a_longer_phrase_only() -> None:
    """预算法 is no 算法, but the same text can hold both."""
    concept = _concept("t.a", "算法", not_in=("预算法",))
    assert _found([concept], "预算法与算法") == [("t.a", "算法")]


def test_longest_name_of_a_kind_wins() -> None:
    """人工智能芯片 is one concept of its kind, while other kinds overlap freely."""
    concepts = [
        _concept("t.ai", "人工智能"),
        _concept("t.chip", "人工智能芯片"),
        _concept("m.x", "智能芯片", kind=ConceptKind.MARKET, signal="product"),
    ]
    assert [found[0] for found in _found(concepts, "人工智能芯片")] == ["t.chip", "m.x"]


def test_a_place_inside_an_authority_is_not_found() -> None:
    """Places and authorities compete: 上海市人民政府 is not also a place."""
    concepts = [
        _concept("p.sh", "上海", kind=ConceptKind.PLACE, jurisdiction="cn-sh"),
        _concept("o.sh", "上海市人民政府", kind=ConceptKind.AUTHORITY, jurisdiction="cn-sh"),
    ]
    assert [found[0] for found in _found(concepts, "上海市人民政府和上海")] == ["o.sh", "p.sh"]


def test_masks_hide_everything_inside_them() -> None:
    """世界人工智能大会 is an event, not artificial intelligence."""
    concepts = [
        _concept("t.ai", "人工智能"),
        _concept("m.event", "世界人工智能大会", kind=ConceptKind.MARKET, signal="exhibition", masks=True),
    ]
    assert [found[0] for found in _found(concepts, "世界人工智能大会谈人工智能")] == ["m.event", "t.ai"]


@given(st.text(alphabet="区塊链算法预AIai区的s -.，人工智能上海市政府ｗｅｂ3WEB", max_size=60))
def test_offsets_point_at_a_name_of_the_concept(matcher: LexiconMatcher, text: str) -> None:
    """What stands at a hit's offsets folds to one of the concept's names, give or take a plural."""
    for hit in matcher.find(text):
        surface = fold(text[hit.start : hit.end])
        names = {fold(name.removeprefix("=")) for name in hit.concept.names}
        assert surface in names | {name[:-1] + "ies" for name in names if name.endswith("y")}


@given(st.text(max_size=200))
def test_any_text_can_be_searched(matcher: LexiconMatcher, text: str) -> None:
    """Hits come in order and lie within the text."""
    hits = matcher.find(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


@pytest.mark.parametrize(
    ("text", "concept", "is_found"),
    [
        ("预算法实施条例", "tech.algorithm", False),
        ("算法推荐管理规定", "tech.algorithm-rec", True),
        ("完善产业链供应链", "tech.blockchain", False),
        ("a chain store", "tech.blockchain", False),
        ("以太网交换机", "tech.ether", False),
        ("Ethernet switches", "tech.ether", False),
        ("数字人民币试点", "tech.digital-human", False),
        ("无人驾驶航空器", "tech.autonomous-driving", False),
        ("在30 sec内", "org.us.sec", False),
        ("證監會公布", "org.hk.sfc", True),
        ("證監會公布", "org.cn.csrc", False),
        ("证监会公布", "org.cn.csrc", True),
        ("中国电信推出套餐", "place.cn", False),
        ("let us go", "place.us", False),
    ],
)  # fmt: skip
def test_shipped_guards(matcher: LexiconMatcher, text: str, concept: str, is_found: bool) -> None:
    """The traps of the field do not spring."""
    assert (concept in {hit.concept.id for hit in matcher.find(text)}) is is_found
