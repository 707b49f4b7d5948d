"""Tests of splitting documents into zones and clauses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.matching import LexiconMatcher
from classifier.reading import MAX_TEXT, read_document
from core.classification import Document, Zone
from core.lexicon import Concept, ConceptKind, Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier.reading import Reading


@pytest.fixture(scope="module")
def unconditional(lexicon: Lexicon) -> LexiconMatcher:
    """Return a matcher of what is found without other words beside it."""
    return LexiconMatcher(replace(lexicon, concepts=tuple(c for c in lexicon.concepts if not c.only_with)))


@given(st.text(max_size=80), st.text(max_size=400))
def test_clauses_lie_in_order_and_hold_every_hit(unconditional: LexiconMatcher, title: str, text: str) -> None:
    """No hit is lost between clauses, and each lies where its clause begins or later."""
    reading = read_document(Document(title=title, text=text), unconditional)
    hits = [hit for clause in reading.clauses for hit in clause.hits]
    assert len(hits) == len(unconditional.find(reading.title)) + len(unconditional.find(text))
    assert all(clause.start <= hit.start < clause.end for clause in reading.clauses for hit in clause.hits)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Officials spoke of bitcoin.", {"tech.coins", "tech.bitcoin"}),
        ("Officials spoke of the purse.", set()),
        ("More coins.", set()),
        ("Officials spoke of robots.", {"tech.robots"}),
    ],
)
def test_a_name_that_needs_company_counts_beside_its_field_only(text: str, found: set[str]) -> None:
    """An unconditional name of one of the topics, anywhere in the document, bears it out; it cannot do so itself."""
    kind = ConceptKind.TECHNOLOGY
    coins = Concept(
        id="tech.coins", kind=kind, en=("coins",), topics=("virtual-assets",), only_with=("virtual-assets",)
    )
    bitcoin = Concept(id="tech.bitcoin", kind=kind, en=("bitcoin",), topics=("virtual-assets",))
    robots = Concept(id="tech.robots", kind=kind, en=("robots",), topics=("robotics",))
    matcher = LexiconMatcher(Lexicon(concepts=(coins, bitcoin, robots), version="1"))
    reading = read_document(Document(title="New rule for coins", text=text), matcher)
    assert {hit.concept.id for clause in reading.clauses for hit in clause.hits} == found


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("元宇宙_东方网", "元宇宙_东方网"),
        ("上海市人民政府印发元宇宙行动方案_东方网", "上海市人民政府印发元宇宙行动方案"),
        ("关于人工智能发展的若干意见 - 政策 - 某网", "关于人工智能发展的若干意见"),
        ("上海市低空经济产业发展行动方案-新华网", "上海市低空经济产业发展行动方案"),
        ("上海市低空经济产业行动方案（2024-2027年）", "上海市低空经济产业行动方案（2024-2027年）"),
        ("Shanghai issues plan for low-altitude economy", "Shanghai issues plan for low-altitude economy"),
        ("Exchanges drop users — and what the paper says", "Exchanges drop users — and what the paper says"),
        ("SEC sues exchange over tokens | Reuters", "SEC sues exchange over tokens"),
        ("快讯 | 上海发布区块链行动方案", "快讯 | 上海发布区块链行动方案"),
    ],
)
def test_site_names_behind_titles_are_left_out(title: str, kept: str, read: Callable[..., Reading]) -> None:
    """What follows a separator late in the title is the site's name."""
    assert read(title).title == kept


def test_zones_of_a_chinese_text(read: Callable[..., Reading]) -> None:
    """The lead ends with the clause that passes its length."""
    text = "上海发布方案。" * 40 + "北京跟进。"
    reading = read("标题", text)
    lead, body = reading.zone(Zone.LEAD), reading.zone(Zone.BODY)
    assert 220 < lead[-1].end <= 230
    assert body[-1].of(ConceptKind.PLACE)[0].concept.id == "place.cn-bj"


def test_latin_sentences_are_split_after_small_letters_only(read: Callable[..., Reading]) -> None:
    """`U.S. agency` is one clause; a full stop before a capital ends one."""
    text = "The U.S. Securities and Exchange Commission sued. The company denied it."
    assert len(read("T", text).zone(Zone.LEAD)) == 2


def test_book_titles_are_known(read: Callable[..., Reading]) -> None:
    """A hit between 《 and 》 is in a paper's name."""
    reading = read("《元宇宙行动方案》发布", "《人工智能管理办法》施行，人工智能发展。")
    title, lead = reading.zone(Zone.TITLE)[0], reading.zone(Zone.LEAD)[0]
    first, second = lead.of(ConceptKind.TECHNOLOGY)
    assert reading.is_in_book_title(Zone.TITLE, title.of(ConceptKind.TECHNOLOGY)[0])
    assert reading.is_in_book_title(Zone.LEAD, first)
    assert not reading.is_in_book_title(Zone.LEAD, second)


def test_very_long_texts_are_cut(read: Callable[..., Reading]) -> None:
    """Reading costs no more than its bound."""
    assert len(read("T", "字" * (MAX_TEXT + 5)).text) == MAX_TEXT


def test_opening_is_the_first_clause_of_the_text(read: Callable[..., Reading]) -> None:
    """The title is not the opening, and without a text there is none."""
    reading = read("标题", "第一句。第二句。")
    assert reading.opening is reading.zone(Zone.LEAD)[0]
    assert read("标题").opening is None


def test_empty_document(read: Callable[..., Reading]) -> None:
    """Nothing gives no clauses."""
    assert read("", "").clauses == ()
