"""Tests of parting titles into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.folding import fold
from classifier.glossary import Word, build_glossary
from classifier.segmenting import segment
from core.lexicon import Lexicon

GLOSSARY = build_glossary(Lexicon(concepts=(), version="x"))


def words(title: str) -> list[str]:
    """Return the English of every word."""
    return [token.term.english for token in segment(fold(title), title, GLOSSARY)]


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("高质量发展", ["high-quality development"]),
        ("2023—2025年", ["2023–2025"]),
        ("2025年8月10日", ["10 August 2025"]),
        ("8月10日前", ["before 10 August"]),
        ("五月起", ["from May"]),
        ("2024年", ["2024"]),
        ("2022版", ["2022 edition"]),
        ("第三批", ["3rd batch"]),
        ("第21届", ["21st"]),
        ("第11次", ["11th"]),
        ("第57号", ["No. 57"]),
        ("30亿元", ["3 billion yuan"]),
        ("500万美元", ["5 million US dollars"]),
        ("2万亿元", ["2 trillion yuan"]),
        ("3万", ["30,000"]),
        ("1,200元", ["1,200 yuan"]),
        ("二十条", ["20-point"]),
        ("三项", ["3"]),
        ("等十部门", ["and others (10 bodies)"]),
        ("5G", ["5G"]),
        ("通知，鱻麤", ["notice", ",", "鱻麤"]),
    ],
)
def test_words(title: str, english: list[str]) -> None:
    """Long words win, dates and amounts are written the English way, the unknown stays together."""
    assert words(title) == english


@given(title=st.text(st.sampled_from("关于促进人工智能产业2023年第三批，鱻 AI月日元万亿十"), max_size=40))
def test_nothing_is_lost(title: str) -> None:
    """Words cover a title from end to end without gaps, and the unknown ones are its own characters."""
    tokens = segment(fold(title), title, GLOSSARY)
    ends = [0, *(token.end for token in tokens)]
    assert [token.start for token in tokens] == ends[:-1]
    assert ends[-1] == len(title)
    assert all(title[t.start : t.end] == t.term.english for t in tokens if t.term.word is Word.UNKNOWN)
