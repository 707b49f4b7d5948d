"""Tests of writing out patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.lexicon_patterns import PatternEntry, expand_members, read_patterns

if TYPE_CHECKING:
    from config.lexicon_patterns import Pattern
    from config.yamlfile import KeyPath

CITY: dict[str, object] = {
    "city": {
        "government": {"zh": ["{full}政府"], "en": ["{en} government"], "rank": "city"},
        "data": {
            "zh": ["{full}数据局", "{short}数据局"],
            "parent": "{id}.government",
            "former": [{"zh": "{full}信息办"}],
        },
    }
}
WORDS = {"full": "温州市", "short": "温州", "en": "Wenzhou"}


def _expand(member: object, patterns: object = None) -> tuple[list[PatternEntry], list[str]]:
    faults: list[str] = []

    def fault(path: KeyPath, message: str) -> None:
        faults.append(f"{'.'.join(map(str, path))}: {message}")

    known: dict[str, Pattern] = {}
    read_patterns(CITY if patterns is None else patterns, known, fault)
    members = {"org.wz": member} if isinstance(member, dict | str) else member
    return list(expand_members(members, known, fault)), faults


def test_a_member_becomes_a_concept_for_each_body() -> None:
    """Words are put into names, former names and parents; `with` goes to each."""
    entries, faults = _expand({"pattern": "city", "words": WORDS, "with": {"jurisdiction": "cn-zj"}})
    assert faults == []
    assert [entry.concept_id for entry in entries] == ["org.wz.government", "org.wz.data"]
    assert entries[1].entry == {
        "jurisdiction": "cn-zj",
        "zh": ["温州市数据局", "温州数据局"],
        "parent": "org.wz.government",
        "former": [{"zh": "温州市信息办"}],
    }
    assert entries[1].path == ("members", "org.wz")


def test_a_member_can_differ_from_its_pattern() -> None:
    """`but` replaces keys of one body, or leaves it out; its faults are told there."""
    but = {"government": {"enabled": False}, "data": {"zh": ["{full}大数据局"]}}
    entries, faults = _expand({"pattern": "city", "words": WORDS, "but": but})
    assert faults == []
    [entry] = entries
    assert entry.entry["zh"] == ["温州市大数据局"]
    assert entry.path == ("members", "org.wz", "but", "data")


def test_a_number_is_a_word_too() -> None:
    """Whatever stands for a word is written as text, and other values stay as they are."""
    entries, faults = _expand(
        {"pattern": "p", "words": {"full": 7}}, {"p": {"a": {"zh": ["{full}号院"], "weight": 0.5}}}
    )
    assert faults == []
    assert entries[0].entry == {"zh": ["7号院"], "weight": 0.5}


@pytest.mark.parametrize(
    ("member", "fault"),
    [
        ("city", "members.org.wz: must be a mapping such as {pattern: city"),
        ({"pattern": "citi"}, "members.org.wz.pattern: 'citi' is no pattern; did you mean `city`?"),
        ({"patern": "city"}, "members.org.wz.patern: is not known; did you mean `pattern`?"),
        ({"pattern": "city", "zzzz": 1}, "members.org.wz.zzzz: is not known; known: but, pattern, with, words"),
        ({"pattern": "city", "words": ["x"]}, "members.org.wz.words: must be a mapping"),
        ({"pattern": ["city"]}, "members.org.wz.pattern: \"['city']\" is no pattern"),
        (
            {"pattern": "city", "words": WORDS, "but": {"dta": {}}},
            "members.org.wz.but.dta: is no body of this pattern; did you mean `data`?",
        ),
        (
            {"pattern": "city", "words": WORDS, "but": {"data": "x"}},
            "members.org.wz.but.data: must be a mapping of what is different",
        ),
        (
            {"pattern": "city", "words": {"full": "x", "short": "x"}},
            "members.org.wz: lacks the word 'en' that its pattern asks for",
        ),
        ([1], "members: must hold members by the first part of their ids"),
    ],
)
def test_faults_of_members(member: object, fault: str) -> None:
    """Each is told at its key."""
    faults = _expand(member)[1]
    assert any(told.startswith(fault) for told in faults), faults


@pytest.mark.parametrize(
    ("patterns", "fault"),
    [
        ([1], "patterns: must hold bodies by the name of their pattern"),
        ({"city": [1]}, "patterns.city: must hold bodies, such as"),
        ({"city": {"data": 1}}, "patterns.city: must hold bodies, such as"),
    ],
)
def test_faults_of_patterns(patterns: object, fault: str) -> None:
    """A pattern that is none is told, and is not known afterwards."""
    faults = _expand({"pattern": "city"}, patterns)[1]
    assert faults[0].startswith(fault)
    assert "is no pattern" in faults[1]
