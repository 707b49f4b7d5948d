"""Reads a model's answer: lenient about what stands around the JSON, strict about what is in it. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from classifier.opinion.cleaning import clean_answer
from core.classification import ACTS, TOPICS
from core.opinion import SUMMARY_LINES, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.opinion import Question

_MAX_OBJECTS = 200
"""Opening braces that are tried in one answer."""
_MAX_TOPICS = 6
_MAX_REASON = 240
_MAX_TRANSLATION = 300
_MAX_SUMMARY = 240
"""Characters of one line."""


def read_answers(content: str, code: str, questions: Sequence[Question]) -> tuple[Opinion | None, ...] | None:
    """Return the opinions in an answer, one a question, None for those that lack a usable one.

    Only an object that carries the request's code is an answer: what a model copied out of a page has none.

    Args:
        content: What the model wrote.
        code: The request's code.
        questions: What was asked, in order.

    Returns:
        The opinions; None when there is no such object at all.
    """
    found = [value for value in _objects(content) if value.get("code") == code]
    if not found:
        return None
    answers = _by_page(found[-1].get("answers"))
    return tuple(_opinion(answers.get(number), question) for number, question in enumerate(questions, start=1))


def _objects(content: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in a text, in order, those within another left out."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    position = content.find("{")
    for _ in range(_MAX_OBJECTS):
        if position < 0:
            return
        try:
            value, end = decoder.raw_decode(content, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            yield value
        position = content.find("{", end)


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _by_page(answers: object) -> Mapping[int, dict[str, Any]]:
    """Return the answers by page number; the first of a page counts."""
    by_page: dict[int, dict[str, Any]] = {}
    for answer in answers if isinstance(answers, list) else ():
        if isinstance(answer, dict) and isinstance(page := answer.get("page"), int) and not isinstance(page, bool):
            by_page.setdefault(page, answer)
    return by_page


def _opinion(answer: Mapping[str, Any] | None, question: Question) -> Opinion | None:
    if answer is None:
        return None
    relevant, confidence = answer.get("relevant"), _share(answer.get("confidence"))
    if not isinstance(relevant, bool) or confidence is None:
        return None
    topics = answer.get("topics")
    act = answer.get("act")
    return Opinion(
        relevant=relevant,
        confidence=confidence,
        topics=_known(topics if isinstance(topics, list) else ()),
        act=act if isinstance(act, str) and act in ACTS else "none",
        reason=_words(answer.get("reason"), _MAX_REASON),
        translation=_words(answer.get("translation"), _MAX_TRANSLATION) if question.translate else "",
        summary=_summary(answer.get("summary")) if question.translate else (),
    )


def _share(value: object) -> float | None:
    """Return a number from 0 to 1, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def _known(topics: Sequence[object]) -> tuple[str, ...]:
    known = dict.fromkeys(topic for topic in topics if isinstance(topic, str) and topic in TOPICS)
    return tuple(known)[:_MAX_TOPICS]


def _words(value: object, limit: int) -> str:
    return clean_answer(value, limit) if isinstance(value, str) else ""


def _summary(value: object) -> tuple[str, ...]:
    """Return at most two lines of an array of lines, or of a text with line breaks."""
    parts = value.splitlines() if isinstance(value, str) else value if isinstance(value, list) else ()
    lines = (_words(part, _MAX_SUMMARY) for part in parts[: 4 * SUMMARY_LINES])
    return tuple(line for line in lines if line)[:SUMMARY_LINES]
