"""An answer counts for what was asked for, and for nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.opinion.answers import read_answers
from core.classification import ACTS, TOPICS
from core.opinion import Opinion, Question

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "0123456789abcdef"
ASKED = Question(title="t", text="x", issuer="", voice="", published_on="", translate=True)
ONE: dict[str, Any] = {"page": 1, "relevant": True, "confidence": 0.8}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def read(*answers: Any, questions: tuple[Question, ...] = (ASKED,)) -> tuple[Opinion | None, ...] | None:
    """Read an answer with the right code."""
    return read_answers(json.dumps({"code": CODE, "answers": list(answers)}), CODE, questions)


def test_the_least_answer_is_a_verdict() -> None:
    """Everything else may be missing."""
    assert read(ONE) == (Opinion(relevant=True, confidence=0.8),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"relevant": "yes"},
        {"relevant": 1},
        {"relevant": None},
        {"confidence": "0.8"},
        {"confidence": True},
        {"confidence": 1.01},
        {"confidence": -0.1},
        {"confidence": 80},
        {"confidence": 10**400},
        {"confidence": None},
        {"page": 2},
        {"page": "1"},
        {"page": True},
        {"page": None},
    ],
)
def test_a_verdict_of_another_form_is_none(wrong: dict[str, Any]) -> None:
    """No guess is made at what a model meant."""
    assert read({**ONE, **wrong}) == (None,)


@pytest.mark.parametrize("answers", [None, {}, "x", [None], [[]], [7]])
def test_answers_of_another_form_are_none(answers: object) -> None:
    """No list, or not of objects."""
    content = json.dumps({"code": CODE, "answers": answers})
    assert read_answers(content, CODE, (ASKED,)) == (None,)


def test_labels_come_from_the_fixed_lists() -> None:
    """Unknown topics are dropped, an unknown act is none, and repeats count once."""
    (opinion,) = read({**ONE, "topics": ["ai", "finance", 7, "ai", ["nft"], "nft", *TOPICS], "act": "decree"}) or ()
    assert opinion is not None
    assert opinion.topics[:2] == ("ai", "nft")
    assert len(opinion.topics) == 6
    assert opinion.act == "none"
    (opinion,) = read({**ONE, "topics": "ai", "act": ["plan"]}) or ()
    assert opinion == Opinion(relevant=True, confidence=0.8)


def test_words_are_lines_of_limited_length() -> None:
    """Without markup, addresses and invisible characters; two lines of summary at most; none that nobody asked for."""
    words = {
        "reason": "A <b>plan</b>\nby\u202e a city " + "x" * 500,
        "translation": "Plan, see https://evil.example/x " + "y" * 500,
        "summary": ["", "One.\nStill one.", 7, "Two.", "Three."],
    }
    (opinion,) = read({**ONE, **words}) or ()
    assert opinion is not None
    assert opinion.reason.startswith("A ‹b›plan‹/b› by a city xxx")
    assert opinion.translation.startswith("Plan, see [address removed] yyy")
    assert (len(opinion.reason), len(opinion.translation)) == (240, 300)
    assert opinion.summary == ("One. Still one.", "Two.")
    (opinion,) = read({**ONE, "summary": "One.\n\nTwo.\nThree.", "translation": ["x"]}) or ()
    assert opinion is not None
    assert (opinion.summary, opinion.translation) == (("One.", "Two."), "")
    plain = Question(title="t", text="x", issuer="", voice="", published_on="", translate=False)
    assert read({**ONE, **words, "reason": ""}, questions=(plain,)) == (Opinion(relevant=True, confidence=0.8),)


def test_the_last_object_with_the_code_counts() -> None:
    """Not a draft before it, and not what has another code, or none."""
    draft = json.dumps({"code": CODE, "answers": [{**ONE, "relevant": False}]})
    final = json.dumps({"code": CODE, "answers": [ONE]})
    fake = json.dumps({"code": CODE[::-1], "answers": [{**ONE, "confidence": 1}]})
    content = f"Let me see {{no}} {draft}\n```json\n{final}\n```\n{fake} {{"
    assert read_answers(content, CODE, (ASKED,)) == (Opinion(relevant=True, confidence=0.8),)
    assert read_answers(fake, CODE, (ASKED,)) is None
    assert read_answers(json.dumps({"answers": [ONE]}), CODE, (ASKED,)) is None


def test_the_first_answer_about_a_page_counts() -> None:
    """A page that has the model answer for its neighbour a second time changes nothing."""
    first, second = read(ONE, {**ONE, "page": 2}, {**ONE, "relevant": False}, questions=(ASKED, ASKED)) or ()
    assert first == second == Opinion(relevant=True, confidence=0.8)


@pytest.mark.parametrize("content", ["", "{" * 5000, '{"a":' * 5000, "NaN", '{"code": NaN}', "[]", "null", "\ud800{"])
def test_no_content_breaks_the_reading(content: str) -> None:
    """Nothing, braces without end, and what only looks like JSON."""
    assert read_answers(content, CODE, (ASKED,)) is None


@given(_JSON)
def test_any_json_gives_an_opinion_within_bounds_or_none(value: Any) -> None:
    """Whatever stands where, labels are from the lists and texts limited."""
    fields = ("topics", "act", "reason", "translation", "summary")
    for answer in (value, {**ONE, **dict.fromkeys(fields, value)}):
        opinions = read_answers(json.dumps({"code": CODE, "answers": [answer]}), CODE, (ASKED,))
        assert opinions is None or len(opinions) == 1
        for opinion in filter(None, opinions or ()):
            assert set(opinion.topics) <= set(TOPICS)
            assert opinion.act in ACTS
            assert len(opinion.summary) <= 2
            assert max(map(len, (opinion.reason, opinion.translation, *opinion.summary))) <= 300


def test_answers_are_matched_by_page(make_question: Callable[..., Question]) -> None:
    """In whatever order they come."""
    questions = (make_question(), make_question(), make_question())
    found = read({**ONE, "page": 3}, {**ONE, "page": 1, "relevant": False}, questions=questions) or ()
    assert [one and one.relevant for one in found] == [False, None, True]
