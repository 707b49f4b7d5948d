"""Tests of the rows that a model is fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.fit_design import RELEVANT_SHARE, Example, Row, balanced, choose_runs, make_problem, make_rows
from classifier.weights import FEATURES
from core.classification import Document
from core.source import Voice

if TYPE_CHECKING:
    from classifier.lexicon_classifier import LexiconClassifier


def _example(title: str, text: str = "", *, relevant: bool = True, story: str = "s") -> Example:
    return Example(document=Document(title=title, text=text, voice=Voice.AUTHORITY), relevant=relevant, story=story)


def _row(example: int, *, relevant: bool = True, runs: frozenset[str] = frozenset(), is_whole: bool = True) -> Row:
    return Row(
        example=example, strengths={"act.title": 0.5}, runs=runs, relevant=relevant, importance=1.0, is_whole=is_whole
    )


def test_an_example_is_seen_with_and_without_its_source(judge: LexiconClassifier) -> None:
    """Half its weight knows the voice, half does not, and a telling title counts alone too."""
    (rows,) = make_rows([_example("工信部印发区块链指导意见", "意见提出三项任务。" * 9)], judge.read)
    assert [("authority-voice" in row.strengths, row.importance) for row in rows] == [
        (True, 0.5), (False, 0.5), (False, 0.25)]  # fmt: skip
    assert [row.is_whole for row in rows] == [True, False, False]
    assert "form.title-only" in rows[2].strengths


def test_a_teasing_title_is_not_trained_on_alone(judge: LexiconClassifier) -> None:
    """Nobody could tell from it; of what is not relevant every title is."""
    text = "工信部印发区块链指导意见。" * 9
    relevant, other = make_rows([_example("这回动真格了", text), _example("今天天气", relevant=False)], judge.read)
    assert len(relevant) == 2
    assert len(other) == 3


def test_balance_gives_the_wanted_share() -> None:
    """The others are weighed so that two in five of the whole are relevant."""
    rows = balanced([_row(0), _row(1), _row(2, relevant=False)])
    relevant = sum(row.importance for row in rows if row.relevant)
    assert relevant / sum(row.importance for row in rows) == pytest.approx(RELEVANT_SHARE)
    assert balanced([_row(0)]) == [_row(0)]


def test_runs_need_items_and_stories() -> None:
    """What one event repeats is its own; views that are not whole do not count."""
    stories = ["a", "a", "b", "c", "a"]
    rows = [_row(index, runs=frozenset({"common", "twice"} if index < 2 else {"common"})) for index in range(4)]
    assert choose_runs(rows, stories) == ("common",)
    assert choose_runs([_row(index, runs=frozenset({"x"}), is_whole=False) for index in range(4)], stories) == ()
    assert choose_runs([_row(index, runs=frozenset({"x"})) for index in (0, 1, 4, 0)], stories) == ()


def test_rows_become_arrays() -> None:
    """Strengths stand in their columns, runs are divided by the root of their number."""
    problem = make_problem([_row(0, runs=frozenset({"x", "y", "unknown"})), _row(1)], ("x", "y", "z"))
    assert problem.features.shape == (2, len(FEATURES))
    assert problem.features[0, FEATURES.index("act.title")] == 0.5
    assert problem.features.sum() == 1.0
    assert problem.wording.toarray().round(3).tolist() == [[0.707, 0.707, 0.0], [0.0, 0.0, 0.0]]
    assert problem.relevant.tolist() == [True, True]
